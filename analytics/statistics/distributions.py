"""The distribution functions needed. `scipy.special` has them without the second that `scipy.stats` takes to load."""

from scipy import special


def normal_quantile(probability: float) -> float:
    """Return the point below which a standard normal variable falls with this probability."""
    return float(special.ndtri(probability))


def normal_above(z: float) -> float:
    """Return the probability that a standard normal variable exceeds z."""
    return float(special.ndtr(-z))


def two_sided(z: float) -> float:
    """Return the two-sided p-value of a standard normal statistic."""
    return min(1.0, 2 * normal_above(abs(z)))


def student_quantile(probability: float, df: float) -> float:
    """Return the point below which Student's t with `df` degrees of freedom falls with this probability."""
    return float(special.stdtrit(df, probability))


def student_above(t: float, df: float) -> float:
    """Return the probability that Student's t with `df` degrees of freedom exceeds t."""
    return float(special.stdtr(df, -t))


def chi_square_above(statistic: float, df: int) -> float:
    """Return the probability that chi-square with `df` degrees of freedom exceeds the statistic."""
    return float(special.chdtrc(df, statistic))


def log_beta(a: float, b: float) -> float:
    """Return the logarithm of the beta function."""
    return float(special.betaln(a, b))
