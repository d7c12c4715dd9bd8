"""Addresses of e-mail, also where @ and the dots are written in other ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redacting.runs import Span

_LOCAL = re.compile(r" {0,2}[a-z0-9_+%-](?:[a-z0-9_+%.-]| (?=\.))*")  # read backwards
_DOMAIN = re.compile(r" {0,2}[a-z0-9-]{1,63}(?: ?[.。点點·] ?[a-z0-9-]{1,63}){1,5}")
_AT = re.compile(r"@|\(at\)|\[at\]| at ")
_LONGEST = 64  # characters before an @


def emails_in(text: str) -> Iterator[Span]:
    """The addresses in a plain form, left to right."""
    past = 0
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None or at.start() < past:
            continue
        before = text[max(past, at.start() - _LONGEST) : at.start()][::-1]
        if local := _LOCAL.match(before):
            past = domain.end()
            yield at.start() - local.end(), past, "email"
