"""An Answer → the text messages of WeChat and WeCom: plain, 2048 bytes each, links never cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from bot.answers import block_text, source_lines
from bot.channels.splitting import split, utf8
from bot.channels.wechat_wording import line
from bot.channels.wechat_xml import fit
from bot.messages import Answer, Option

MOST = 2048  # bytes of the text of a message
_SAID = 40  # characters of a question that is repeated
_LONGEST = 600  # bytes of a choice that can be tapped; a longer one is only shown
# WeChat shows `<a href=…>` in a text as a link; nothing of a person's words may become one.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def messages_of(answer: Answer, *, links: bool, head: str = "") -> tuple[str, ...]:
    """The messages that hold an answer, in order; each has room for a line on what is left.

    With `links` a choice can be tapped, which sends its words; its number can be typed. `head`
    stands in front.
    """
    told = [head, *map(block_text, answer.blocks), *source_lines(answer.citations)]
    parts = [harmless(part) for part in told if part]
    choices = list(enumerate(answer.options, 1))
    parts += ["\n".join(choice(number, one, links=links) for number, one in choices)]
    return parted([part for part in parts if part])


def parted(parts: Sequence[str]) -> tuple[str, ...]:
    """The messages that hold these parts: one, or several with room for what `with_more` adds."""
    whole = "\n".join(parts)
    return (whole,) if utf8(whole) <= MOST else split(parts, MOST - _reserve(), utf8)


def ahead(messages: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Messages before others, each with room for a line on what is left."""
    if not others:
        return messages
    return tuple(one for whole in (*messages, *others) for one in roomy(whole))


def roomy(message: str) -> tuple[str, ...]:
    """A message with room for a line on what is left; two where it has none."""
    return split([message], MOST - _reserve(), utf8)


def asked(text: str) -> str:
    """What somebody asked a while ago, in front of its answer."""
    said = " ".join(text.split())
    return line("asked", said=said if len(said) <= _SAID else f"{said[:_SAID]}…")


def harmless(text: str) -> str:
    """A text in which nothing is a tag, and nothing is no character."""
    return _TAG.sub("＜", fit(text))


def choice(number: int, option: Option, *, links: bool) -> str:
    """A choice on a line of its own, behind its number."""
    label = harmless(option.label)
    return f"{number}. {tapped(label, option.say, number) if links else label}"


def tapped(label: str, say: str, number: int) -> str:
    """A label that sends some words where it is tapped; bare where they are too long for it."""
    href = f"weixin://bizmsgmenu?msgmenucontent={quote(say, safe='')}&msgmenuid={number}"
    link = f'<a href="{href}">{label}</a>'
    return link if utf8(link) <= _LONGEST else label


def with_more(messages: tuple[str, ...], name: str = "more") -> str:
    """The first of these messages, with a line on how many are left, if any are."""
    first, *rest = messages
    return f"{first}\n{line(name, left=len(rest))}" if rest else first


def _reserve() -> int:
    """Bytes of the longest line on what is left."""
    return max(utf8("\n" + line(name, left=99)) for name in ("more", "coming", "owed"))
