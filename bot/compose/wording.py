"""The sentences a person reads, by name, from wording.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "wording.yaml"


@cache
def sentences() -> dict[str, str]:
    """Every sentence by its name."""
    read: dict[str, str] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


def say(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return sentences()[name].format(**fields) if fields else sentences()[name]


def known(name: str) -> bool:
    """Whether there is a sentence of this name."""
    return name in sentences()
