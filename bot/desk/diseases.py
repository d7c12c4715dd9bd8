"""The card of a disease: every cell side by side, with what surrounds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from bot.compose.figures import ages, exact_yuan, yuan
from bot.compose.wording import say
from bot.desk.lines import lines, source_of, told
from bot.desk.phrases import phrase
from bot.desk.shapes import Column, DiseaseCard, Link, Open, Peer, Share, Twin
from bot.desk.sheets import Sheet, Written, copied, documents, found, old, proofs
from knowledge.benefits import cells
from knowledge.pack import GENERAL, Pack
from knowledge.schema import POPULATIONS, Benefit, Disease, Limit, Rate, Tier


def disease_card(on: Sheet, id_: str) -> DiseaseCard:
    """The card of a disease. Raises LookupError for one that the region does not list."""
    pack = on.pack
    disease = found(pack.diseases, id_)
    all_ = cells_of(pack, id_)
    written = tuple(_written(pack, disease, all_))
    absent = tuple(_absent(pack, disease, all_))
    members = (m.name for d in pack.definitions if d.disease == id_ for m in d.members)
    return DiseaseCard(
        kind="disease",
        id=id_,
        region=pack.region.id,
        region_name=pack.region.name,
        title=disease.short,
        name=disease.name,
        group=phrase(f"kind_{disease.kind}"),
        documents=documents(pack, written),
        proofs=proofs(pack, written),
        day=on.day.isoformat(),
        old=old(on, disease.cite),
        script=tuple(_script(on, disease, all_, absent)),
        copy=_copy(on, disease, all_, absent),
        related=tuple(_rules(pack, id_)),
        columns=tuple(_column(on, cell) for cell in all_),
        none_word=say("none"),
        absent=absent,
        conditions=tuple(one.says for one in disease.conditions),
        cliffs=tuple(one.says for one in pack.ceilings if one.scheme in _offering(all_)),
        members="、".join(members),
        twins=tuple(_twin(pack, one) for one in pack.diseases if one.id in disease.twins),
        peers=tuple(_peers(on, disease, all_)),
    )


def cells_of(pack: Pack, disease: str) -> tuple[Benefit, ...]:
    """Every cell of a disease."""
    return cells(pack.benefits, disease, scheme=None, population=None)


def limit_figure(limit: Limit | None) -> str:
    """The figure of a limit by itself: 无限额, 8000元, 35万元以内."""
    if limit is None:
        return say("no_figure")
    if limit.unlimited:
        return say("unlimited")
    amount = exact_yuan(Decimal(limit.yuan or 0))
    return phrase("within", yuan=amount) if limit.counts_inpatient else amount


def shares(rate: Rate | None) -> tuple[Share, ...]:
    """The percentages of a rate; none where the document leaves it open."""
    if rate is None or rate.certainty == "ambiguous":
        return ()
    return tuple(Share(f"{tier.percent}%", _reach(tier)) for tier in rate.tiers)


def opens(cell: Benefit) -> tuple[Open, ...]:
    """What the document leaves open of a cell, with the row as it is printed."""
    kept = []
    if cell.limit and cell.limit.open:
        kept.append(Open(cell.limit.open, ""))
    if cell.rate and cell.rate.certainty == "ambiguous":
        kept.append(Open(cell.rate.open or phrase("rate_open"), row_text(cell.rate.row)))
    return tuple(kept)


def row_text(row: str | None) -> str:
    """A table row as printed, its empty cells said to be empty."""
    if not row:
        return ""
    return phrase("row_between").join(p.strip() or phrase("row_empty") for p in row.split("|"))


def mine(on: Sheet, cell: Benefit) -> bool:
    """Whether a cell is that of the caller, as far as anything is known of the caller."""
    caller = on.caller
    if not (caller.scheme or caller.population):
        return False
    return caller.scheme in {"", cell.scheme} and caller.population in {"", *cell.population}


def _reach(tier: Tier) -> str:
    if tier.hospital:
        return phrase("reach_at", hospital=say(tier.hospital))
    if tier.upto:
        return phrase("reach_upto", upto=yuan(tier.upto))
    return phrase("reach_above", above=yuan(tier.above)) if tier.above else ""


def _column(on: Sheet, cell: Benefit) -> Column:
    limit, rate, deductible = cell.limit, cell.rate, cell.deductible
    shown = shares(rate)
    return Column(
        who=say(cell.scheme),
        people=phrase("people_between").join(say(one) for one in cell.population),
        ages=ages(cell),
        offered=cell.offered,
        limit=limit_figure(limit) if cell.offered else say("none"),
        limit_note=phrase("counts_inpatient") if limit and limit.counts_inpatient else "",
        limit_certainty=phrase(f"certainty_{(limit or cell).certainty}"),
        shares=shown,
        rate_certainty=phrase(f"certainty_{(rate or cell).certainty}"),
        deductible=yuan(deductible.yuan) if deductible else "",
        period=phrase("period", days=deductible.days) if deductible else "",
        open=opens(cell),
        mine=mine(on, cell),
        scheme=cell.scheme,
        population=cell.population[0] if len(cell.population) == 1 else "",
        age=cell.ages.since if cell.ages else None,
        reckons=bool(shown),
        tiers_by_hospital=bool(rate and any(tier.hospital for tier in rate.tiers)),
    )


def _offering(all_: Iterable[Benefit]) -> set[str]:
    return {cell.scheme for cell in all_ if cell.offered}


def _written(pack: Pack, disease: Disease, all_: tuple[Benefit, ...]) -> Iterator[Written]:
    """Where everything on the card is written."""
    yield "entry", disease.cite, "stated"
    for cell in all_:
        yield "entry", cell.cite, cell.certainty if not cell.offered else "stated"
        for fact in ("limit", "rate", "deductible"):
            if part := getattr(cell, fact):
                yield fact, part.cite, part.certainty
    for ceiling in pack.ceilings:
        if ceiling.scheme in _offering(all_):
            yield "ceiling", ceiling.cite, "stated"
    for definition in pack.definitions:
        if definition.disease == disease.id:
            yield "definition", definition.cite, "stated"


def _absent(pack: Pack, disease: Disease, all_: tuple[Benefit, ...]) -> Iterator[str]:
    """What the document does not have of a disease: figures at all, or those of a scheme."""
    if not all_:
        yield say("no_figures", region=pack.region.name, what=say("figures"))
    elif disease.kind == "chronic" and "employee" not in {cell.scheme for cell in all_}:
        yield say("no_cell_scheme", disease=disease.short)


def _wanted(on: Sheet, all_: tuple[Benefit, ...]) -> tuple[Benefit, ...]:
    """The caller's cells; all where nothing is known of the caller, or nothing fits."""
    return tuple(cell for cell in all_ if mine(on, cell)) or all_


def _script(
    on: Sheet, disease: Disease, all_: tuple[Benefit, ...], absent: tuple[str, ...]
) -> Iterator[str]:
    """Two or three sentences to be read aloud: the figures, what matters most beside, whence."""
    wanted = _wanted(on, all_)
    beside = _beside(on.pack, disease, wanted, absent)
    if wanted:
        joined = phrase("script_lines_between").join(lines(wanted))
        fields = {"region": on.pack.region.name, "disease": disease.short, "lines": joined}
        yield phrase("script_disease", **fields)
        yield from beside[:1]
    else:
        yield say("listed_filing", disease=disease.name, region=on.pack.region.name)
        yield "".join(beside)
    yield told(source_of(on.pack, disease.cite))


def _beside(
    pack: Pack, disease: Disease, wanted: tuple[Benefit, ...], absent: tuple[str, ...]
) -> list[str]:
    """What must be said beside the figures, what matters most first."""
    high = {
        cell.scheme
        for cell in wanted
        if cell.limit and (cell.limit.unlimited or cell.limit.counts_inpatient)
    }
    kinds = (
        [one.text for cell in wanted for one in opens(cell)],
        [one.says for one in disease.conditions],
        [one.says for one in pack.ceilings if one.scheme in high],
        absent,
    )
    return ["".join(dict.fromkeys(kind)) for kind in kinds if kind]


def _copy(on: Sheet, disease: Disease, all_: tuple[Benefit, ...], absent: tuple[str, ...]) -> str:
    wanted = _wanted(on, all_)
    body = [disease.name, *lines(wanted), *_beside(on.pack, disease, wanted, absent)]
    written: list[Written] = [("entry", disease.cite, "stated")]
    for cell in wanted:
        parts = (cell.limit, cell.rate, cell.deductible)
        written += [("entry", part.cite, part.certainty) for part in parts if part]
    return copied(on, disease.short, body, written)


def _rules(pack: Pack, disease: str) -> Iterator[Link]:
    for faq in pack.faqs:
        if disease in faq.when.get("disease", ()):
            yield Link("rule", faq.id, pack.region.id, faq.title, faq.says)


def _twin(pack: Pack, other: Disease) -> Twin:
    link = Link("disease", other.id, pack.region.id, other.short)
    return Twin(phrase("twin", name=other.short), link, lines(cells_of(pack, other.id)))


def _peers(on: Sheet, disease: Disease, all_: tuple[Benefit, ...]) -> Iterator[Peer]:
    """What the disease is likely to be compared with: its twins, its schemes, other regions."""
    here = f"{on.pack.region.id}/{disease.id}"
    for other in on.pack.diseases:
        if other.id in disease.twins:
            right = f"{on.pack.region.id}/{other.id}"
            yield Peer(phrase("peer_twin"), other.short, here, right)
    if {cell.scheme for cell in all_} == set(POPULATIONS):
        names = {"left": say("employee"), "right": say("resident")}
        label = phrase("peer_scheme_label", **names)
        yield Peer(phrase("peer_scheme"), label, f"{here}/employee", f"{here}/resident")
    for pack in on.served.valid(on.day).packs:
        known = any(one.id == disease.id for one in pack.diseases)
        if known and pack.region.id not in {on.pack.region.id, GENERAL}:
            name = pack.region.name
            yield Peer(phrase("peer_region"), name, here, f"{pack.region.id}/{disease.id}")
