"""Every name that a value has, as two tries: by character and by sound.

A name comes from the packs (diseases, districts, platforms, members, materials, terms) or from the
vocabulary of this package (cues, question words, what lies outside). Two values of one kind that
claim the same name are an error when the lexicon is built, never a surprise when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from typing import Any, TypeVar

from msgspec import Struct

from intents.errors import AmbiguousName
from intents.normalise import is_han, normalise
from intents.pinyin import readings, sounds

END = ""  # the key of a trie node under which the numbers of the names that end there stand
Trie = dict[str, Any]
T = TypeVar("T")


class Name(Struct, frozen=True):
    """One way to say one value: what kind of thing it is, which one, and the words."""

    kind: str
    value: str
    text: str
    alias: bool = False


class Lexicon(Struct, frozen=True):
    """All names and the tries that find them, and what leads to those that are misspelt.

    `pairs` lead from two neighbouring characters, in either order, to the names with them: number,
    place in the name, length. `framed` lead from the first and the last character of three.
    """

    names: tuple[Name, ...]
    exact: Trie
    sound: Trie
    initials: Trie
    pairs: dict[str, tuple[tuple[int, int, int], ...]]
    framed: dict[str, tuple[int, ...]]


# Kinds that people abbreviate to the first letters of the pinyin: tnb, ks dz, txxe.
_ABBREVIATED = frozenset({"disease", "district", "cue", "ask", "scheme", "population"})
# Kinds whose characters often have another reading than alone.
_PLACES = frozenset({"other-place", "place", "region", "district"})
# Denials that only those write who mean them: 父 that sounds like 弗 denies nothing.
_DIALECT = re.compile("(?:还|仲)?[弗勿朆冇唔呒]|[毋无](?!需|须)")
_FRAME = frozenset("什么怎哪多少几要不没能可是有谁用到一让叫喊")
# Ways to deny that are not looked for misspelt: the shorter ones are.
_DENIED = re.compile(
    "(?:还|暂时|没有?)?(?:[弗勿朆冇唔呒仲从并]|一直|压根|暂[未时]|用不着|[未不]曾|在|不需)"
)
# Kinds in which a single wrong character is worth mending.
_MENDED = frozenset(
    {"disease", "member", "district", "platform", "material", "form", "other-disease", "exempt"}
)


def _plant(trie: Trie, steps: Iterable[str], number: int) -> None:
    node = trie
    for step in steps:
        node = node.setdefault(step, {})
    node.setdefault(END, []).append(number)


# Kinds of which one name has one value; a cue may hint at several things.
_UNIQUE = frozenset(
    {"region", "district", "disease", "platform", "scheme", "population", "hospital"}
)


def _refuse_doubles(names: tuple[Name, ...]) -> None:
    seen: dict[tuple[str, str], Name] = {}
    for name in names:
        if name.kind not in _UNIQUE:
            continue
        first = seen.setdefault((name.kind, name.text), name)
        if first.value != name.value:
            raise AmbiguousName(name.text, name.kind, first.value, name.value)


def _spoken(name: Name) -> Iterator[tuple[str, ...]]:
    """The ways a name sounds: 成都 is cheng-dou by its characters and cheng-du as a place."""
    most = 2 if name.kind in _PLACES and len(name.text) < 4 else 1
    heard = [sounds(char)[:most] or (char,) for char in name.text]
    if name.kind != "neg" and not _DIALECT.match(name.text):
        yield from product(*heard)


def _is_abbreviated(name: Name) -> bool:
    """Whether people type the first letters of a name: tnb for a disease, xe for 限额."""
    if len(name.text) < 2:
        return False
    long = len(name.text) > 2 and (name.kind not in {"cue", "ask"} or name.value == "gate")
    return name.kind in _ABBREVIATED and (not name.alias or long)


def _is_mended(name: Name) -> bool:
    """Whether one slip in a name is worth mending: a long name, and no mere frame of words."""
    if name.kind in _MENDED:
        return len(name.text) >= 3 and not (name.alias and _DENIED.match(name.text))
    return name.kind == "cue" and len(name.text) >= 4 and _FRAME.isdisjoint(name.text)


def written(lexicon: Lexicon, text: str) -> tuple[Name, ...]:
    """The names that are written just so."""
    node: Trie = lexicon.exact
    for char in text:
        node = node.get(char, {})
    return tuple(lexicon.names[number] for number in node.get(END, ()))


def pair_of(one: str, two: str) -> str:
    """Two characters side by side, whatever their order."""
    return one + two if one <= two else two + one


def build(names: Iterable[Name]) -> Lexicon:
    """The lexicon of some names. Raises AmbiguousName where one name has two values."""
    folded = (Name(n.kind, n.value, normalise(n.text).text.strip(), n.alias) for n in names)
    unique = tuple(dict.fromkeys(name for name in folded if name.text))
    _refuse_doubles(unique)
    exact: Trie = {}
    sound: Trie = {}
    initials: Trie = {}
    pairs: dict[str, list[tuple[int, int, int]]] = {}
    framed: dict[str, list[int]] = {}
    for number, name in enumerate(unique):
        _plant(exact, name.text, number)
        single = len(name.text) < 2 and name.kind not in {"cue", "ask"}
        han = sum(map(is_han, name.text))
        if single or (han < 2 and not (han == len(name.text) == 1)):
            continue
        for spoken in _spoken(name):
            _plant(sound, spoken, number)
        if han < len(name.text):
            continue
        if _is_abbreviated(name):
            _plant(initials, (readings(char)[0][:1] for char in name.text), number)
        if _is_mended(name):
            for pair, at in {
                pair_of(*two): at for at, two in enumerate(pairwise(name.text))
            }.items():
                pairs.setdefault(pair, []).append((number, at, len(name.text)))
            if len(name.text) == 3:  # 治疔期 shares its frame with 治疗期
                framed.setdefault(name.text[0] + name.text[2], []).append(number)
    return Lexicon(unique, exact, sound, initials, _frozen(pairs), _frozen(framed))


def _frozen(lists: dict[str, list[T]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(values) for key, values in lists.items()}
