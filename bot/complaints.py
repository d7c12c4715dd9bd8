"""What does not fit in a request, as a sentence in Chinese: the field, and what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from bot.web import word

# How msgspec says what is wrong, and the name of our own sentence for it.
_FORMS = (
    (re.compile(r"Object missing required field `(?P<field>.+)`"), "lacking"),
    (re.compile(r"Object contains unknown field `(?P<field>.+)`"), "unknown"),
    (re.compile(r"Invalid enum value '?(?P<said>.*?)'?", re.DOTALL), "choice"),
    (re.compile(r"Expected `(?:int|float)` >= (?P<bound>-?\d+)(?:\.0)?"), "least"),
    (re.compile(r"Expected `(?:int|float)` <= (?P<bound>-?\d+)(?:\.0)?"), "most"),
    (re.compile(r"Expected `str` of length <= (?P<bound>\d+)"), "long"),
    (re.compile(r"Expected `str` of length >= (?P<bound>\d+)"), "short"),
    (re.compile(r"Expected `float` that's a multiple of 1(?:\.0)?"), "whole"),
    (re.compile(r"Invalid RFC3339 encoded date"), "date"),
    (re.compile(r"Expected `str` matching regex .*"), "amount"),  # nothing else has a pattern
    (re.compile(r"Expected `(?P<wanted>\w+)[^`]*`, got `\w+`"), "type"),
)


def complaint(error: msgspec.ValidationError, record: Any) -> tuple[str | None, str]:  # noqa: ANN401 - any Struct
    """The field that is wrong, if one is to blame, and what to do about it."""
    why, _, where = str(error).partition(" - at `$")
    key = where.strip("`.") or None
    for form, name in _FORMS:
        if found := form.fullmatch(why):
            fields = found.groupdict()
            return _said(name, fields, fields.get("field") or key, record)
    return key, word("wrong_otherwise", key=key or "")


def _said(
    name: str,
    fields: dict[str, str],
    key: str | None,
    record: Any,  # noqa: ANN401 - as above
) -> tuple[str | None, str]:
    known = dict(_fields(record))
    shown = {"key": key or word("wrong_body"), "known": word("wrong_and").join(known), **fields}
    if name == "choice":
        shown["known"] = word("wrong_and").join(_choices(known.get(key or "")))
    if name == "type":
        shown["wanted"] = word(f"type_{fields['wanted']}")
    return key, word(f"wrong_{name}", **shown)


def _fields(record: Any) -> Iterator[tuple[str, inspect.Type]]:  # noqa: ANN401 - as above
    """Every field of a record with its type."""
    found = inspect.type_info(record)
    if isinstance(found, inspect.StructType):
        for field in found.fields:
            yield field.encode_name, field.type


def _choices(field: inspect.Type | None) -> list[str]:
    """The values that a field takes, where they are counted."""
    types = field.types if isinstance(field, inspect.UnionType) else (field,)
    literals = [one for one in types if isinstance(one, inspect.LiteralType)]
    return [str(value) for one in literals for value in one.values]
