"""Search as you type: a few characters or letters → what they may stand for, best first.

What was typed is covered with names, from its first character to its last: a name may be whole or
begun, in characters, in pinyin, by its initials, mixed, with one slip. An entry is the better, the
more of what was typed its names cover, the closer they are, and the less of it was left out.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from msgspec import Struct

from bot.hits import Entry, Hit, entries, title_of
from bot.keys import LEAST_SLIPPED, Edge, Key, Keys
from bot.service import Service
from intents.lexicon import Name, build
from intents.names import all_names, vocabulary
from intents.normalise import is_han, normalise
from intents.topics import topics
from knowledge.pack import GENERAL, Library

__all__ = ["Hit", "Index", "find", "index", "index_of"]

LONGEST = 28  # characters of a query that are looked at
_FILLER = "filler"
_FILLERS = frozenset({"ask", "filler", "scheme", "population", "hospital"})
_SLOTS = frozenset({"hotline", "exempt", "platform", "material"})
_OTHERS = _FILLERS | _SLOTS | {"member", "landmark"}
_IN_PARTS = frozenset({"disease", "district", "platform", "material"})
_ALIAS = 0.15
_PASSED = 0.12  # a character of a word that only fills
_MISSED = 1.1  # a character that stands for nothing
_MISSED_LETTER = 0.6
_MOST_MISSED = {True: 0.5, False: 0.45}  # the share of characters, of letters that may be left
_LOOSE = 0.4  # a word of a rule's topic, where the rule's own title is not what was typed
_FARTHEST = 1.6  # what costs so much more than the best is not shown
_SURE = 0.6  # up to this cost a place counts as named

Edges = dict[str, list[Edge]]
# Where a stretch ends, what it costs, the part of the entry that it names and what that is worth.
Step = tuple[int, float, int, float]
_FAR = 99.0
_NOTHING = (_FAR, 0, 0)
_HELD = 2  # indexes that are kept
_made: dict[tuple[str, date], Index] = {}


class Index(Struct, frozen=True):
    """Everything that can be found and the names that it is found by."""

    entries: tuple[Entry, ...]
    of: dict[str, tuple[int, ...]]
    lineages: dict[str, frozenset[str]]
    topics: dict[str, frozenset[str]]
    keys: Keys


def index(library: Library, names: Iterable[Name] | None = None) -> Index:
    """The index of a library; `names` are those of its lexicon, where that is at hand."""
    own = {topic.id: topic for topic in topics()}
    found = tuple(entries(library, own))
    of: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(found):
        for thing in sorted(
            {thing for part in entry.parts for thing in part.things | part.loosely}
        ):
            of[thing].append(number)
    spoken = names or build(all_names(library, vocabulary())).names
    with undisturbed():
        trie = Keys((*_of_names(spoken, of), *_of_titles(library, found)))
    lineages = {r: frozenset(p.region.id for p in library.lineage(r)) for r in library.regions}
    by_region = {
        region: frozenset(one.topic for one in found if one.hit.region == region)
        for region in library.regions
    }
    numbers = {thing: tuple(at) for thing, at in of.items()}
    return Index(found, numbers, lineages, by_region, trie)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Make many small things that all stay, without a search for rubbish after every few of them.

    Beside an engine that fills the memory already, those searches take twice the time of the work.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def index_of(served: Service, day: date) -> Index:
    """The index of what a service says on a day: made once, and anew on another day.

    Requests that began before a reload still want that of the packs before.
    """
    key = (served.library.fingerprint, day)
    found = _made.get(key)
    if found is None:
        found = index(served.valid(day), served.engine.lexicon.names)
        for old in list(_made)[: max(0, len(_made) + 1 - _HELD)]:
            _made.pop(old, None)
        _made[key] = found
    return found


def _of_names(names: Iterable[Name], of: dict[str, list[int]]) -> Iterator[Key]:
    """The names of the lexicon that lead to an entry, and those that only fill."""
    for name in names:
        if not (name.kind in _OTHERS or f"{name.kind}:{name.value}" in of):
            continue
        text = name.text
        cost = _ALIAS if name.alias else 0.0
        if name.kind in _FILLERS:
            yield Key(text, _FILLER)
        if name.kind == "member":
            yield Key(text, f"disease:{name.value.partition(':')[0]}", _ALIAS)
        if name.kind == "landmark":
            yield Key(text, f"district:{name.value}", _ALIAS)
        if name.kind in _SLOTS and f"slot:{name.kind}" in of:
            yield Key(text, f"slot:{name.kind}", cost)
        if (thing := f"{name.kind}:{name.value}") in of:
            parts = name.kind in _IN_PARTS
            yield Key(text, thing, cost, parts, _is_short(name, text))


def _is_short(name: Name, text: str) -> bool:
    """Whether the first letters of a name stand for it: all of a disease's, a cue's own name."""
    if name.kind in {"disease", "district", "region"}:
        return 2 <= len(text) <= 8
    return name.kind == "cue" and (not name.alias or len(text) > 3)


def _of_titles(library: Library, found: Iterable[Entry]) -> Iterator[Key]:
    """The titles of what is no disease and no office, and the ways in which a rule is asked for."""
    for hit in (entry.hit for entry in found):
        if hit.kind in {"rule", "document", "region"}:
            yield Key(_plain(hit.title), title_of(hit), parts=True, short=True)
    for pack in library.packs:
        for faq in pack.faqs:
            thing = f"title:{pack.region.id}/rule/{faq.id}"
            for text in (*faq.asks, *faq.yes, *faq.no):
                yield Key(_plain(text), thing, _ALIAS)


def _plain(text: str) -> str:
    """A text without blanks and marks."""
    return "".join(char for char in normalise(text).text if char.isalnum() or char == "+")


def find(index: Index, text: str, *, region: str | None = None, limit: int = 8) -> tuple[Hit, ...]:
    """What a text may stand for, best first; nothing where it stands for nothing.

    `region` keeps to what holds there, unless the text names another region.
    """
    said = _said(text)
    if not said.strip() or limit < 1:
        return ()
    edges = _edges(index, said)
    regions = _allowed(index, edges, region)
    ranked = _ranked(index, said, edges, regions)
    if not ranked or ranked[0][1]:
        _mend(index, said, edges)
        ranked = _ranked(index, said, edges, regions)
    near = [one for one in ranked if one[1] == ranked[0][1] and one[0] < ranked[0][0] + _FARTHEST]
    return tuple(index.entries[number].hit for _, _, number in near[:limit])


def _said(text: str) -> str:
    """What was typed, its words parted by one blank."""
    folded = normalise(text[: 4 * LONGEST]).text
    kept = "".join(char if char.isalnum() or char == "+" else " " for char in folded)
    return " ".join(kept.split())[:LONGEST]


def _allowed(index: Index, edges: Edges, region: str | None) -> frozenset[str]:
    """The regions whose entries may be found."""
    if region is None:
        return frozenset(index.lineages)
    named = {
        thing.partition(":")[2]
        for thing, found in edges.items()
        if thing.startswith("region:") and any(edge.cost < _SURE for edge in found)
    }
    return index.lineages.get(region, frozenset({GENERAL})) | named


def _words(said: str) -> Iterator[tuple[int, int]]:
    """Where each word begins and ends."""
    start = 0
    for part in said.split(" "):
        yield start, start + len(part)
        start += len(part) + 1


def _edges(index: Index, said: str) -> Edges:
    """Every stretch that stands for something, by what it stands for."""
    cheapest: dict[tuple[int, int, str], float] = {}
    for start, end in _words(said):
        for at in range(start, end):
            for edge in index.keys.walked(said, at, end, inside=at > start):
                key = (at, edge.end, edge.thing)
                cheapest[key] = min(cheapest.get(key, 9.0), edge.cost)
    found: Edges = defaultdict(list)
    for (start, end, thing), cost in cheapest.items():
        found[thing].append(Edge(start, end, thing, cost))
    return found


def _mend(index: Index, said: str, edges: Edges) -> None:
    """Add what stretches stand for if one character is wrong.

    Not where all but that character is the name of another thing: 透析地 is no 透析前.
    """
    named = [edge for found in edges.values() for edge in found if edge.cost <= _ALIAS]
    for start, end in _words(said):
        for at in range(start, end):
            for to in range(at + LEAST_SLIPPED, end + 1):
                inside = {
                    edge.thing
                    for edge in named
                    if at <= edge.start and edge.end <= to and edge.end - edge.start >= to - at - 1
                }
                for edge in index.keys.slipped(said, at, to):
                    if inside <= {edge.thing}:
                        edges[edge.thing].append(edge)


def _ranked(
    index: Index, said: str, edges: Edges, regions: frozenset[str]
) -> list[tuple[float, int, int]]:
    """What each entry comes to, the best first: cost, characters that are missed, its number.

    Beside one region's own, general advice on a topic that the region has rules for is left out.
    """
    own = index.topics.get(min(regions - {GENERAL}, default=""), frozenset())
    silent = own if len(regions - {GENERAL}) == 1 else frozenset()
    numbers = {number for thing in edges for number in index.of.get(thing, ())}
    query = _Query(said, edges)
    most = _MOST_MISSED[any(map(is_han, said))] * len(said)
    found = []
    for number in sorted(numbers):
        entry = index.entries[number]
        region = entry.hit.region
        if region in regions and not (region == GENERAL and entry.topic in silent):
            cost, missed = _covered(entry, query)
            if missed <= most:
                found.append((round(cost, 4), missed, number))
    return sorted(found, key=lambda one: (one[1], one[0], one[2]))


class _Query:
    """What was typed, with all that does not depend on the entry that it is held against."""

    def __init__(self, said: str, edges: Edges) -> None:
        self.edges = edges
        self.size = len(said)
        self.missing = [
            (0.0, 0) if char == " " else (_MISSED if is_han(char) else _MISSED_LETTER, 1)
            for char in said
        ]
        self.fillers: dict[int, list[Step]] = defaultdict(list)
        for edge in edges.get(_FILLER, ()):
            if edge.cost == 0:
                step = (edge.end, _PASSED * (edge.end - edge.start), 0, 0.0)
                self.fillers[edge.start].append(step)


def _covered(entry: Entry, query: _Query) -> tuple[float, int]:
    """The cheapest way to cover what was typed with an entry's names: its cost, and what it misses.

    Each part of the entry that is named takes its weight off, once.
    """
    steps: dict[int, list[Step]] = {at: [*there] for at, there in query.fillers.items()}
    for number, part in enumerate(entry.parts):
        for things, more in ((part.things, 0.0), (part.loosely, _LOOSE)):
            for thing in things & query.edges.keys():
                for edge in query.edges[thing]:
                    step = (edge.end, edge.cost + more, 1 << number, part.weight)
                    steps.setdefault(edge.start, []).append(step)
    best = [_NOTHING] * (query.size + 1)
    best[0] = (sum(part.weight for part in entry.parts) + entry.handicap, 0, 0)
    for at, (more, one) in enumerate(query.missing):
        cost, missed, used = best[at]
        best[at + 1] = min(best[at + 1], (cost + more, missed + one, used))
        for end, step_cost, flag, weight in steps.get(at, ()):
            worth = 0.0 if used & flag else weight
            found = (cost + step_cost - worth, missed, used | flag)
            best[end] = min(best[end], found)
    cost, missed, used = best[-1]
    return (cost, missed) if used else (_FAR, query.size)
