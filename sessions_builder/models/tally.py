from django.db import models


class SessionTally(models.Model):
    """How many training sessions of one UTC day are in one state; a trigger writes it with every change of a session.

    Rows of the same kind add up. Each change adds rows of its own, so that no two authors wait for the same one.
    """

    day = models.DateField(help_text="when the sessions were made")
    category = models.CharField(max_length=120)
    state = models.CharField(max_length=9)
    generated = models.BooleanField(help_text="made from a generation")
    n = models.IntegerField(help_text="negative where sessions left this state")

    def __str__(self) -> str:
        return f"{self.n} {self.state} of {self.day}"
