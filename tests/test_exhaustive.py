"""Every cell of the packs, asked in every form and by everybody, answered with its own figures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

import pytest
from asking import Asker, figures, text_of, told
from msgspec import Struct

from bot.service import Turn
from knowledge.pack import Library, Pack
from knowledge.schema import Benefit, Disease
from knowledge.snapshot import load

Form = Literal["limit", "rate", "both", "covered"]

PHRASINGS: dict[Form, tuple[str, ...]] = {
    "limit": (
        "{who}{disease}限额多少",
        "请问{who}的{disease}一年封顶是多少钱？",
        "{disease}{who}最多能报多少",
        "{disease} {who} 限额",
        "{who}得了{disease}，额度是多少呀",
    ),
    "rate": (
        "{who}{disease}报销比例是多少",
        "{disease}{who}能报几成",
        "我是{who}，{disease}报销百分之几？",
        "{disease} {who} 比例",
        "{who}的{disease}结付比例",
    ),
    "both": (
        "{who}{disease}限额和比例分别是多少",
        "{disease}{who}怎么报销",
        "{who}得了{disease}能享受什么待遇？",
        "{disease} {who} 待遇",
        "{who}{disease}报多少",
    ),
    "covered": (
        "{who}{disease}能报吗",
        "{disease}{who}能不能报销？",
        "{who}的{disease}可以享受门诊慢特病待遇吗",
        "{disease} {who} 报不报",
        "{who}有没有{disease}这个项目",
    ),
}
SCHEMES = {"employee": "职工医保", "resident": "居民医保"}
POPULATIONS = {
    "working": "在职职工",
    "retired": "退休职工",
    "unemployed": "非就业居民",
    "student": "学生少儿",
}
ANYBODY = "参保人"
AMBIGUOUS = "少儿糖尿病"  # 学生少儿 right before 糖尿病: true of the other kind of diabetes as well
UNSETTLED = "没有写清"
NOT_OFFERED = "无此项目"
_REFUSING = ("不", "没", "无")


class Question(Struct, frozen=True):
    """A generated question, whether it is about limit, rate or more, and the cells it is about."""

    text: str
    form: Form
    cells: tuple[Benefit, ...]


@cache
def _pack(region: str) -> Pack:
    return load().pack(region)


def _of(disease: Disease) -> tuple[Benefit, ...]:
    return tuple(cell for cell in _pack("suzhou").benefits if cell.disease == disease.id)


def _wordings(disease: Disease) -> Iterator[tuple[str, tuple[Benefit, ...]]]:
    """Ways to say who is asking, each with the cells that are then meant."""
    cells = _of(disease)
    yield ANYBODY, cells
    for scheme, said in SCHEMES.items():
        yield said, tuple(cell for cell in cells if cell.scheme == scheme)
    for population, said in POPULATIONS.items():
        of_population = tuple(cell for cell in cells if population in cell.population)
        yield said, of_population
        for cell in of_population:
            if cell.ages is not None:
                for age in {cell.ages.since, cell.ages.through or cell.ages.since + 5}:
                    yield f"{age}岁{said}", (cell,)


def _questions(disease: Disease, form: Form) -> Iterator[Question]:
    names = dict.fromkeys((disease.name, disease.short))
    for who, cells in _wordings(disease):
        for phrasing in PHRASINGS[form]:
            for name in names:
                text = phrasing.format(who=who, disease=name)
                if AMBIGUOUS not in text:
                    yield Question(text, form, cells)


def _needed(question: Question) -> set[str]:
    """The figures that a reply cannot lack."""
    needed: set[str] = set()
    for cell in question.cells:
        if cell.limit and cell.limit.yuan and question.form != "rate":
            needed.add(str(cell.limit.yuan))
        if cell.rate and question.form in {"rate", "both"}:
            needed |= {f"{tier.percent}%" for tier in cell.rate.tiers}
            needed |= {str(t.above or t.upto) for t in cell.rate.tiers if t.above or t.upto}
    return needed


def _needed_words(question: Question) -> set[str]:
    """The words that a reply cannot lack."""
    words: set[str] = set()
    for cell in question.cells:
        if not cell.offered:
            words.add(NOT_OFFERED)
        if cell.limit and cell.limit.unlimited and question.form != "rate":
            words.add("无限额")
        if cell.limit and cell.limit.certainty == "ambiguous" and question.form != "rate":
            words.add(UNSETTLED)
        if cell.rate and cell.rate.certainty == "ambiguous" and question.form != "limit":
            words.add(UNSETTLED)
            words |= {part.strip() for part in (cell.rate.row or "").split("|") if part.strip()}
    return words


def _side_texts(disease: Disease) -> list[str]:
    """What may be said beside the figures: conditions, ceilings, rows and what they leave open."""
    texts = [statement.says for statement in disease.conditions]
    texts += [ceiling.says for ceiling in _pack("suzhou").ceilings]
    for cell in _of(disease):
        texts += [cell.cite.row or ""]
        texts += [cell.limit.open or "", cell.limit.cite.row or ""] if cell.limit else []
        texts += [cell.rate.open or "", cell.rate.cite.row or ""] if cell.rate else []
    return texts


def _allowed(question: Question, disease: Disease) -> set[str]:
    """Every figure that a reply may hold: of the cells meant, their conditions, the ceilings."""
    allowed = figures("\n".join([question.text, *_side_texts(disease)]))
    for cell in question.cells or _of(disease):
        if cell.ages:
            allowed |= {str(cell.ages.since), str(cell.ages.through)}
        if cell.limit:
            allowed.add(str(cell.limit.yuan))
        if cell.deductible:
            allowed |= {str(cell.deductible.yuan), str(cell.deductible.days)}
        if cell.rate:
            allowed |= figures(cell.rate.row or "")
            allowed |= {f"{tier.percent}%" for tier in cell.rate.tiers}
            allowed |= {str(figure) for t in cell.rate.tiers for figure in (t.above, t.upto)}
    return allowed


def _strangers(turn: Turn, disease: Disease) -> set[str]:
    """Other diseases that the reply names, apart from what the documents say themselves."""
    text = told(turn)
    own = (disease.name, disease.short, *disease.aliases)
    rows = [cell.rate.row or "" for cell in _of(disease) if cell.rate]
    parts = [part.strip() for row in rows for part in row.split("|")]
    for known in sorted([*own, *_side_texts(disease), *parts], key=len, reverse=True):
        text = text.replace(known, "") if known else text
    return {other.short for other in _pack("suzhou").diseases if other.short in text}


def _faults(turn: Turn, question: Question, disease: Disease) -> list[str]:
    """What is wrong with a reply, in words."""
    text = text_of(turn)
    found = []
    if turn.answer.status != "answered":
        found.append(f"status {turn.answer.status}")
    if missing := _needed(question) - figures(text):
        found.append(f"lacks {sorted(missing)}")
    if missing := {word for word in _needed_words(question) if word not in text}:
        found.append(f"lacks {sorted(missing)}")
    if strange := figures(text) - _allowed(question, disease):
        found.append(f"has {sorted(strange)} of something else")
    if strange := _strangers(turn, disease):
        found.append(f"speaks of {sorted(strange)}")
    if not any(cite.source == "suzhou-guide-2023-10" for cite in turn.answer.citations):
        found.append("cites no document")
    return found + _wrong_verdict(turn, question)


def _wrong_verdict(turn: Turn, question: Question) -> list[str]:
    """Whether a yes-or-no question has got the wrong first word."""
    if question.form != "covered" or not question.cells:
        return []
    refusing = told(turn).startswith(_REFUSING)
    offered = {cell.offered for cell in question.cells}
    if offered == {True} and refusing:
        return ["begins with a no"]
    return ["does not begin with a no"] if offered == {False} and not refusing else []


def _misses(ask: Asker, disease: Disease, form: Form) -> list[str]:
    misses = []
    for question in _questions(disease, form):
        turn = ask(question.text)
        if faults := _faults(turn, question, disease):
            answered = told(turn).replace("\n", " / ")[:120]
            misses.append(f"{question.text}: {'; '.join(faults)}\n    → {answered}")
    return misses


SUZHOU = _pack("suzhou").diseases


@pytest.mark.parametrize("form", list(PHRASINGS))
@pytest.mark.parametrize("disease", SUZHOU, ids=[disease.id for disease in SUZHOU])
def test_every_cell_is_answered_with_its_own_figures(
    ask: Asker, disease: Disease, form: Form
) -> None:
    """A reply holds the figures of the cells asked about, and none of any other disease."""
    misses = _misses(ask, disease, form)

    assert not misses, f"{len(misses)} wrong:\n" + "\n".join(misses[:25])


@pytest.mark.parametrize("disease", SUZHOU, ids=[disease.id for disease in SUZHOU])
def test_every_name_of_a_disease_leads_to_its_cells(ask: Asker, disease: Disease) -> None:
    """Whatever a disease is called, the limit is that of its cells."""
    misses = []
    for name in disease.aliases:
        question = Question(f"{name}限额多少", "limit", _of(disease))
        turn = ask(question.text)
        if faults := _faults(turn, question, disease):
            misses.append(f"{question.text}: {'; '.join(faults)}\n    → {told(turn)[:80]}")

    assert not misses, f"{len(misses)} wrong:\n" + "\n".join(misses)


BEIJING = _pack("beijing").diseases


@pytest.mark.parametrize("form", ["limit", "rate", "both"])
@pytest.mark.parametrize("disease", BEIJING, ids=[disease.id for disease in BEIJING])
def test_a_region_without_figures_gives_none(ask: Asker, disease: Disease, form: Form) -> None:
    """Where the document has no figures, none are given, least of all those of another city."""
    for phrasing in PHRASINGS[form]:
        turn = ask(phrasing.format(who="职工医保", disease=disease.short), region="beijing")

        assert form == "both" or turn.answer.kind == "declined", phrasing
        assert not figures(told(turn)) - {"12333"}, phrasing


def test_no_disease_of_the_packs_is_left_out(library: Library) -> None:
    """All 22 diseases of Suzhou have cells, and those that are generated from are of today."""
    pack = library.pack("suzhou")

    assert {cell.disease for cell in pack.benefits} == {disease.id for disease in pack.diseases}
    assert len(SUZHOU) == 22
