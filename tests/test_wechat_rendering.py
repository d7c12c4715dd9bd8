"""An answer as messages of 2048 bytes: rows, sentences and links whole, nothing lost."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import utf8
from bot.channels.wechat_rendering import MOST, choice, harmless, messages_of, with_more
from bot.messages import Answer, Items, Option, Table, Text

LINK = re.compile(
    r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&"]*)&msgmenuid=(\d+)">(.*?)</a>'
)
WORDS = st.text("透析限额😀a1.5%<>&\"'，。\n", min_size=1, max_size=400)


def answer(*texts: str, options: tuple[Option, ...] = ()) -> Answer:
    """An answer with these paragraphs."""
    return Answer("answered", tuple(Text(text) for text in texts), options=options)


@pytest.mark.parametrize("links", [True, False])
@given(texts=st.lists(WORDS, min_size=1, max_size=8), labels=st.lists(WORDS, max_size=12))
def test_every_message_fits(*, links: bool, texts: list[str], labels: list[str]) -> None:
    """With the line on what is left, and with its links, none of them cut."""
    options = tuple(Option(label.replace("\n", ""), label) for label in labels)
    messages = messages_of(answer(*texts, options=options), links=links)

    for number in range(len(messages)):
        shown = with_more(messages[number:])
        assert utf8(shown) <= MOST
        assert shown.count("<a ") == shown.count("</a>") == len(LINK.findall(shown))


def test_a_choice_can_be_tapped_and_typed() -> None:
    """The link sends the words, whatever they are; the number stands before it."""
    shown = choice(2, Option("退休<b>", '退休&"者'), links=True)
    found = LINK.fullmatch(shown.removeprefix("2. "))

    assert found
    assert (unquote(found[1]), found[2], found[3]) == ('退休&"者', "2", "退休＜b>")
    assert choice(2, Option("退休", "退休"), links=False) == "2. 退休"


def test_words_too_long_to_tap_are_shown() -> None:
    """A link is never longer than a message; the number still chooses."""
    assert choice(1, Option("长", "长" * 300), links=True) == "1. 长"


def test_nothing_a_person_wrote_becomes_a_link() -> None:
    """WeChat would show it as one; a figure less than another stays as it is."""
    assert "<" not in harmless('<a href="http://x">x</a>')
    assert harmless("年龄<14岁") == "年龄<14岁"


def test_a_table_is_parted_between_its_rows() -> None:
    """Each message begins with a whole row, and says how many are left."""
    rows = tuple((f"病种{number}", "限额8000元，结付比例90%") for number in range(120))
    first, *rest = messages_of(Answer("answered", (Table(("", ""), rows),)), links=True)

    assert len(rest) >= 2
    assert all(line.startswith("· 病种") for line in "\n".join([first, *rest]).split("\n"))
    assert with_more((first, *rest)).endswith(f"还有{len(rest)}条，回复“继续”接着看。")
    assert with_more(tuple(rest[-1:])) == rest[-1]


def test_a_short_answer_is_one_message() -> None:
    """With the choices behind it, a line each."""
    options = (Option("北京", "北京"), Option("苏州", "苏州"))
    (message,) = messages_of(
        Answer("clarify_region", (Items(("一",)),), options=options), links=False
    )
    assert message == "· 一\n1. 北京\n2. 苏州"
