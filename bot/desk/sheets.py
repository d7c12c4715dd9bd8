"""What every card is made from, and what every card says of its sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from msgspec import Struct

from bot.compose.figures import month
from bot.compose.wording import say
from bot.desk.lines import document, source_of
from bot.desk.phrases import phrase
from bot.desk.shapes import Proof
from bot.service import Service
from knowledge.pack import Pack
from knowledge.schema import Certainty, Citation, Disease, Faq, Office, Platform, Source

Named = TypeVar("Named", Disease, Faq, Office, Platform, Source)
# A fact by its name in desk.yaml, where it is written, and how plainly.
Written = tuple[str, Citation, Certainty]


class Caller(Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of the caller, as ids; "" where it is not."""

    region: str = ""
    scheme: str = ""
    population: str = ""
    disease: str = ""


class Sheet(Struct, frozen=True):
    """What a card is made from: the service, the pack of the region on the day, the caller."""

    served: Service
    pack: Pack
    day: date
    caller: Caller = Caller()


def sheet(served: Service, region: str, day: date, caller: Caller | None = None) -> Sheet:
    """What the cards of a region are made from. Raises UnknownRegion."""
    return Sheet(served, served.valid(day).pack(region), day, caller or Caller())


def found(records: Iterable[Named], id_: str) -> Named:
    """The record of an id. Raises LookupError where there is none."""
    for record in records:
        if record.id == id_:
            return record
    raise LookupError(id_)


def documents(pack: Pack, written: Iterable[Written]) -> tuple[str, ...]:
    """The documents of some facts, each once."""
    return tuple(dict.fromkeys(document(source_of(pack, cite)) for _, cite, _ in written))


def proofs(pack: Pack, written: Iterable[Written]) -> tuple[Proof, ...]:
    """Where each fact is written: its place, its row, the words that carry it."""
    return tuple(dict.fromkeys(_proof(pack, *one) for one in written))


def _proof(pack: Pack, fact: str, cite: Citation, certainty: Certainty) -> Proof:
    source = source_of(pack, cite)
    place = next(place.name for place in source.places if place.id == cite.place)
    words = "　".join(cite.words)
    sure = phrase(f"certainty_{certainty}")
    return Proof(phrase(f"fact_{fact}"), place, cite.row or "", words, sure)


def old(on: Sheet, cite: Citation) -> str:
    """That a document is old enough to be confirmed; "" where it is not."""
    source = source_of(on.pack, cite)
    if (on.day - source.since).days <= on.served.confirm_after:
        return ""
    return say("as_of", issued=month(source.issued))


def copied(on: Sheet, title: str, body: Iterable[str], written: Iterable[Written]) -> str:
    """A card as text for a message: title, lines, documents with their places, the day."""
    written = tuple(written)
    places: dict[str, list[str]] = {}
    for _, cite, _ in written:
        source = source_of(on.pack, cite)
        place = next(place.name for place in source.places if place.id == cite.place)
        known = places.setdefault(document(source), [])
        if place not in known:
            known.append(place)
    return "\n".join(
        [
            phrase("copy_title", region=on.pack.region.name, title=title),
            *dict.fromkeys(line for line in body if line),
            *(phrase("copy_source", document=d, places="、".join(p)) for d, p in places.items()),
            phrase("copy_day", day=on.day.isoformat()),
        ]
    )
