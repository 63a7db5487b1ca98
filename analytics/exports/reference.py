"""The columns of the exports as a document, so that the document cannot lie."""

from collections.abc import Iterable

from analytics.registry import Column, Dataset, Kind

KINDS = {
    Kind.TEXT: "text",
    Kind.CODE: "code",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.TIME: "time",
    Kind.JSON: "JSON",
}


def column_reference(datasets: Iterable[Dataset]) -> str:
    """Return the column reference of the datasets as Markdown."""
    return "\n".join(_section(dataset) for dataset in datasets)


def _section(dataset: Dataset) -> str:
    lines = [f"### `{dataset.name}`", "", "| column | kind | meaning |", "|---|---|---|"]
    lines += [_line(column, "") for column in dataset.columns]
    lines += [_line(column, " Only with `prompts=1`.") for column in dataset.private]
    return "\n".join(lines) + "\n"


def _line(column: Column, more: str) -> str:
    return f"| `{column.name}` | {KINDS[column.kind]} | {column.meaning}{more} |"
