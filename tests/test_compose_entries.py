"""Rules that are no table cell: the nearest jurisdiction's, with a yes or no where one is due."""

from __future__ import annotations

from typing import get_args

import pytest
from asking import Asker, figures, told, topics, understood

from bot.answers import source_lines
from bot.compose.wording import answered
from bot.service import Turn
from intents.echo import Verb
from intents.normalise import normalise
from intents.stance import stance
from knowledge.pack import Library, Pack
from knowledge.schema import Faq

# What tells a region by itself: naming one asks about it.
PLACES = ("region", "district", "landmark", "platform", "account")


def phrasings(pack: Pack) -> list[tuple[Faq, str]]:
    """Every phrasing without a blank of every entry of a pack."""
    every = ((f, text) for f in pack.faqs for text in (f.title, *f.asks, *f.yes, *f.no))
    return [(faq, text) for faq, text in every if "{" not in text]


def answers(turn: Turn, faq: Faq, pack: Pack) -> bool:
    """Whether an entry was given, or what a composer says from its place with its figures."""
    text = told(turn)
    places = {p.id: p.name for source in pack.sources for p in source.places}
    place = places[faq.cite.place]
    same = faq.topic in topics(turn) or any(
        cite.place.startswith(place) for cite in turn.answer.citations
    )
    answered = turn.answer.kind in {"answered", "clarify"}
    return faq.says in text or (same and answered and figures(faq.says) <= figures(text))


@pytest.mark.parametrize("region", ["suzhou", "beijing"])
def test_every_phrasing_of_an_entry_has_its_answer(
    ask: Asker, library: Library, region: str
) -> None:
    """Asked in the entry's own words, the entry answers."""
    pack = library.pack(region)
    lost = []
    for faq, text in phrasings(pack):
        turn = ask(text, region=region)
        if not answers(turn, faq, pack):
            lost.append(f"{faq.id}: {text} → {told(turn)[:60]}".replace("\n", " / "))

    assert not lost, f"{len(lost)} of {len(phrasings(pack))}:\n" + "\n".join(lost)


@pytest.mark.parametrize("region", ["suzhou", "beijing"])
def test_a_phrasing_keeps_its_own_yes_or_no(ask: Asker, library: Library, region: str) -> None:
    """The yes or no of an entry's own phrasing is its own, put as the question is."""
    wrong = []
    for faq in library.pack(region).faqs:
        for texts, yes in ((faq.yes, True), (faq.no, False)):
            for text in texts:
                put = stance(normalise(text).text)
                affirmed = put.answer(holds=put.told(yes=yes))
                answer = told(ask(text, region=region))
                contrary = [answered(verb, yes=not affirmed) for verb in get_args(Verb)]
                if answer.startswith(tuple(contrary)):
                    wrong.append(f"{faq.id}: {text} → {answer[:40]}")

    assert not wrong, "\n".join(wrong)


def test_no_entry_of_another_region_answers(ask: Asker, library: Library) -> None:
    """What Beijing's document says is never given in Suzhou, nor the other way round."""
    for region, other in (("suzhou", "beijing"), ("beijing", "suzhou")):
        own = {source.id for pack in library.lineage(region) for source in pack.sources}
        for _, text in phrasings(library.pack(other)):
            turn = ask(text, region=region)
            named = [name for name in PLACES if understood(turn, name)]
            assert named or {cite.source for cite in turn.answer.citations} <= own, text


def test_general_advice_is_labelled(ask: Asker) -> None:
    """Where the region's document is silent, general advice says what it is."""
    turn = ask("网上药店能买药吗")

    assert "通用说法" in told(turn).splitlines()[0]
    assert all("官方" not in line for line in source_lines(turn.answer.citations))


def test_a_regions_own_rule_goes_before_the_general_one(ask: Asker) -> None:
    """Both speak of filing; Suzhou's is given in Suzhou."""
    turn = ask("门特怎么办理")

    assert {cite.source for cite in turn.answer.citations} == {"suzhou-guide-2023-10"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("备案有效期多久", "有效期"),
        ("报销的钱多久到账", "到账"),
        ("周末上班吗", "上班"),
        ("备案收费吗", "收费"),
    ],
)
def test_what_no_document_says_is_declined_by_its_name(ask: Asker, text: str, label: str) -> None:
    """A topic of which nothing is written is declined, with where to ask."""
    turn = ask(text)

    assert turn.answer.status == "declined_unknown"
    assert label in told(turn)
    assert "窗口" in told(turn)


def test_the_review_time_is_beijings_alone(ask: Asker) -> None:
    """1–3 working days stand in Beijing's document; Suzhou's has none."""
    assert "1-3个工作日" in told(ask("审核要几天", region="beijing"))
    assert "1-3" not in told(ask("审核要几天"))


@pytest.mark.parametrize(
    ("text", "number"), [("陕西医保热线是多少", "12393"), ("医保热线电话多少", "12333")]
)
def test_each_hotline_is_given_where_its_source_gives_it(
    ask: Asker, text: str, number: str
) -> None:
    """12393 is of the Shaanxi teaser, 12333 of the article."""
    assert number in told(ask(text, region=None))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("癌症复发了要重新备案吗", "需要"),
        ("透析换医院要重新备案吗", "需要"),
        ("离休干部要不要办备案", "不"),
    ],
)
def test_a_rule_begins_with_yes_or_no(ask: Asker, text: str, expected: str) -> None:
    """A yes-or-no question about a rule has it first."""
    assert told(ask(text)).startswith(expected)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("精神病职工超过35万报100%吧", "不是。"),
        ("职工超35万都按95%对吧", "是。"),
        ("职工门特超35万就只报50%了吧", "不是。"),
    ],
)
def test_a_stated_rate_above_the_ceiling_is_judged(ask: Asker, text: str, word: str) -> None:
    """Above 350 000 yuan employees have 95 %, the psychoses included: no more and no less."""
    assert told(ask(text)).startswith(word)
