"""Every export leaves a row that says who took what, and a checksum to hold the file against."""

import hashlib
import zlib
from collections.abc import Generator
from contextlib import closing

import structlog
from django.contrib.auth.models import User
from django.utils import timezone

from analytics.counters import EXPORT_ROWS
from analytics.exports.stream import Progress, Selection, chunks
from analytics.models import Export, ExportState

log = structlog.get_logger(__name__)

GZIP = 16 + zlib.MAX_WBITS
GZIP_LEVEL = 5


def open_export(selection: Selection, user: User) -> Export:
    """Write down that an export begins, and return its row."""
    export = Export.objects.create(
        user_id=user.pk,
        username=user.get_username(),
        dataset=selection.dataset.name,
        format=selection.format.name,
        event_type=selection.event_type or "",
        period_start=selection.period.start,
        period_end=selection.period.end,
        demo=selection.demo,
        columns=[column.name for column in selection.columns],
        raw=selection.raw,
        prompts=selection.prompts,
    )
    log.info("Export started", exportId=str(export.id), dataset=export.dataset, raw=export.raw, prompts=export.prompts)
    return export


def audited(selection: Selection, export: Export) -> Generator[bytes, None, None]:
    """Yield the file and complete its row: finished, abandoned by the client, or broken. A failure is raised on."""
    digest, progress = hashlib.sha256(), Progress()
    state = ExportState.BROKEN
    try:
        with closing(chunks(selection, progress)) as stream:
            for chunk in stream:
                digest.update(chunk)
                export.size += len(chunk)
                yield chunk
        state = ExportState.FINISHED
    except GeneratorExit:
        state = ExportState.ABANDONED
        raise
    finally:
        export.state, export.rows, export.finished_at = state, progress.rows, timezone.now()
        export.sha256 = digest.hexdigest() if state == ExportState.FINISHED else ""
        export.save(update_fields=["state", "rows", "size", "sha256", "finished_at"])
        EXPORT_ROWS.inc(progress.rows)
        log.info("Export ended", exportId=str(export.id), state=str(state), rows=progress.rows)


def compressed(stream: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    """Yield the stream as gzip, closing it with itself."""
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP)
    with closing(stream):
        for chunk in stream:
            if packed := packer.compress(chunk):
                yield packed
        yield packer.flush()
