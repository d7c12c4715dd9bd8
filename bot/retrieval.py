"""The peer of an evaluation: plain retrieval, which answers with the nearest row of the knowledge.

Every entry, cell, office, procedure and list is a row of text; a row is the nearer, the more pairs
of characters it shares with what was said in the conversation, rare ones counting more (TF-IDF and
the cosine). It knows no slots, twins or reasons to decline; below a floor it says nothing.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from bot.compose.figures import ALL, ages, described, who
from bot.evaluation import Case, Verdict, judge
from bot.messages import Answer, Status, Text
from intents.normalise import normalise
from knowledge.pack import Library, Pack

_FLOOR = 0.12  # a cosine below which no row is near


class Rows(Struct, frozen=True):
    """Rows of text with the weight of each pair of characters in each of them."""

    texts: tuple[str, ...]
    rarity: dict[str, float]
    postings: dict[str, tuple[tuple[int, float], ...]]


def retrieved(library: Library, cases: Iterable[Case]) -> Iterator[Verdict]:
    """Judge what plain retrieval replies to every case."""
    known: dict[str | None, Rows] = {}
    for case in cases:
        if case.region not in known:
            packs = library.lineage(case.region) if case.region else library.packs
            known[case.region] = index([row for pack in packs for row in rows_of(pack)])
        found = nearest(known[case.region], "".join(case.turns))
        status: Status = "answered" if found else "declined_unknown"
        yield judge(case, Answer(status, (Text(found),)))


def rows_of(pack: Pack) -> Iterator[str]:
    """Everything that a pack says, a row each."""
    names = {disease.id: disease.name for disease in pack.diseases}
    districts = {district.id: district.name for district in pack.districts}
    for faq in pack.faqs:
        yield faq.title + faq.says + "".join(point.says for point in faq.points)
    for cell in pack.benefits:
        yield names[cell.disease] + who(cell) + ages(cell) + described(cell, ALL)
    for one in pack.offices:
        parts = (districts[one.district], one.address, one.hall, one.window, one.account.name)
        yield "".join(part or "" for part in parts)
    for procedure in pack.procedures:
        yield procedure.name + "".join(step.says for step in procedure.steps)
    if pack.materials:
        yield "".join(paper.name + (paper.detail or "") for paper in pack.materials)
    for definition in pack.definitions:
        yield definition.name + "".join(member.name for member in definition.members)
    for ceiling in pack.ceilings:
        yield ceiling.says
    for hotline in pack.hotlines:
        yield hotline.name + hotline.number + hotline.use


def index(texts: Iterable[str]) -> Rows:
    """Rows ready to be searched."""
    kept = tuple(texts)
    counts = [Counter(_pairs(text)) for text in kept]
    users = Counter(pair for count in counts for pair in count)
    rarity = {pair: math.log(1 + len(kept) / used) for pair, used in users.items()}
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, count in enumerate(counts):
        weights = {pair: times * rarity[pair] for pair, times in count.items()}
        size = math.hypot(*weights.values()) or 1.0
        for pair, weight in weights.items():
            postings[pair].append((number, weight / size))
    return Rows(kept, rarity, {pair: tuple(found) for pair, found in postings.items()})


def nearest(rows: Rows, said: str) -> str:
    """The row nearest to what was said; empty where none is near."""
    weights = {p: n * rows.rarity.get(p, 0.0) for p, n in Counter(_pairs(said)).items()}
    size = math.hypot(*weights.values()) or 1.0
    scores: dict[int, float] = defaultdict(float)
    for pair, weight in weights.items():
        for number, share in rows.postings.get(pair, ()):
            scores[number] += weight / size * share
    if not scores:
        return ""
    best = max(scores, key=lambda number: (scores[number], -number))
    return rows.texts[best] if scores[best] >= _FLOOR else ""


def _pairs(text: str) -> list[str]:
    return ["".join(pair) for pair in pairwise(normalise(text).text)]
