"""The words of redaction, from redacting.yaml: marks, sentences, and what numbers stand behind."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import yaml
from msgspec import Struct

FILE = Path(__file__).parent / "redacting.yaml"


class Names(Struct, frozen=True, forbid_unknown_fields=True):
    """What names of people are known by."""

    called: tuple[str, ...]
    being: tuple[str, ...]
    surnames: str
    traditional: str
    compound: tuple[str, ...]
    common: str
    after: tuple[str, ...]
    later: tuple[str, ...]
    never: tuple[str, ...]
    titles: str


class Addresses(Struct, frozen=True, forbid_unknown_fields=True):
    """What the address of a home is known by."""

    streets: tuple[str, ...]
    villages: tuple[str, ...]
    units: tuple[str, ...]
    telling: tuple[str, ...]
    never: tuple[str, ...]
    before: str


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in redacting.yaml; by kind where it is about one."""

    marks: dict[str, str]
    kinds: dict[str, str]
    sentences: dict[str, str]
    words: dict[str, tuple[str, ...]]
    lengths: dict[str, tuple[int, int]]
    names: Names
    addresses: Addresses


@cache
def words() -> Words:
    """The words, read once. Raises msgspec.ValidationError for a file that does not fit."""
    return msgspec.convert(yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader), Words)


def any_of(texts: tuple[str, ...]) -> str:
    """A pattern for one of some texts, the longest of those that begin alike."""
    return "|".join(sorted(texts, key=len, reverse=True))
