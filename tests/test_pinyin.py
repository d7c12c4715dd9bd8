"""How characters sound, and what a run of letters can spell."""

from __future__ import annotations

import subprocess
import sys

import pytest

from intents.pinyin import folded, readings, sounds, spellings, syllables


@pytest.mark.parametrize(
    ("char", "expected"),
    [("透", ("tou",)), ("女", ("nv", "ru")), ("长", ("zhang", "chang")), ("a", ()), ("。", ())],
)
def test_a_character_has_all_its_readings(char: str, expected: tuple[str, ...]) -> None:
    """Readings are toneless, ü is v, and a letter has none."""
    assert set(readings(char)) >= set(expected)
    assert bool(readings(char)) == bool(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhang", "zang"),
        ("shi", "si"),
        ("chang", "can"),
        ("ling", "lin"),
        ("nan", "lan"),
        ("meng", "men"),
    ],
)
def test_sounds_that_people_confuse_are_one(one: str, other: str) -> None:
    """zh/z, n/l, ing/in and their like fold to the same syllable."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("tou", "dou"), ("xi", "qi"), ("bing", "ping"), ("gao", "kao")]
)
def test_sounds_that_people_keep_apart_stay_apart(one: str, other: str) -> None:
    """An aspirate is not its plain sister."""
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("透", "头"), ("析", "西"), ("疮", "窗"), ("民", "名"), ("南", "兰")]
)
def test_homophones_share_a_sound(one: str, other: str) -> None:
    """Characters that sound alike have a folded sound in common."""
    assert set(sounds(one)) & set(sounds(other))


def test_a_run_of_letters_has_every_spelling() -> None:
    """`xiane` is xi-an-e, xian-e and xia-ne: all are kept."""
    steps = spellings("xiane")

    assert {(0, 2), (2, 4), (4, 5)} <= set(steps)
    assert {(0, 4), (0, 3), (3, 5)} <= set(steps)


@pytest.mark.parametrize("letters", ["tnb", "ks", "xyz", "hello", ""])
def test_letters_that_spell_nothing_have_no_spelling(letters: str) -> None:
    """Abbreviations and English words are no pinyin."""
    assert spellings(letters) == ()


def test_no_step_leads_nowhere() -> None:
    """Every syllable of a spelling is part of one that reaches both ends."""
    steps = spellings("gaoxueyazenmebaoxiao")
    starts = {start for start, _ in steps}

    assert all(end in starts or end == 20 for _, end in steps)


def test_syllables_are_those_of_a_keyboard() -> None:
    """There are some four hundred, in plain letters."""
    known = syllables()

    assert {"tou", "xi", "lv", "zhuang", "er"} <= known
    assert all(one.isascii() and one.islower() for one in known)
    assert 380 < len(known) < 450


def test_the_phrase_table_is_not_loaded() -> None:
    """Reading characters costs no phrase table, which would take 50 MB."""
    code = (
        "import sys; from intents.pinyin import readings; readings('透');"
        "print(any(name.endswith('phrases_dict') for name in sys.modules))"
    )
    ran = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == "False"
