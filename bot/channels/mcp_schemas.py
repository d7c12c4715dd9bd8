"""A record → its JSON schema, as the protocol wants it: an object with its definitions inside."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from bot.channels.mcp_wording import phrase_of
from bot.web import web_sentences

Schema = dict[str, Any]
_REF = "#/$defs/{name}"


def schema_of(record: type[Struct]) -> Schema:
    """The schema of a record in JSON Schema 2020-12, its fields described."""
    _, found = msgspec.json.schema_components([record], ref_template=_REF)
    for name, schema in found.items():
        _describe(name, schema)
    own = found.pop(record.__name__)
    return {**own, "$defs": dict(sorted(found.items()))} if found else own


def _describe(name: str, schema: Schema) -> None:
    """Say what a record and its fields mean, to who only sees the schema."""
    schema.pop("description", None)  # the docstring is for who reads the code
    if said := phrase_of(f"schema_{name}") or web_sentences().get(f"schema_{name}"):
        schema["description"] = said
    for key, field in schema.get("properties", {}).items():
        if said := phrase_of(f"field_{name}_{key}") or phrase_of(f"field_{key}"):
            field["description"] = said
