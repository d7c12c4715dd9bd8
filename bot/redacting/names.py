"""Names of people, behind words that tell them: 我叫, 姓名, and 我是 where it is unmistakable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.redacting.runs import Span
from bot.redacting.words import any_of, words
from intents.tokenise import segmenter

_JOIN = r"[是为為叫做:= ,\"“”'(\n]{0,4}+"
_HAN = "[㐀-鿿]"
_TITLE = re.compile("大夫|医生|医师|护士|主任|院长|师傅|老师")
_NEAR = 9  # characters in front of a number in which its owner may be named
_MOST = 5  # characters behind a surname that are looked at


def names_in(text: str) -> Iterator[Span]:
    """The names in a plain form, left to right."""
    for found in _called().finditer(text):
        start = found.start("name")
        end = _spaced(found) or _end_of(found["name"], found["surname"], start)
        if end:
            yield start, end, "name"
    for found in _being().finditer(text):
        if _is_unmistakable(found["name"], found["surname"]):
            yield *found.span("name"), "name"


def name_before(text: str, at: int) -> Span | None:
    """The name of whose number begins at a place: 王建国，13812345678."""
    found = _before().search(text, max(0, at - _NEAR), at)
    if found is None or not _is_unmistakable(found["name"], found["surname"]):
        return None
    return *found.span("name"), "name"


@cache
def _before() -> re.Pattern[str]:
    names = words().names
    surname = f"(?P<surname>{any_of(names.compound)}|[{names.common}])"
    between = r"(?:[的男女,:;。、· -]|\n){0,3}"
    return re.compile(rf"(?<![㐀-鿿])(?P<name>{surname}{_HAN}{{1,2}}?){between}$")


@cache
def _called() -> re.Pattern[str]:
    names = words().names
    surname = f"(?P<surname>{any_of(names.compound)}|[{names.surnames}{names.traditional}])"
    spaced = rf"(?P<spaced>[ ·]{_HAN}(?:[ ·]{_HAN})?(?!{_HAN}))"
    solid = rf"{_HAN}{{1,{_MOST}}}"
    called = any_of(tuple(" ?".join(cue) for cue in names.called))
    return re.compile(rf"(?:{called}){_JOIN}(?P<name>{surname}(?:{spaced}|{solid}))")


@cache
def _being() -> re.Pattern[str]:
    names = words().names
    surname = f"(?P<surname>{any_of(names.compound)}|[{names.common}])"
    after = (
        "身份|身分|电话|電話|手机|手機|今年|微信|病历|住院号|的(?:女儿|儿子|家属|爱人|老公|老婆)"
    )
    end = rf"(?={after}|[^㐀-鿿]|$)"
    return re.compile(rf"(?:{any_of(names.being)})[:： ]?(?P<name>{surname}{_HAN}{{1,2}}?){end}")


@cache
def _after() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What begins behind a given name of one character, and what behind one of two."""
    names = words().names
    return re.compile(any_of(names.after)), re.compile(any_of((*names.after, *names.later)))


def _spaced(found: re.Match[str]) -> int:
    """Where a name ends that is written character by character: 王 建 国; 0 for another."""
    return found.end("spaced") if found["spaced"] else 0


def _end_of(run: str, surname: str, start: int) -> int:
    """Where the name at the head of a run of characters ends; 0 where there is none."""
    names = words().names
    if run.startswith(names.never) or _TITLE.search(run):
        return 0
    least = len(surname) + 1
    short, longer = _after()
    for size in range(least, min(len(run), least + 3)):
        if (short if size == least else longer).match(run, size):
            return start + size
    if len(run) <= least + 1:
        return start + len(run)
    has_word = segmenter().has_word
    parted = has_word(run[least : least + 2]) and not has_word(run[least - 1 : least + 1])
    return start + (least if parted else least + 1)


def _is_unmistakable(name: str, surname: str) -> bool:
    """Whether a word behind 我是 is a name: of three characters, and known or made as a name."""
    never = words().names.never
    titled = any(char in words().names.titles for char in name.removeprefix(surname))
    if len(name) < 3 or titled or name.startswith(never):
        return False
    # A name is tagged as one, or as one with a place for what follows: 陈 + 桂兰.
    first, *rest = (flag[:2] for _, flag in segmenter().tag(name))
    return first == "nr" and all(flag in {"nr", "ns", "nz"} for flag in rest)
