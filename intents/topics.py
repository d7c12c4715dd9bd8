"""Topics: what people ask about, each with its phrasings, from this package and from the packs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
import yaml
from msgspec import Struct

from intents.errors import TopicError
from knowledge.pack import Library

TOPICS = Path(__file__).parent / "topics"
Polarity = Literal["yes", "no"]
_POLAR = re.compile(r"吗|(.)不\1|有没有")


class Topic(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that people ask about: how they put it, and which slots an answer needs.

    `marks` are features (cue:…, ask:…, slot:…) without any of which it is not asked about.
    `avoids` are slots that speak against the topic: who names a disease does not ask about all.
    `anyway` topics are answered whatever other benefit is named, `anywhere` ones for every place.
    `silent` is what to call a topic that no document speaks of: it is declined by that name.
    """

    id: str
    needs: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    avoids: tuple[str, ...] = ()
    anyway: bool = False
    anywhere: bool = False
    phrasings: tuple[str, ...] = ()
    silent: str | None = None


class Phrasing(Struct, frozen=True):
    """One way to ask: its topic, the pack entry that claims it, and its right first word."""

    text: str
    topic: str
    entry: str | None = None
    polarity: Polarity | None = None


def topics(folder: Path = TOPICS) -> tuple[Topic, ...]:
    """The topics of this package. Raises TopicError for a key or value that does not fit."""
    found: list[Topic] = []
    for file in sorted(folder.glob("*.yaml")):
        for row in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader):
            try:
                found.append(msgspec.convert(row, Topic))
            except msgspec.ValidationError as error:
                raise TopicError(file.name, str(row.get("id")), row, str(error)) from error
    return tuple(found)


def phrasings(library: Library, own: tuple[Topic, ...]) -> Iterator[Phrasing]:
    """Every phrasing of every topic, then those that the packs' entries claim."""
    for topic in own:
        for text in topic.phrasings:
            yield Phrasing(text, topic.id)
    for pack in library.packs:
        for faq in pack.faqs:
            entry = f"{pack.region.id}/{faq.id}"
            # A title put as a yes-or-no question is one of the phrasings with a yes or a no.
            heads = () if _POLAR.search(faq.title) and (faq.yes or faq.no) else (faq.title,)
            for text in (*heads, *faq.asks):
                yield Phrasing(text, faq.topic, entry)
            for text in faq.yes:
                yield Phrasing(text, faq.topic, entry, "yes")
            for text in faq.no:
                yield Phrasing(text, faq.topic, entry, "no")
