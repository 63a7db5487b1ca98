from django.core.validators import MinValueValidator
from django.db import models


class ModelPrice(models.Model):
    """What a model costs from a day on, in US dollars per million tokens; the newest day not after a call counts."""

    model = models.TextField(help_text="as the provider names it; a dated snapshot of it costs the same")
    valid_from = models.DateField(help_text="first whole UTC day this price is charged")
    input_usd = models.DecimalField(max_digits=10, decimal_places=4, validators=[MinValueValidator(0)])
    cached_usd = models.DecimalField(
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="input read from the provider's cache; empty: charged like other input",
    )
    output_usd = models.DecimalField(max_digits=10, decimal_places=4, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["model", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["model", "valid_from"], name="one_price_per_model_and_day")]

    def __str__(self) -> str:
        return f"{self.model} from {self.valid_from}"
