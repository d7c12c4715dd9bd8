"""The flat XML or JSON of WeChat and WeCom ↔ fields.

What comes is read strictly: no DTD, no entity, UTF-8 only, no field twice. What goes out cannot
leave the field that it was put into.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TypeVar
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

# What XML 1.0 cannot hold, not even written as a reference.
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Value = str | int
T = TypeVar("T")


class UnreadableError(Exception):
    """A body that is no message: neither the XML nor the JSON of the platform."""


def is_json(body: bytes) -> bool:
    """Whether a body is JSON: the console of the platform has it send one or the other."""
    return body.lstrip()[:1] == b"{"


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a body by name, XML or JSON. Raises UnreadableError."""
    try:
        text = body.decode("utf-8-sig")
        found = _of_json(text) if is_json(body) else _of_xml(text)
        "".join(found.values()).encode()  # JSON can hold halves of characters
    except (ValueError, ParseError, RecursionError, DefusedXmlException) as error:
        raise UnreadableError from error
    return found


def _of_xml(text: str) -> dict[str, str]:
    root = fromstring(text, forbid_dtd=True)
    if root.tag != "xml":
        raise UnreadableError
    # What lies deeper (the pictures of an event) is nothing that is answered.
    return _once([(part.tag, part.text or "") for part in root])


def _of_json(text: str) -> dict[str, str]:
    read = json.loads(text, object_pairs_hook=_once)
    flat = {name: value for name, value in read.items() if isinstance(value, Value)}
    return {name: str(value) for name, value in flat.items()}


def _once(pairs: list[tuple[str, T]]) -> dict[str, T]:
    """A field that stands twice has two meanings. Raises UnreadableError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise UnreadableError
    return found


def fit(text: str) -> str:
    """A text without what no message can hold."""
    return _UNFIT.sub("", text)


def xml(fields: Mapping[str, Value]) -> bytes:
    """Fields as the platform's XML: text in CDATA, numbers bare."""
    parts = (f"<{name}>{_written(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{''.join(parts)}</xml>".encode()


def _written(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    # The only thing that ends a CDATA section is parted over two of them.
    return f"<![CDATA[{fit(value).replace(']]>', ']]]]><![CDATA[>')}]]>"


def as_json(fields: Mapping[str, Value]) -> bytes:
    """Fields as JSON."""
    clean = {n: fit(value) if isinstance(value, str) else value for n, value in fields.items()}
    return json.dumps(clean, ensure_ascii=False).encode()
