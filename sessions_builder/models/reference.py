"""Reference data staff edit in the admin: what a brief can name, and how the variants are written."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


def _short_texts(help_text: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=120), default=list, blank=True, help_text=help_text)


class Listed(models.Model):
    """Something authors choose from a list: named, ordered, and switched off rather than deleted once it was used."""

    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True, help_text="Only active entries are offered to authors.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in lists; equal positions sort by name.")

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["position", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("name"),
                name="%(class)s_name_unique",
                violation_error_message="There is already an entry with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Category(Listed):
    """What a session is about. Aliases are other names the same category has in a knowledge base."""

    aliases = _short_texts(
        "Other names of this category, comma separated; a source filed under one of them counts as a match."
    )

    class Meta(Listed.Meta):
        verbose_name_plural = "categories"

    def answers_to(self, name: str) -> bool:
        """Whether `name` is this category's name or one of its aliases, whatever the capitals."""
        wanted = name.strip().casefold()
        return wanted in {known.casefold() for known in (self.name, *self.aliases)}


class Audience(Listed):
    """Who is in the room, and how to talk to them."""

    experience_level = models.CharField(max_length=120, blank=True)
    technical_depth = models.PositiveSmallIntegerField(
        default=3, validators=ONE_TO_FIVE, help_text="1 everyday words only … 5 expert detail."
    )
    communication_style = models.CharField(max_length=200, blank=True)
    vocabulary_level = models.CharField(max_length=120, blank=True)
    example_types = models.CharField(max_length=200, blank=True, help_text="Which examples land with these people.")
    avoid_topics = _short_texts("What not to bring up with this audience, comma separated.")
    instructions = models.TextField(max_length=1000, blank=True)

    class Meta(Listed.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Listed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(technical_depth__range=(1, 5)), name="audience_technical_depth_one_to_five"
            ),
        ]


class Tone(Listed):
    """How the material sounds."""

    style = models.CharField(max_length=200, blank=True)
    formality = models.PositiveSmallIntegerField(
        default=3, validators=ONE_TO_FIVE, help_text="1 very informal … 5 very formal."
    )
    energy = models.CharField(max_length=120, blank=True, help_text="For example calm, steady or energetic.")
    example_phrases = _short_texts("Phrases that show the tone, comma separated.")
    instructions = models.TextField(max_length=1000, blank=True)

    class Meta(Listed.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Listed.Meta.constraints,
            models.CheckConstraint(condition=Q(formality__range=(1, 5)), name="tone_formality_one_to_five"),
        ]


class VariantProfile(models.Model):
    """How one variant is presented and written; its number fixes weight and arc, 0 is the Standard Outline."""

    number = models.PositiveSmallIntegerField(unique=True, editable=False)
    label = models.CharField(max_length=80)
    description = models.CharField(max_length=300, help_text="What authors read under the label.")
    instruction = models.TextField(max_length=2000, help_text="What the writing model is told about this variant.")

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(number__range=(0, 4)), name="variantprofile_number_0_to_4"),
        ]

    def __str__(self) -> str:
        return self.label
