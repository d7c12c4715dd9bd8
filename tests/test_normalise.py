"""Raw text in a form that can be matched, and the way back to what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.normalise import is_han, normalise


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ＰＫＵ　１８歲", "pku 18岁"),
        ("限額　多少？", "限额 多少?"),
        ("５０％", "50%"),
        ("PKU", "pku"),
        ("Ⅰ型糖尿病", "i型糖尿病"),
    ],
)
def test_width_and_case_are_folded(raw: str, expected: str) -> None:
    """Full-width letters, digits and signs become plain ones, in lower case."""
    assert normalise(raw).text == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("門診慢性病怎麼報銷", "门诊慢性病怎么报销"),
        ("帕金森氏綜合症", "帕金森氏综合症"),
        ("紅斑狼瘡", "红斑狼疮"),
        ("帶乜嘢資料", "带乜嘢资料"),
        ("乾眼症", "干眼症"),
    ],
)
def test_traditional_characters_become_simplified(raw: str, expected: str) -> None:
    """Script is folded character for character."""
    assert normalise(raw).text == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("tòuxī", "touxi"), ("xuètòu", "xuetou"), ("lǜ", "lv"), ("nǚ", "nv"), ("É", "e")],
)
def test_tone_marks_are_dropped(raw: str, expected: str) -> None:
    """Pinyin with tone marks becomes what a keyboard types; ü becomes v."""
    assert normalise(raw).text == expected


def test_reading_aids_after_characters_are_dropped() -> None:
    """透(tòu)析(xī) is 透析; a note in characters stays."""
    assert normalise("透(tòu)析(xī)限額").text == "透析限额"
    assert normalise("透析（血透）").text == "透析(血透)"


@pytest.mark.parametrize(
    "raw",
    [
        "透\u200b析",
        "透\u200d析",
        "\ufeff透析",
        "透\u00ad析",
        "\u202e透析\u202c",
        "透\x00析",
        "\ud800透析",
    ],
)
def test_invisible_characters_are_dropped(raw: str) -> None:
    """Zero-width characters, marks of direction, NUL and lone surrogates leave no trace."""
    assert normalise(raw).text == "透析"


def test_symbols_and_blanks_become_one_blank() -> None:
    """Emoji, tabs and runs of blanks are a single blank each."""
    assert normalise("透析😭😭  \t 限额").text == "透析 限额"


def test_a_line_break_ends_a_sentence() -> None:
    """Two lines are two sentences, whatever the line ending."""
    assert normalise("透析\n限额").text == "透析。限额"


def test_every_character_knows_where_it_stood() -> None:
    """Offsets lead from the normal form to the raw text."""
    raw = "透(tòu)析(xī)\u200b限額"
    normal = normalise(raw)

    assert [raw[at] for at in normal.offsets] == ["透", "析", "限", "額"]


def test_what_grows_keeps_its_place() -> None:
    """A ligature becomes two letters, both at the place of the one."""
    normal = normalise("aﬁb")

    assert (normal.text, normal.offsets) == ("afib", (0, 1, 1, 2))


def test_nothing_is_normalised_to_nothing() -> None:
    """The empty text has no characters and no offsets."""
    normal = normalise("")

    assert (normal.raw, normal.text, normal.offsets) == ("", "", ())


@pytest.mark.parametrize(
    ("char", "expected"),
    [
        ("透", True),
        ("㐀", True),
        ("\uf90a", True),  # 金, once more for the sake of another standard
        ("a", False),
        ("。", False),
        ("투", False),
        ("\ue000", False),  # for private use: what masks a character
    ],
)
def test_a_character_is_told_from_a_letter(char: str, *, expected: bool) -> None:
    """Ideographs are those of the basic, the extended and the compatibility block."""
    assert is_han(char) is expected


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.text(max_size=60))
def test_any_text_has_a_normal_form(raw: str) -> None:
    """Each character has an offset, offsets never go back, and doing it again changes nothing."""
    normal = normalise(raw)

    assert len(normal.offsets) == len(normal.text)
    assert list(normal.offsets) == sorted(normal.offsets)
    assert all(0 <= at < len(raw) for at in normal.offsets)
    assert "  " not in normal.text


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.text(alphabet=st.sampled_from("透析限额多少报销PKUtouxi18岁。，? ５％門診慢病"), max_size=30)
)
def test_a_normal_form_is_final(raw: str) -> None:
    """Normalising twice is normalising once."""
    once = normalise(raw).text

    assert normalise(once).text == once
