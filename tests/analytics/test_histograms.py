import math
import random
from collections import Counter

import pytest
from django.db import connection

from analytics.histograms import GAMMA, ZERO_BUCKET, bucket_of, quantile, value_of


@pytest.mark.parametrize("share", [0.5, 0.95])
@pytest.mark.parametrize("sigma", [0.1, 0.7, 2.0])
def test_it_works(share: float, sigma: float) -> None:
    draw = random.Random(1)
    values = sorted(draw.lognormvariate(9, sigma) for _ in range(2001))

    found = quantile(Counter(map(bucket_of, values)), share)

    assert found == pytest.approx(values[int(share * 2000)], rel=0.04)


@pytest.mark.parametrize("value", [0.001, 0.7, 1.0, 12.5, 25_000, 10**9])
def test_a_bucket_stands_for_its_values_within_three_percent(value: float) -> None:
    assert value_of(bucket_of(value)) == pytest.approx(value, rel=0.0301)


def test_nothing_and_zero() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({ZERO_BUCKET: 3, bucket_of(100): 1}, 0.5) == 0.0
    assert bucket_of(0) == ZERO_BUCKET


@pytest.mark.django_db
def test_postgresql_finds_the_same_bucket() -> None:
    values = [0.7, 1.0, 3.3, 1234.0, 25_000.5]
    with connection.cursor() as cursor:
        cursor.execute("SELECT ceil(ln(v) / ln(%s))::int FROM unnest(%s::float8[]) v", [GAMMA, values])
        found = [row[0] for row in cursor.fetchall()]

    assert found == [math.ceil(math.log(value) / math.log(GAMMA)) for value in values] == [bucket_of(v) for v in values]
