"""Names in a text: as written, as they sound, by their initials, or with one slip."""

from __future__ import annotations

from itertools import pairwise

import pytest

from intents.lexicon import Lexicon, Name, build
from intents.normalise import normalise
from intents.spotting import Found, cover, lattice, spot
from intents.understanding import Token


def spotted(lexicon: Lexicon, text: str) -> list[Token]:
    """The tokens of a text that are more than fillers."""
    return [t for t in spot(lexicon, normalise(text).text)[0] if t.kind != "filler"]


def values(lexicon: Lexicon, text: str, kind: str) -> set[str]:
    """The values of one kind in a text."""
    return {token.value for token in spotted(lexicon, text) if token.kind == kind}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透析限额", "dialysis"),
        ("血透怎么报", "dialysis"),
        ("自闭症", "autism"),
        ("老慢支", "copd"),
        ("pku限额", "pku"),
        ("SLE报多少", "lupus"),
        ("换肾以后", "transplant"),
        ("帕金森氏综合症", "parkinson"),
    ],
)
def test_a_name_is_found_as_written(lexicon: Lexicon, text: str, expected: str) -> None:
    """Names and everyday names lead to the disease."""
    assert values(lexicon, text, "disease") == {expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("touxi限额", "dialysis"),
        ("xuetou怎么报", "dialysis"),
        ("tangniaobing", "diabetes"),
        ("gao xue ya", "hypertension"),
        ("tnb", "diabetes"),
        ("manzufei", "copd"),
        ("paJinSen", "parkinson"),
        ("hongbanlangchuang", "lupus"),
        ("feitouxi", "kidney-nondialysis"),
    ],
)
def test_a_name_is_found_in_pinyin(lexicon: Lexicon, text: str, expected: str) -> None:
    """A name in letters, whole or by its initials, joined or apart, is found."""
    assert values(lexicon, text, "disease") == {expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透吸", "dialysis"),
        ("红班狼疮", "lupus"),
        ("糖尿并", "diabetes"),
        ("治疔期", "cancer-treatment"),
        ("帕金深", "parkinson"),
        ("白内帐", "cataract"),
        ("精神章碍", "mental-disorder"),
        ("血友并", "hemophilia"),
    ],
)
def test_a_name_with_a_slip_is_found(lexicon: Lexicon, text: str, expected: str) -> None:
    """A homophone or a look-alike in a name is read over."""
    assert values(lexicon, text, "disease") == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "高血脂",
        "低血压",
        "关节炎",
        "白血病",
        "肾结石",
        "胃溃疡",
        "痛风",
        "糖尿病足",
        "肺炎",
        "脑梗",
    ],
)
def test_another_disease_is_no_misspelling(lexicon: Lexicon, text: str) -> None:
    """A disease of its own is never taken for one that is listed."""
    listed = values(lexicon, text, "disease")

    assert listed <= ({"diabetes"} if text == "糖尿病足" else set())


@pytest.mark.parametrize(
    "text", ["在化疗", "也是", "晚上", "县城", "老家县城", "公司", "实在", "以后", "办法"]
)
def test_an_ordinary_word_is_no_misspelt_place_or_group(lexicon: Lexicon, text: str) -> None:
    """A word that merely sounds like a district, scheme or population is none."""
    kinds = {token.kind for token in spotted(lexicon, text)}

    assert not kinds & {"district", "scheme", "population", "region", "material"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("长白蒙子要治", set()), ("蒙子的医保", {"蒙自"}), ("在蒙子参保", {"蒙自"})],
)
def test_a_place_is_misspelt_where_a_place_is_said(
    lexicon: Lexicon, text: str, expected: set[str]
) -> None:
    """Two characters that sound like one of hundreds of towns are none in any other spot."""
    assert values(lexicon, text, "other-place") == expected


@pytest.mark.parametrize("text", ["治病期间", "治病期限", "休养期间", "血压计", "透视", "糖水"])
def test_an_ordinary_phrase_is_no_disease(lexicon: Lexicon, text: str) -> None:
    """A phrase that is one slip away from a disease is none."""
    assert not values(lexicon, text, "disease")


def test_a_token_knows_where_it_stood_and_how_it_was_found(lexicon: Lexicon) -> None:
    """A token has the words as typed, their place, and how they were recognised."""
    token = next(t for t in spotted(lexicon, "请问touxi限额") if t.kind == "disease")

    assert (token.said, token.start, token.end, token.how) == ("touxi", 2, 7, "pinyin")


@pytest.mark.parametrize(
    ("text", "how"),
    [("高血压", "exact"), ("血压高", "alias"), ("高血牙", "pinyin"), ("治疔期", "near")],
)
def test_how_a_name_was_found_is_told(lexicon: Lexicon, text: str, how: str) -> None:
    """Exact names, other names, sounds and slips are told apart."""
    assert how in {token.how for token in spotted(lexicon, text) if token.kind == "disease"}


def test_a_longer_name_beats_the_names_within_it(lexicon: Lexicon) -> None:
    """肾衰非透析 is one name, not 肾衰 and 透析."""
    assert values(lexicon, "肾衰非透析限额", "disease") == {"kidney-nondialysis"}


def test_tokens_do_not_overlap(lexicon: Lexicon) -> None:
    """Tokens of different stretches stand side by side."""
    tokens = spotted(lexicon, "我爸退休了在昆山做血透一年限额多少要带什么材料")
    spans = sorted({(token.start, token.end) for token in tokens})

    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_blank_within_a_name_is_passed_over() -> None:
    """透 析 is 透析, and the blank belongs to the name."""
    made = build([Name("disease", "dialysis", "透析")])
    token = spotted(made, "透 析")[0]

    assert (token.value, token.start, token.end) == ("dialysis", 0, 3)


@pytest.mark.parametrize("text", ["apple", "ms office", "tbc", "sipping", "rapid"])
def test_a_name_in_letters_stands_alone(lexicon: Lexicon, text: str) -> None:
    """RA, TB or SIP inside a longer word of letters are no names."""
    assert not values(lexicon, text.rsplit(maxsplit=1)[-1], "disease")
    assert not values(lexicon, text.rsplit(maxsplit=1)[-1], "district")


def test_a_lattice_has_a_step_a_character_and_every_syllable() -> None:
    """Characters are one step; letters are all their syllables; the rest are abbreviations."""
    edges = lattice("透xi tnb")

    assert [end for end, _, _ in edges.steps[0]] == [1]
    assert (3, True) in [(end, typed) for end, _, typed in edges.steps[1]]
    assert edges.abbreviations == ((4, 7),)


def test_the_cover_explains_most_with_the_fewest_pieces() -> None:
    """Of overlapping pieces those are kept that weigh most together."""
    pieces = [
        Found(0, 0, 2, "exact", 1.7),
        Found(1, 2, 4, "exact", 1.7),
        Found(2, 0, 4, "exact", 3.7),
    ]

    assert cover(4, pieces) == [(pieces[2],)]
    assert cover(4, pieces[:2]) == [(pieces[0],), (pieces[1],)]


def test_pieces_that_weigh_the_same_are_all_kept() -> None:
    """One stretch may be several things at once."""
    pieces = [Found(0, 0, 2, "exact", 1.7), Found(1, 0, 2, "exact", 1.7)]

    assert cover(2, pieces) == [tuple(pieces)]


def test_nothing_is_found_in_nothing(lexicon: Lexicon) -> None:
    """The empty text has no tokens and no refused twins."""
    assert spot(lexicon, "") == ((), ())
