"""The records of the knowledge: what is true, since when, and who says so.

Every record is frozen and strict: a key that is not named here is refused by the loader.
Money is whole yuan, a rate is whole percent, an age is completed years (both ends included),
a period is days. `region` is never written in a pack file: the loader sets it from the folder.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, dataclass_transform

from msgspec import Struct

Authority = Literal["official", "media", "teaser"]
Rank = Literal["junior", "attending", "associate", "chief"]  # of a doctor, lowest first
Certainty = Literal["stated", "merged", "ambiguous"]
Scheme = Literal["employee", "resident"]
Population = Literal["working", "retired", "unemployed", "student"]
Hospital = Literal["secondary", "tertiary"]
Channel = Literal["hospital", "window", "web", "app", "mail", "community", "platform"]

POPULATIONS: dict[str, tuple[Population, ...]] = {
    "employee": ("working", "retired"),
    "resident": ("unemployed", "student"),
}


# mypy does not inherit what a Struct is told in its class line; msgspec does.
@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The base of every record: frozen, strict, by keyword."""


class Place(Record, kw_only=True):
    """A named part of a source: the text from `begins` to `ends` (to the end where absent)."""

    id: str
    name: str
    begins: str
    ends: str | None = None


class Source(Record, kw_only=True):
    """A document: who issued it, when (`2023-10` or `2025`), and how far it can be trusted."""

    id: str
    title: str
    issuer: str | None
    issued: str
    authority: Authority
    file: str
    since: date
    places: tuple[Place, ...]
    note: str | None = None


class Citation(Record, kw_only=True):
    """Where a fact is written: the source, one of its places, a row of a table, and the words.

    `words` are the shortest words that carry the fact; the audit looks for each of them in `row`
    (the line of the place that starts with it) or, without a row, anywhere in the place.
    """

    source: str
    place: str
    row: str | None = None
    words: tuple[str, ...] = ()


class Statement(Record, kw_only=True):
    """One sentence said to a person, and the words of the record's place that carry it."""

    says: str
    words: tuple[str, ...] = ()


class Region(Record, kw_only=True):
    """A place with rules of its own; `general` is the region of advice that belongs to no city."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    pointer: Statement
    default_source: str


class District(Record, kw_only=True):
    """A district or county-level city of a region, with the nicknames people give it."""

    id: str
    region: str
    name: str
    aliases: tuple[str, ...] = ()


class Disease(Record, kw_only=True):
    """A disease, at one stage, as one region's document lists it.

    The same `id` in two regions is the same disease under two documents. `twins` are the ids of
    near diseases that must never be taken for it. `short` is what people say.
    """

    id: str
    region: str
    name: str
    short: str
    kind: Literal["special", "chronic", "filing"]
    aliases: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    conditions: tuple[Statement, ...] = ()
    cite: Citation


class Ages(Record, kw_only=True):
    """Completed years, both ends included; `through` None is open above."""

    since: int
    through: int | None = None


class Limit(Record, kw_only=True):
    """A yearly ceiling in yuan, or none at all (`unlimited`).

    `counts_inpatient`: the ceiling counts this year's inpatient and outpatient special costs.
    `open`: what the document leaves unsettled, said to the person, where certainty is ambiguous.
    """

    yuan: int | None = None
    unlimited: bool = False
    counts_inpatient: bool = False
    certainty: Certainty
    open: str | None = None
    cite: Citation


class Tier(Record, kw_only=True):
    """A rate in percent of eligible cost, above and up to a yearly total in yuan, by hospital."""

    percent: int
    above: int | None = None
    upto: int | None = None
    hospital: Hospital | None = None


class Rate(Record, kw_only=True):
    """The tiers of a rate; `row` is the table row as written, shown where it is ambiguous."""

    tiers: tuple[Tier, ...] = ()
    certainty: Certainty
    open: str | None = None
    row: str | None = None
    cite: Citation


class Deductible(Record, kw_only=True):
    """Yuan to be borne first in each settlement period of so many days."""

    yuan: int
    days: int
    certainty: Certainty
    cite: Citation


class Benefit(Record, kw_only=True):
    """A cell: disease × scheme × populations × ages. `offered: false` is the table's 无此项目."""

    id: str
    region: str
    disease: str
    scheme: Scheme
    population: tuple[Population, ...]
    ages: Ages | None = None
    offered: bool = True
    limit: Limit | None = None
    rate: Rate | None = None
    deductible: Deductible | None = None
    certainty: Certainty = "stated"
    cite: Citation
    since: date
    until: date | None = None


class Ceiling(Record, kw_only=True):
    """What happens to every outpatient special disease above a yearly total of a scheme.

    `percent` is the rate beyond `above` yuan of inpatient and outpatient costs; 0 is nothing more.
    """

    id: str
    region: str
    scheme: Scheme
    above: int
    percent: int
    says: str
    cite: Citation
    since: date
    until: date | None = None


class Account(Record, kw_only=True):
    """An online channel of an office: a WeChat account or an app."""

    name: str
    kind: Literal["wechat", "app"]


class Office(Record, kw_only=True):
    """An office with its address, hall, window and online account; one a district."""

    id: str
    region: str
    district: str
    address: str
    hall: str | None = None
    window: str | None = None
    account: Account
    note: Statement | None = None
    cite: Citation
    since: date
    until: date | None = None


class Platform(Record, kw_only=True):
    """An app, mini-programme or site through which people file."""

    id: str
    region: str
    name: str
    kind: Literal["app", "miniprogram", "web", "wechat"]
    aliases: tuple[str, ...] = ()
    path: str | None = None
    cite: Citation


class Procedure(Record, kw_only=True):
    """Steps in order, by one channel (or one platform), for one purpose (a topic)."""

    id: str
    region: str
    topic: str
    channel: Channel
    platform: str | None = None
    name: str
    path: str | None = None
    steps: tuple[Statement, ...]
    cite: Citation
    since: date
    until: date | None = None


class Material(Record, kw_only=True):
    """A paper to bring, in the order of the document; `detail` is what it must look like."""

    id: str
    region: str
    topic: str
    name: str
    detail: str | None = None
    aliases: tuple[str, ...] = ()
    optional: bool = False
    cite: Citation
    since: date
    until: date | None = None


class Member(Record, kw_only=True):
    """One thing that a definition includes, with its everyday names."""

    name: str
    aliases: tuple[str, ...] = ()


class Definition(Record, kw_only=True):
    """What a term of the document includes: treatments of a phase, disorders of a group."""

    id: str
    region: str
    disease: str
    name: str
    members: tuple[Member, ...]
    cite: Citation


class Hotline(Record, kw_only=True):
    """A telephone number and what it is for, as the source gives it.

    `hours` says when it is answered; None where the source does not say. `place` is the place whose
    number it is, where an entry tells more of that.
    """

    id: str
    region: str
    number: str
    name: str
    use: str
    hours: str | None = None
    place: str | None = None
    cite: Citation


class Faq(Record, kw_only=True):
    """A rule that is no table cell: what people ask, the first line of the answer, the conditions.

    `asks` are neutral phrasings, `yes` phrasings that are to be answered with yes, `no` with no.
    `when` narrows the entry to slot values (disease, scheme, platform, channel …). `least` is the
    lowest rank of a doctor that the rule accepts, `more` the scheme that it says is paid more.
    """

    id: str
    region: str
    topic: str
    title: str
    when: dict[str, tuple[str, ...]] = {}
    asks: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    says: str
    points: tuple[Statement, ...] = ()
    least: Rank | None = None
    more: Scheme | None = None
    certainty: Certainty = "stated"
    cite: Citation
    since: date
    until: date | None = None


class Term(Record, kw_only=True):
    """The names of one value of one slot: general vocabulary that belongs to no document."""

    id: str
    region: str
    slot: str
    value: str
    name: str
    aliases: tuple[str, ...] = ()
