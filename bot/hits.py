"""What can be looked up while somebody types: every disease, office, rule, platform, document."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.compose.figures import ages, described, joined, month, who
from bot.web import word
from intents.topics import Topic
from knowledge.pack import GENERAL, Library, Pack
from knowledge.schema import Benefit, Disease, Faq, Office

# The words by which a facet is asked for.
FACETS: dict[str, frozenset[str]] = {
    "limit": frozenset({"cue:limit", "cue:unlimited", "cue:highest"}),
    "rate": frozenset({"cue:rate", "cue:pay", "cue:selfpay"}),
    "deductible": frozenset({"cue:deductible", "cue:period"}),
    "materials": frozenset({"cue:materials", "cue:certificate"}),
    "address": frozenset({"cue:address", "cue:office", "cue:floor", "cue:window"}),
    "account": frozenset({"cue:account", "cue:online"}),
    "diseases": frozenset({"cue:disease-list", "cue:covered", "cue:gate"}),
    "source": frozenset({"cue:policy"}),
}
_TOLD = frozenset({"disease", "platform"})  # what a rule holds for that is searched by its name
_FIGURES = ("limit", "rate", "deductible")
# What a part of an entry weighs: an entry loses that much where nobody typed it.
_SUBJECT = 1.5
_TITLE = 1.2
_FACET = 1.0
_MARK = 0.8
_CONDITION = 0.4
_PLACE = 0.5  # a district by itself is the place to go, before any rule that names it
_AFAR = 0.3


class Hit(Struct, frozen=True):
    """What a search finds.

    `region` is the id of a region. `title` names it, `line` is its main figure, its address or the
    first line of its rule. `ask` is the question that opens it in its region. `facet` is "" or
    what of it is meant: limit, rate, deductible, materials, address, account, diseases, source.
    """

    kind: str
    id: str
    region: str
    title: str
    line: str
    ask: str
    facet: str = ""


class Part(Struct, frozen=True):
    """One of the things that an entry is about: any of these, and how much it matters.

    `loosely` are things that are less to the point than the entry's own.
    """

    weight: float
    things: frozenset[str]
    loosely: frozenset[str] = frozenset()


class Entry(Struct, frozen=True):
    """A hit and what it is found by, and the topic that it speaks of.

    `handicap` puts general advice behind a region's own rule.
    """

    hit: Hit
    parts: tuple[Part, ...]
    topic: str
    handicap: float = 0.0


def entries(library: Library, topics: dict[str, Topic]) -> Iterator[Entry]:
    """Every entry of every pack, in the order of the packs."""
    for pack in library.packs:
        for disease in pack.diseases:
            yield from _of_disease(pack, disease)
        for office in pack.offices:
            yield from _of_office(pack, office)
        yield from _of_region(pack)
        for platform in pack.platforms:
            line = platform.path or word(f"search_{platform.kind}")
            ask = word("search_ask_platform", name=platform.name)
            hit = Hit("platform", platform.id, pack.region.id, platform.name, line, ask)
            yield _entry(pack, hit, Part(_SUBJECT, frozenset({f"platform:{platform.id}"})))
        for faq in pack.faqs:
            yield _of_rule(pack, faq, topics.get(faq.topic))
        for source in pack.sources:
            issuer = source.issuer or word("search_no_issuer")
            line = word("search_issued", issuer=issuer, month=month(source.issued))
            ask = word("search_ask_source")
            hit = Hit("document", source.id, pack.region.id, source.title, line, ask, "source")
            title = frozenset({title_of(hit)})
            yield _entry(pack, hit, Part(_TITLE, title), Part(_FACET, FACETS["source"]))


def title_of(hit: Hit) -> str:
    """The thing that a hit's own title stands for."""
    return f"title:{hit.region}/{hit.kind}/{hit.id}"


def _entry(pack: Pack, hit: Hit, *parts: Part, topic: str = "") -> Entry:
    region = pack.region.id
    where = Part(0.0, frozenset({f"region:{region}"}))
    afar = _AFAR if region == GENERAL else 0.0
    return Entry(hit, (*parts, where), topic or hit.facet or hit.kind, afar)


def _of_disease(pack: Pack, disease: Disease) -> Iterator[Entry]:
    """A disease as a whole, then each of its figures, then its papers."""
    region = pack.region.id
    subject = Part(_SUBJECT, frozenset({f"disease:{disease.id}"}))
    cells = [cell for cell in pack.benefits if cell.disease == disease.id]
    line = _line(cells, ("limit", "rate")) or disease.name
    yield _entry(
        pack, Hit("disease", disease.id, region, disease.short, line, disease.short), subject
    )
    for facet in _FIGURES:
        if any(getattr(cell, facet) for cell in cells):
            yield _facet(pack, disease, subject, facet, _line(cells, (facet,)))
    if pack.materials:
        yield _facet(pack, disease, subject, "materials", _papers(pack))


def _facet(pack: Pack, disease: Disease, subject: Part, facet: str, line: str) -> Entry:
    title = word(f"search_{facet}", name=disease.short)
    hit = Hit("disease", disease.id, pack.region.id, title, line, title, facet)
    return _entry(pack, hit, subject, Part(_FACET, FACETS[facet]))


def _line(cells: list[Benefit], facets: tuple[str, ...]) -> str:
    """The figures of a disease, a cell after the other: 职工医保：限额8000元；居民医保：…"""
    lines = []
    for cell in cells:
        name = who(cell) + (f"（{band}）" if (band := ages(cell)) else "")
        said = described(cell, frozenset(facets))
        if not said:  # a rate that the document leaves open
            said = word("search_open")
        lines.append(word("search_cell", who=name, said=said))
    return word("search_between").join(lines)


def _papers(pack: Pack) -> str:
    return joined(paper.name for paper in pack.materials)


def _of_office(pack: Pack, office: Office) -> Iterator[Entry]:
    """Where an office is, and its online account."""
    district = next(one for one in pack.districts if one.id == office.district)
    subject = Part(_SUBJECT, frozenset({f"district:{district.id}"}))
    address = "".join(filter(None, (office.address, office.hall, office.window)))
    lines = {"address": address, "account": office.account.name}
    for facet, line in lines.items():
        title = word(f"search_{facet}", name=district.name)
        hit = Hit("office", office.id, pack.region.id, title, line, title, facet)
        asked = Part(_FACET if facet == "account" else _PLACE, FACETS[facet])
        yield _entry(pack, hit, subject, asked)


def _of_region(pack: Pack) -> Iterator[Entry]:
    """What is asked of a region as a whole: its papers, its diseases, all its offices."""
    lines = {
        "materials": _papers(pack),
        "diseases": joined(one.short for one in pack.diseases),
        "address": joined(one.name for one in pack.districts) if pack.offices else "",
    }
    for facet, line in lines.items():
        if line:
            title, ask = word(f"search_all_{facet}"), word(f"search_ask_{facet}")
            hit = Hit("region", facet, pack.region.id, title, line, ask, facet)
            things = FACETS[facet] | {title_of(hit), f"region:{pack.region.id}"}
            yield _entry(pack, hit, Part(_SUBJECT, things))


def _of_rule(pack: Pack, faq: Faq, topic: Topic | None) -> Entry:
    # A phrasing with a {blank} is none that a person says.
    ask = next((one for one in (*faq.asks, faq.title) if "{" not in one), faq.title)
    line = faq.says.strip().partition("\n")[0]
    hit = Hit("rule", faq.id, pack.region.id, faq.title, line, ask)
    marks = topic.marks if topic else frozenset()
    found = [Part(_TITLE, frozenset({title_of(hit)}), marks)]
    told = frozenset(
        f"{slot}:{value}" for slot in _TOLD & faq.when.keys() for value in faq.when[slot]
    )
    if told:
        found.append(Part(_CONDITION, told))
    return _entry(pack, hit, *found, topic=faq.topic)
