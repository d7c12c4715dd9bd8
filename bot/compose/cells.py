"""Which cells of a pack a question is about: facets, scheme and population, diseases, ages."""

from __future__ import annotations

from msgspec import structs

from bot.compose.figures import ALL, Facets
from bot.compose.part import schemes
from intents.understanding import Ask
from knowledge.benefits import cells, of_age
from knowledge.pack import Pack
from knowledge.schema import Benefit, Disease

_FACETS = {
    "limit": "limit", "unlimited": "limit", "rate": "rate", "selfpay": "rate",
    "deductible": "deductible", "period": "period",
}  # fmt: skip
_ADULT = 18
_GROWN = 30  # years: who is older is no student any more


def facets(ask: Ask) -> Facets:
    """Which parts of a cell are asked for; limit, rate and deductible where it is not said."""
    wanted = frozenset(_FACETS[cue] for cue in ask.cues if cue in _FACETS)
    if ask.form == "yes_no" and (ask.values("yuan") or "full" in ask.cues):
        wanted |= {"limit"}
    if wanted and ask.values("percent"):
        wanted |= {"rate"}  # 也能九成吗,限额多少
    if wanted and {"compare", "money"} <= ask.cues:
        wanted |= {"limit"}  # 差多少钱,比例差吗
    if any(slot.name == "hospital" and slot.how != "carried" for slot in ask.slots):
        wanted |= {"rate"} if wanted else frozenset()  # a level of hospital only tells rates apart
    if "pay" in ask.cues or ("howmuch" in ask.cues and wanted == {"rate"}):
        # 额度多少,能报多少: one facet named beside the question what is paid at all.
        return wanted | ALL
    return wanted or ALL


def group(ask: Ask) -> tuple[str | None, str | None]:
    """The scheme and the population an ask names; a population settles its scheme.

    Two schemes named at once are both wanted, so neither narrows the answer.
    """
    age = ask.slot("age")
    child = age is not None and float(age) < _ADULT
    grown = age is not None and (float(age) >= _GROWN or len(ask.values("population")) > 1)
    if grown and not child:
        ask = _grown(ask)
    populations, named = set(ask.values("population")), schemes(ask)
    if child and not populations and named <= {"resident"}:
        return "resident", "student"
    scheme = named.pop() if len(named) == 1 else None
    population = populations.pop() if len(populations) == 1 and scheme else None
    return scheme, population


def _grown(ask: Ask) -> Ask:
    """An ask of somebody who was a child when it began: 三十了,儿童时候得的."""
    slots = (s for s in ask.slots if (s.name, s.value) != ("population", "student"))
    return structs.replace(ask, slots=tuple(slots))


def listed(pack: Pack, ask: Ask) -> tuple[Disease, ...]:
    """The diseases of the pack that an ask names, in the order in which they were said."""
    known = {disease.id: disease for disease in pack.diseases}
    named = tuple(known[value] for value in ask.values("disease") if value in known)
    age = ask.slot("age")
    if age is None or float(age) >= _ADULT:
        return named
    # A child's 糖尿病 may be the row 儿童I型糖尿病: two short cases are kinder than a question.
    twins = (known[twin] for one in named if _is_plain(ask, one) for twin in one.twins)
    return tuple(dict.fromkeys((*named, *(one for one in twins if _for_children(pack, one)))))


def _is_plain(ask: Ask, disease: Disease) -> bool:
    """Whether a disease was named without its type (2型)."""
    said = (s.said for s in ask.slots if s.name == "disease" and s.value == disease.id)
    return not any("型" in one for one in said)


def _for_children(pack: Pack, disease: Disease) -> bool:
    """Whether only school children and the young have a benefit for a disease."""
    offered = [c for c in pack.benefits if c.disease == disease.id and c.offered]
    return bool(offered) and all(set(c.population) == {"student"} for c in offered)


def chosen(pack: Pack, ask: Ask, disease: Disease) -> tuple[Benefit, ...]:
    """The cells of a disease that an ask is about."""
    scheme, population = group(ask)
    found = cells(pack.benefits, disease.id, scheme=scheme, population=population)
    age = ask.slot("age")
    fitting = of_age(found, float(age) if age else None)
    if any(c.offered for c in found) and not any(c.offered for c in fitting):
        return ()  # only for another age
    return fitting


def hospital_of(ask: Ask) -> str | None:
    """The one level of hospital that was named; None where none or several were."""
    levels = ask.values("hospital")
    return levels[0] if len(levels) == 1 else None


def at_hospital(cell: Benefit, hospital: str | None) -> Benefit:
    """The cell with only the tiers of one level of hospital."""
    if cell.rate is None or hospital is None:
        return cell
    tiers = tuple(t for t in cell.rate.tiers if t.hospital in (None, hospital))
    return structs.replace(cell, rate=structs.replace(cell.rate, tiers=tiers))


def every_cell(pack: Pack, ask: Ask) -> list[Benefit]:
    """The cells of all the diseases that a question names."""
    return [cell for disease in listed(pack, ask) for cell in chosen(pack, ask, disease)]
