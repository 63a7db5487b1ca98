"""What every operation of the OpenAPI document has in common: how to authenticate, and the errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from sessions_builder.serializers.shapes import ErrorAnswer

ALWAYS = {"400": "The request cannot be read, or fields are wrong.", "405": "Unknown method.", "406": "JSON only."}
PROTECTED = {"401": "Not logged in.", "403": "Not allowed."}
WITH_PLACE = {"404": "Not there, or not yours."}
WITH_BODY = {"413": "Body above 256 kB.", "415": "The body is not application/json."}
OF_WRITES = {
    "409": "It has changed or ended in the meantime.",
    "422": "The Idempotency-Key came with another body before.",
}
BUSY = {"429": "Too many requests or unfinished generations.", "503": "Not available right now."}
LOCAL = "#/$defs/"
ASKED = "Input"
"""Added to the names of what requests carry: answers define some of the same names with more fields."""
METHODS = ("get", "post", "put", "patch", "delete")


class BearerScheme(OpenApiAuthenticationExtension):
    """Our tokens in the document's terms."""

    target_class = "sessions_builder.authentication.BearerTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the error answers to every operation that does not describe them itself (a post-processing hook)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schema = ErrorAnswer.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
    schemas.update(schema.pop("$defs", {}))
    schemas[ErrorAnswer.__name__] = schema
    for path, method, operation in _operations(result):
        for status, sentence in _errors_of(path, method, operation).items():
            operation["responses"].setdefault(status, _described(sentence))
    return result


def gather_definitions(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Move definitions that came inside a body to the components, where generators of clients look for them."""
    schemas = result["components"]["schemas"]
    for _, _, operation in _operations(result):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            whole = media.get("schema", {})  # of the view, which is asked again for the next document
            definitions = whole.get("$defs", {})
            names = {name: f"{name}{ASKED}" for name in definitions}
            media["schema"] = _renamed({key: value for key, value in whole.items() if key != "$defs"}, names)
            for name, definition in definitions.items():
                found = _renamed(definition, names)
                if schemas.setdefault(names[name], found) != found:
                    raise ValueError(f"Two bodies define {name} differently.")
    return result


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """The same piece of schema with `#/$defs/…` pointing to the components."""
    if isinstance(part, list):
        return [_renamed(item, names) for item in part]
    if not isinstance(part, dict):
        return part
    reference = part.get("$ref", "")
    if isinstance(reference, str) and reference.startswith(LOCAL):
        part = {**part, "$ref": f"#/components/schemas/{names[reference.removeprefix(LOCAL)]}"}
    return {key: _renamed(value, names) for key, value in part.items()}


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in result.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _errors_of(path: str, method: str, operation: dict[str, Any]) -> dict[str, str]:
    errors = ALWAYS | BUSY
    if {} not in operation.get("security", []) and operation.get("security"):
        errors |= PROTECTED
    if "{" in path:
        errors |= WITH_PLACE
    if method != "get":
        errors |= WITH_BODY | OF_WRITES
    return errors


def _described(sentence: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{ErrorAnswer.__name__}"}
    return {"description": sentence, "content": {"application/json": {"schema": reference}}}
