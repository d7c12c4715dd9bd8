"""A long answer is parted where a reader would part it, and nothing of it is lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import packed, split, utf8, utf16

CHARACTERS = "透析限额。，；\n😀 a1.5%万9（）:"
TEXTS = st.lists(st.text(st.sampled_from(CHARACTERS), max_size=120), max_size=6)


@given(TEXTS, st.integers(24, 90))
def test_no_message_is_too_long_and_nothing_is_lost(parts: list[str], most: int) -> None:
    """But for the line breaks at which messages part."""
    for measure in (utf8, utf16):
        messages = split(parts, most, measure)

        assert all(measure(message) <= most for message in messages)
        assert "".join(messages).replace("\n", "") == "".join(parts).replace("\n", "")


def test_parts_stand_whole_where_they_fit() -> None:
    """A table that does not fit any more begins the next message."""
    assert split(["一二三", "四五\n六七"], 21, utf8) == ("一二三", "四五\n六七")
    assert split(["一二三", "四五\n六七"], 23, utf8) == ("一二三\n四五\n六七",)


def test_rows_then_sentences_are_kept_whole() -> None:
    """A row goes to the next message as a row, a sentence as a sentence."""
    rows = "· 透析：35万元\n· 肾衰：8000元\n· 癌症：8000元"
    assert all(message.startswith("· ") for message in split([rows], 45, utf8))
    sentences = "第一句话说完了。第二句话也说完了。"
    assert split([sentences], 30, utf8) == ("第一句话说完了。", "第二句话也说完了。")


def test_a_number_is_never_parted() -> None:
    """Neither are its marks and its unit."""
    text = "限额" * 9 + "350,000.00元"

    for most in range(24, 60):
        assert any(re.search(r"350,000\.00元", one) for one in split([text], most, utf8))


def test_a_line_that_announces_the_next_goes_with_it() -> None:
    """Whether that is a row, a table or a table too long for one message."""
    assert packed(["一二三四\n材料：", "身份证"], 24, utf8) == ("一二三四", "材料：\n身份证")
    table = ("第一行", "第二行", "第三行")
    assert packed(["一二三四\n材料：", table], 40, utf8) == (
        "一二三四",
        "材料：\n第一行\n第二行\n第三行",
    )
    assert packed(["一二三四\n材料：", table], 30, utf8) == (
        "一二三四",
        "材料：\n第一行\n第二行",
        "第三行",
    )
    assert packed(["一二三四五六七八九十"], 20, utf8) == ("一二三四五六七八九十",)
    assert packed(["材料：", "一二三四五"], 20, utf8) == ("材料：", "一二三四五")
