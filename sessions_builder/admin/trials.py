"""The page on which staff try the retrieval."""

from __future__ import annotations

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse

from sessions_builder.models import Category
from sessions_builder.serializers.fields import several_lines
from sessions_builder.services.trials import Trial, retrieval_try

MOST_TOPICS = 12


class TrialForm(forms.Form):
    """What is looked for, in the words of a brief."""

    outcome = forms.CharField(label="Words or desired outcome", max_length=1000)
    category = forms.ModelChoiceField(Category.objects.filter(active=True), required=False, empty_label="Any")
    problem = forms.CharField(label="Current problem", max_length=1000, required=False)
    topics = forms.CharField(max_length=1500, required=False, help_text="Separated by semicolons.")
    avoid = forms.CharField(label="Topics to avoid", max_length=1500, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for name in ("outcome", "problem", "topics", "avoid"):
            try:
                several_lines(cleaned.get(name, ""))
            except ValueError as error:
                self.add_error(name, str(error))
        return cleaned


def trial_page(request: HttpRequest, site: AdminSite) -> TemplateResponse:
    """The form, and below it every hit with what its score is made of and why it was kept or not."""
    form = TrialForm(request.GET or None)
    trial = _tried(form) if form.is_bound and form.is_valid() else None
    context = {**site.each_context(request), "title": "Try a search", "form": form, "trial": trial}
    return TemplateResponse(request, "sessions_builder/trial.html", context)


def _tried(form: TrialForm) -> Trial:
    said = form.cleaned_data
    return retrieval_try(
        outcome=said["outcome"],
        category=said["category"],
        problem=said["problem"],
        topics=_listed(said["topics"]),
        avoid=_listed(said["avoid"]),
    )


def _listed(text: str) -> list[str]:
    return [topic for part in text.split(";") if (topic := part.strip()[:120])][:MOST_TOPICS]
