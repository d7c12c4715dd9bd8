"""What an assistant's tools take and give: the schemas of the protocol are made from these."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from bot.calculating import Amount, Calculated, Years
from bot.messages import Cited
from knowledge.schema import (
    Account,
    Ages,
    Authority,
    Certainty,
    Channel,
    Deductible,
    Hospital,
    Limit,
    Population,
    Rate,
    Scheme,
)


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """A question in a conversation; `session` is that of the reply before it."""

    question: str
    region: str | None = None
    session: str | None = None


class BenefitAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose benefit for which disease is looked up; what is not said narrows nothing."""

    disease: str
    region: str | None = None
    scheme: Scheme | None = None
    population: Population | None = None
    age: Years | None = None
    hospital: Hospital | None = None


class ExpenseAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """An expense of eligible cost in yuan, and whose it is."""

    disease: str
    scheme: Scheme
    cost: Amount
    region: str | None = None
    population: Population | None = None
    age: Years | None = None
    hospital: Hospital | None = None
    spent_before: Amount = "0"


class OfficeAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The district whose office is looked for."""

    district: str
    region: str | None = None


class PapersAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Where papers are needed, for which disease and by which procedure."""

    region: str | None = None
    disease: str | None = None
    procedure: str | None = None


class NothingAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """No arguments at all."""


class Named(Struct, frozen=True):
    """An id, and what people call it."""

    id: str
    name: str


class Cell(Struct, frozen=True):
    """A benefit as the pack has it, what it says in words, and where it is written.

    `certainty` is `ambiguous` where the document leaves something open; `open` of the limit or the
    rate says what, and `row` of the rate is the row as printed.
    """

    id: str
    scheme: Scheme
    population: tuple[Population, ...]
    ages: Ages | None
    offered: bool
    limit: Limit | None
    rate: Rate | None
    deductible: Deductible | None
    certainty: Certainty
    since: date
    says: str
    citations: tuple[Cited, ...]


class BenefitFound(Struct, frozen=True):
    """The cells of a disease; none where the documents of the region have no figures for it.

    `twins` are near diseases that must never be taken for it.
    """

    region: Named
    disease: Named
    twins: tuple[Named, ...]
    as_of: date
    cells: tuple[Cell, ...]
    text: str
    citations: tuple[Cited, ...]


class Reckoned(Calculated, frozen=True):
    """An expense reckoned by every cell that it may fall under, also in words."""

    text: str


class OfficeRecord(Struct, frozen=True):
    """An office with its hall, window and online account."""

    district: Named
    address: str
    hall: str | None
    window: str | None
    account: Account
    note: str | None
    citations: tuple[Cited, ...]


class OfficeFound(Struct, frozen=True):
    """The office of a district; none where the documents of the region name no office."""

    region: Named
    as_of: date
    offices: tuple[OfficeRecord, ...]
    text: str
    citations: tuple[Cited, ...]


class Paper(Struct, frozen=True):
    """A paper to bring; `detail` is what it must look like."""

    id: str
    name: str
    detail: str | None
    optional: bool
    citations: tuple[Cited, ...]


class Way(Struct, frozen=True):
    """A procedure, its steps in order."""

    id: str
    name: str
    channel: Channel
    platform: str | None
    path: str | None
    steps: tuple[str, ...]
    citations: tuple[Cited, ...]


class PapersFound(Struct, frozen=True):
    """The papers to bring, and the steps of the procedure that was asked for.

    `ways` are all the procedures that there are. `speaks` is whose document this is: general
    advice belongs to no city.
    """

    region: Named
    speaks: Named
    as_of: date
    materials: tuple[Paper, ...]
    procedures: tuple[Way, ...]
    ways: tuple[Named, ...]
    text: str
    citations: tuple[Cited, ...]


class Document(Struct, frozen=True):
    """A document that a region's knowledge stands on."""

    id: str
    title: str
    issuer: str | None
    issued: str
    authority: Authority
    note: str | None


class RegionRecord(Struct, frozen=True):
    """A region: its names, what may be asked about it, its documents, and how much they hold."""

    id: str
    name: str
    aliases: tuple[str, ...]
    districts: tuple[Named, ...]
    diseases: tuple[Named, ...]
    holds: dict[str, int]
    documents: tuple[Document, ...]


class RegionsFound(Struct, frozen=True):
    """Every region; `default` is the one that is meant where none is said."""

    as_of: date
    packs: str
    default: str | None
    regions: tuple[RegionRecord, ...]
    text: str
