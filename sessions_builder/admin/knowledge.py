"""The built-in knowledge base: staff write, upload, archive and re-index documents here."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from sessions_builder.admin.trials import trial_page
from sessions_builder.errors import InvalidInput
from sessions_builder.knowledge.ingest import READERS, check_size, index, store, text_of
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
    list_display = ("title", "category", "status", "updated_at", "chunk_count", "source_filename")
    list_filter = ("status", "category")
    search_fields = ("title", "body", "keywords")
    date_hierarchy = "updated_at"
    fields = ("title", "category", "status", "keywords", "updated_at", "file", "body", "source_filename", "checksum")
    readonly_fields = ("source_filename", "checksum")
    actions = ("reindex",)
    actions_list = ("try_search",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[KnowledgeDocument]:
        documents: QuerySet[KnowledgeDocument] = super().get_queryset(request)
        return documents.annotate(chunk_total=Count("chunks"))

    @admin.display(description="Chunks", ordering="chunk_total")
    def chunk_count(self, document: KnowledgeDocument) -> int:
        """How many chunks a document was cut into."""
        total: int = document.chunk_total  # type: ignore[attr-defined]
        return total

    def save_model(self, request: HttpRequest, obj: KnowledgeDocument, form: forms.ModelForm, change: bool) -> None:
        """Save through the ingest, so that what is found is always what is written."""
        store(obj)

    @action(description="Try a search", url_path="try", icon="search", permissions=["view"])
    def try_search(self, request: HttpRequest) -> HttpResponse:
        """What the retrieval finds for some words, hit by hit, whichever knowledge source is configured."""
        return trial_page(request, self.admin_site)

    @admin.action(description="Index the selected documents again", permissions=["change"])
    def reindex(self, request: HttpRequest, documents: QuerySet[KnowledgeDocument]) -> None:
        """Make the chunks of the selected documents again."""
        made = sum(index(document) for document in documents)
        self.message_user(request, f"{len(documents)} documents indexed, {made} chunks.", messages.SUCCESS)
