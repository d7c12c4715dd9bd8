"""Sentences that a person reads, by name, as a YAML file holds them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


@cache
def sentences_of(file: Path) -> dict[str, str]:
    """Every sentence of a file by its name; read once."""
    read: dict[str, str] = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


def filled(sentence: str, fields: dict[str, object]) -> str:
    """A sentence with its blanks filled; without fields as it stands."""
    return sentence.format(**fields) if fields else sentence
