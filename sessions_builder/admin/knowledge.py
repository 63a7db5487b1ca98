"""The built-in knowledge base: staff write, upload, archive and re-index documents here."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from sessions_builder.admin.trials import trial_page
from sessions_builder.errors import InvalidInput
from sessions_builder.knowledge.chunking import VERSION
from sessions_builder.knowledge.ingest import READERS, check_size, index, outdated, store, text_of
from sessions_builder.models import KnowledgeDocument


class DocumentForm(forms.ModelForm):
    """A document, written in the form or taken from a file; a file replaces the text."""

    file = forms.FileField(
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=f"{', '.join(READERS)}; its text replaces the body.",
    )

    class Meta:
        model = KnowledgeDocument
        fields = ("title", "category", "status", "keywords", "updated_at", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever uploads a file has no body yet; clean() asks for one of the two.
        if "body" in self.fields:
            self.fields["body"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload:
            try:
                check_size(upload.size)
                cleaned["body"] = text_of(upload.name, upload.read())
            except InvalidInput as error:
                raise ValidationError({"file": error.message}) from error
            self.instance.source_filename = PurePath(upload.name).name[:200]
        if "body" in self.fields and not cleaned.get("body", "").strip() and "file" not in self.errors:
            raise ValidationError({"body": "Write the text here or upload a file."})
        return cleaned


@admin.register(KnowledgeDocument)
class KnowledgeDocumentAdmin(ModelAdmin):
    form = DocumentForm
    list_display = ("title", "category", "status", "updated_at", "chunk_count", "up_to_date", "source_filename")
    list_filter = ("status", "category")
    search_fields = ("title", "body", "keywords")
    date_hierarchy = "updated_at"
    fields = ("title", "category", "status", "keywords", "updated_at", "file", "body", "source_filename", "checksum")
    readonly_fields = ("source_filename", "checksum")
    actions = ("reindex",)
    actions_list = ("try_search", "index_outdated")

    def get_queryset(self, request: HttpRequest) -> QuerySet[KnowledgeDocument]:
        documents: QuerySet[KnowledgeDocument] = super().get_queryset(request)
        return documents.annotate(chunk_total=Count("chunks"))

    @admin.display(description="Chunks", ordering="chunk_total")
    def chunk_count(self, document: KnowledgeDocument) -> int:
        """How many chunks a document was cut into."""
        total: int = document.chunk_total  # type: ignore[attr-defined]
        return total

    @admin.display(description="Index up to date", boolean=True, ordering="chunking")
    def up_to_date(self, document: KnowledgeDocument) -> bool:
        """Whether the chunks were cut by today's rules."""
        return document.chunking == VERSION

    def get_actions_list(self, request: HttpRequest) -> list[UnfoldAction]:
        """Indexing again is offered where there is something to be."""
        offered: list[UnfoldAction] = super().get_actions_list(request)
        return [one for one in offered if one.method.__name__ != "index_outdated" or outdated().exists()]

    def save_model(self, request: HttpRequest, obj: KnowledgeDocument, form: forms.ModelForm, change: bool) -> None:
        """Save through the ingest, so that what is found is always what is written."""
        store(obj)

    @action(description="Try a search", url_path="try", icon="search", permissions=["view"])
    def try_search(self, request: HttpRequest) -> HttpResponse:
        """What the retrieval finds for some words, hit by hit, whichever knowledge source is configured."""
        return trial_page(request, self.admin_site)

    @action(description="Index again", url_path="index-again", icon="refresh", permissions=["change"])
    def index_outdated(self, request: HttpRequest) -> HttpResponse:
        """Ask, and then make the chunks of all documents again that earlier rules cut."""
        back = reverse("admin:sessions_builder_knowledgedocument_changelist")
        count = outdated().count()
        if request.method == "POST" or not count:
            self.reindex(request, outdated())
            return redirect(back)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "count": count, "back": back}
        return render(request, "sessions_builder/index_again.html", {**context, "title": "Index again"})

    @admin.action(description="Index the selected documents again", permissions=["change"])
    def reindex(self, request: HttpRequest, documents: QuerySet[KnowledgeDocument]) -> None:
        """Make the chunks of the selected documents again."""
        made = [index(document) for document in documents]
        documents_made = f"{len(made)} document{'' if len(made) == 1 else 's'}"
        self.message_user(request, f"{documents_made} indexed, {sum(made)} chunks.", messages.SUCCESS)
