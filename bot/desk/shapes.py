"""What a card is made of: frozen records, sent to the page as JSON."""

from __future__ import annotations

from msgspec import Struct


class Proof(Struct, frozen=True):
    """Where a fact is written: the fact, the place, the row, the words, and how plainly."""

    fact: str
    place: str
    row: str
    words: str
    certainty: str


class Link(Struct, frozen=True):
    """What leads to another card."""

    kind: str
    id: str
    region: str
    title: str
    line: str = ""


class Card(Struct, frozen=True, kw_only=True):
    """What every card has. `script` is read aloud, `copy` is sent as text.

    `old` asks to confirm, where the document is older than the deployment allows.
    """

    kind: str
    id: str
    region: str
    region_name: str
    title: str
    name: str
    group: str
    documents: tuple[str, ...]
    proofs: tuple[Proof, ...]
    day: str
    old: str
    script: tuple[str, ...]
    copy: str
    related: tuple[Link, ...] = ()


class Share(Struct, frozen=True):
    """A percentage and how far it reaches."""

    percent: str
    reach: str


class Open(Struct, frozen=True):
    """What a document leaves open, and the row as it is printed ("" where it is not shown)."""

    text: str
    row: str


class Column(Struct, frozen=True, kw_only=True):
    """A cell: for whom, its figures, what is open. `mine`: it is the caller's.

    `scheme`, `population` and `age` name it for a calculation; `reckons` says whether its rates
    are certain enough for one, `tiers_by_hospital` whether they depend on the hospital.
    """

    who: str
    people: str
    ages: str
    offered: bool
    limit: str
    limit_note: str
    limit_certainty: str
    shares: tuple[Share, ...]
    rate_certainty: str
    deductible: str
    period: str
    open: tuple[Open, ...]
    mine: bool
    scheme: str
    population: str
    age: int | None
    reckons: bool
    tiers_by_hospital: bool


class Twin(Struct, frozen=True):
    """A near disease that must not be taken for this one, with its figures."""

    warning: str
    link: Link
    lines: tuple[str, ...]


class Peer(Struct, frozen=True):
    """What a disease is likely to be compared with; `left` and `right` name the two sides."""

    group: str
    label: str
    left: str
    right: str


class DiseaseCard(Card, frozen=True, kw_only=True, tag="disease", tag_field="shape"):
    """A disease: every cell side by side, conditions, ceilings, near twins."""

    columns: tuple[Column, ...]
    none_word: str
    absent: tuple[str, ...]
    conditions: tuple[str, ...]
    cliffs: tuple[str, ...]
    members: str
    twins: tuple[Twin, ...]
    peers: tuple[Peer, ...]


class Field(Struct, frozen=True):
    """A part of an entry by its name: 窗口, 医保综合窗口."""

    label: str
    value: str


class EntryCard(Card, frozen=True, kw_only=True, tag="entry", tag_field="shape"):
    """A rule, an office, a platform, a document or a list: the first line, its parts, points."""

    lead: str
    fields: tuple[Field, ...]
    points: tuple[str, ...]
    ordered: bool
    general: str
