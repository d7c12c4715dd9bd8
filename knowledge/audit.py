"""Does every fact stand where its citation says? The packs against the source documents.

A fact is a citation or a statement with words. The words are looked for in the cited row or
place, and a figure that a record holds must be the figure its words say.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from knowledge.documents import (
    Text,
    clean,
    days,
    open_document,
    percents,
    rows,
    slice_place,
    text_of,
    yuan,
)
from knowledge.errors import NoDocuments
from knowledge.pack import Library, Pack, parts, records
from knowledge.schema import (
    Ceiling,
    Citation,
    Deductible,
    Limit,
    Rate,
    Record,
    Region,
    Source,
    Statement,
)

# What a document may say instead of a figure.
UNLIMITED = ("无限额", "无封顶", "不封顶", "不设限额")
NOTHING = ("不结付", "不予结付", "不支付", "不报销")


class Miss(Record, kw_only=True):
    """A fact that is not where its citation says: the record, the words, the place, and why."""

    region: str
    kind: str
    id: str
    key: str
    words: str
    source: str
    place: str = ""
    row: str | None = None
    why: str

    def __str__(self) -> str:
        where = " / ".join(part for part in (self.source, self.place, self.row) if part)
        name = f"{self.region}: {self.kind} {self.id}: {self.key}"
        return f"{name}: {self.words!r} in {where}: {self.why}"


class Report(Record, kw_only=True):
    """The outcome of an audit; `missing` counts the misses."""

    audited: int
    merged: int
    ambiguous: int
    misses: tuple[Miss, ...]

    @property
    def missing(self) -> int:
        """How many facts are not where their citation says."""
        return len(self.misses)

    @property
    def clean(self) -> bool:
        """Whether nothing is missing."""
        return not self.misses


class Fact(NamedTuple):
    """A citation with the record and key it belongs to; `certainty` of the cell that holds it."""

    owner: Record
    key: str
    cite: Citation
    certainty: str = "stated"


class Document(NamedTuple):
    """A source and its cleaned text; None where the file is absent."""

    source: Source
    cleaned: str | None


Documents: TypeAlias = "dict[str, Document]"


def audit(library: Library, folder: Path) -> Report:
    """Look every fact of a library up in the source documents of a folder."""
    if not folder.is_dir():
        raise NoDocuments(folder)
    documents = {
        source.id: Document(source, open_document(folder, source))
        for pack in library.packs
        for source in pack.sources
    }
    facts = [(pack, fact) for pack in library.packs for fact in facts_of(pack)]
    marks = [mark for pack in library.packs for mark in certainties(pack)]
    return Report(
        audited=len(facts),
        merged=marks.count("merged"),
        ambiguous=marks.count("ambiguous"),
        misses=tuple(
            miss
            for pack, fact in facts
            for miss in (*missed(fact, pack, documents), *disagreeing(fact, pack))
        ),
    )


def audit_alone(library: Library) -> Report:
    """Hold every figure against the words that its record cites, where there are no documents."""
    facts = [(pack, fact) for pack in library.packs for fact in facts_of(pack)]
    marks = [mark for pack in library.packs for mark in certainties(pack)]
    return Report(
        audited=len(facts),
        merged=marks.count("merged"),
        ambiguous=marks.count("ambiguous"),
        misses=tuple(miss for pack, fact in facts for miss in disagreeing(fact, pack)),
    )


def certainties(pack: Pack) -> Iterator[str]:
    """Return the certainty of every cell and entry that has one."""
    for record in records(pack):
        for _, part in parts(record):
            certainty = getattr(part, "certainty", None)
            if certainty is not None:
                yield certainty


def facts_of(pack: Pack) -> Iterator[Fact]:
    """Return every citation, and every statement with words, of a pack."""
    for record in records(pack):
        home = home_of(record)
        for key, part in parts(record):
            if isinstance(part, Citation) and part.words:
                yield Fact(record, key, part)
            elif isinstance(part, Statement) and part.words:
                # A statement stands anywhere in its record's place, not only in the cited row.
                yield Fact(record, key, Citation(**home, words=part.words))
            elif isinstance(part, Rate) and part.row:
                yield Fact(record, f"{key}.row", shown(part, part.row))


def home_of(record: Record) -> dict[str, str]:
    """Return the source and place that a record's statements are in."""
    if isinstance(record, Region):
        return {"source": record.default_source, "place": ""}
    cite = getattr(record, "cite", None)
    return {"source": cite.source, "place": cite.place} if cite else {"source": "", "place": ""}


def shown(rate: Rate, row: str) -> Citation:
    """Make a citation of a row that is shown as printed: every cell must be in the place."""
    cells = tuple(cell.strip() for cell in row.split("|") if cell.strip())
    return Citation(source=rate.cite.source, place=rate.cite.place, words=cells)


def missed(fact: Fact, pack: Pack, documents: Documents) -> Iterator[Miss]:
    """Look one fact's words up; one miss for each that is not there."""
    text = find(fact.cite, documents)
    if isinstance(text, str):
        yield miss(fact, pack, "", text)
        return
    for words in fact.cite.words:
        if not clean(words) or not text.holds(clean(words)):
            part = "row" if fact.cite.row else "place"
            yield miss(fact, pack, words, f"not in this {part}")


def find(cite: Citation, documents: Documents) -> Text | str:
    """Return the text a citation points at; a plain sentence where there is none."""
    document = documents.get(cite.source)
    if document is None:
        return "no such source"
    if document.cleaned is None:
        return f"the document {document.source.file} is not in the folder"
    if not cite.place:
        return text_of(document.cleaned)
    place = next((place for place in document.source.places if place.id == cite.place), None)
    if place is None:
        return "the source has no such place"
    text = slice_place(document.cleaned, place)
    if isinstance(text, str) or not cite.row:
        return text
    return rows(text, cite.row) or "no line of the place starts with the row"


def miss(fact: Fact, pack: Pack, words: str, why: str) -> Miss:
    """Make the miss of a fact."""
    return Miss(
        region=pack.region.id,
        kind=type(fact.owner).__name__,
        id=str(getattr(fact.owner, "id", "")),
        key=fact.key,
        words=words or ", ".join(fact.cite.words),
        source=fact.cite.source,
        place=fact.cite.place,
        row=fact.cite.row,
        why=why,
    )


def disagreeing(fact: Fact, pack: Pack) -> Iterator[Miss]:
    """Compare the figures of the cell that a citation belongs to with the citation's words."""
    holder = fact.owner
    for name in fact.key.split(".")[:-1]:
        holder = getattr(holder, name, holder)
    if fact.key.endswith("cite"):
        for why in disagreements(holder, fact.cite.words):
            yield miss(fact, pack, "", why)


def disagreements(holder: Record, words: tuple[str, ...]) -> Iterator[str]:
    """Say which figures of a cell its words do not say."""
    if isinstance(holder, Limit):
        yield from unsaid_yuan(words, holder.yuan)
        if holder.unlimited and not any(term in "".join(words) for term in UNLIMITED):
            yield "the record holds unlimited, which the words do not say"
    elif isinstance(holder, Deductible):
        yield from unsaid_yuan(words, holder.yuan)
        if holder.days not in days(words):
            yield f"the record holds {holder.days} days, which the words do not say"
    elif isinstance(holder, Rate):
        for tier in holder.tiers:
            yield from unsaid_percent(words, tier.percent)
            yield from unsaid_yuan(words, tier.above, tier.upto)
    elif isinstance(holder, Ceiling):
        yield from unsaid_percent(words, holder.percent)
        yield from unsaid_yuan(words, holder.above)


def unsaid_yuan(words: tuple[str, ...], *amounts: int | None) -> Iterator[str]:
    """Say which amounts the words do not say; 0 and None are no amounts."""
    for amount in amounts:
        if amount and amount not in yuan(words):
            yield f"the record holds {amount} yuan, which the words do not say"


def unsaid_percent(words: tuple[str, ...], percent: int) -> Iterator[str]:
    """Say so where the words do not say a percentage; 0 may be said as 不结付."""
    nothing = percent == 0 and any(term in "".join(words) for term in NOTHING)
    if not nothing and percent not in percents(words):
        yield f"the record holds {percent} %, which the words do not say"
