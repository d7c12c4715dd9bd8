"""The steps of understanding in order: normalise, measure, spot, slots, clauses, topics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from intents.clauses import Clause, clauses, focus
from intents.lexicon import Lexicon, build
from intents.match import Bag, Index, bag_of, candidates, index
from intents.names import all_names, vocabulary
from intents.normalise import normalise
from intents.quantities import Quantity, quantities
from intents.slots import slots_of
from intents.spotting import spot
from intents.topics import Topic, phrasings, topics
from intents.understanding import Ask, Candidate, Form, Slot, Token, Understanding, Verdict
from knowledge.pack import Library

FLOOR = 0.5  # below this score no topic is taken for what was asked
MARGIN = 0.03  # two topics nearer than this are not told apart by their score
_AVOIDED = 0.7  # what a topic keeps of its score beside a slot that speaks against it
_SECOND = 0.72  # a second question in one clause must be this clear
ELLIPSIS = ""  # the topic of an ask that names only slots: 退休的呢


class Engine(Struct, frozen=True):
    """Everything that understanding needs, built once from the packs and the vocabulary."""

    lexicon: Lexicon
    index: Index
    topics: dict[str, Topic]
    outside: dict[str, tuple[str, str]]
    lineages: dict[str, frozenset[str]]


def engine(library: Library) -> Engine:
    """Build the engine of a library."""
    rows = vocabulary()
    lexicon = build(all_names(library, rows))
    own = topics()
    return Engine(
        lexicon,
        index(lexicon, phrasings(library, own)),
        {topic.id: topic for topic in own},
        {row["value"]: (row["reason"], row["label"]) for row in rows if row["kind"] == "outside"},
        {r: frozenset(p.region.id for p in library.lineage(r)) for r in library.regions},
    )


class Reading(Struct, frozen=True):
    """A message taken apart, before topics are decided."""

    tokens: tuple[Token, ...]
    amounts: tuple[Quantity, ...]
    slots: tuple[Slot, ...]
    rejected: tuple[str, ...]


def read(engine: Engine, text: str) -> Reading:
    """The tokens, quantities and slots of a normalised text."""
    amounts = quantities(text)
    spotted, rejected = spot(engine.lexicon, text)
    tokens = tuple(
        token
        for token in dict.fromkeys(spotted)
        if not any(q.start < token.end and token.start < q.end for q in amounts)
    )
    return Reading(tokens, amounts, slots_of(tokens, amounts), rejected)


def understand(engine: Engine, raw: str, region: str | None = None) -> Understanding:
    """A message, with the region of the conversation if known → what it asks."""
    normal = normalise(raw)
    reading = read(engine, normal.text)
    found = clauses(normal.text, reading.tokens)
    asked: list[tuple[Ask, tuple[Candidate, ...]]] = []
    for clause in focus(found):
        asked += _asks(engine, reading, clause, region)
    if not any(ask.topic for ask, _ in asked) and len(found) > 1:
        whole = Clause(0, len(normal.text), reading.tokens, asking=False)
        asked = _asks(engine, reading, whole, region) or asked
    asks = _merged([ask for ask, _ in asked])
    ranked = tuple(c for _, cs in asked for c in cs)
    confidence = min((_score(ask, ranked) for ask in asks), default=0.0)
    return Understanding(
        normal, asks, _verdict(asks), confidence, ranked[:12], reading.tokens, reading.rejected
    )


def _score(ask: Ask, ranked: tuple[Candidate, ...]) -> float:
    if ask.topic in {ELLIPSIS, "outside"}:
        return 0.5 if ask.slots else 0.0
    return max((c.score for c in ranked if c.topic == ask.topic), default=0.0)


def _verdict(asks: tuple[Ask, ...]) -> Verdict:
    if not any(ask.topic for ask in asks):
        return "unknown"
    return "incomplete" if any(ask.missing for ask in asks) else "clear"


def _asks(
    engine: Engine, reading: Reading, clause: Clause, region: str | None
) -> list[tuple[Ask, tuple[Candidate, ...]]]:
    """The questions of one clause: usually one, more where several topics are named in full."""
    if outside := _outside(clause):
        return [(_ask("outside", reading, clause, ()), outside)]
    bag = _bag(reading, clause)
    ranked = _ranked(engine, bag, region)
    if not ranked or ranked[0].score < FLOOR or not _has_content(bag):
        slots = _slots_in(reading, clause)
        return [(_ask(ELLIPSIS, reading, clause, ranked), ranked)] if slots or ranked else []
    made = [(_ask(ranked[0].topic, reading, clause, ranked), ranked)]
    taken = ranked[0]
    rest = _without(bag, _bag_of_candidate(engine, taken))
    if _has_content(rest):
        second = _ranked(engine, rest, region)
        if second and second[0].score >= _SECOND and second[0].topic != taken.topic:
            made.append((_ask(second[0].topic, reading, clause, second), second))
    return made


def _outside(clause: Clause) -> tuple[Candidate, ...]:
    return tuple(
        Candidate("outside", 1.0, token.said, token.value)
        for token in clause.tokens
        if token.kind == "outside"
    )


def _bag(reading: Reading, clause: Clause) -> Bag:
    """The features of a clause; what disease and money the rest of the message names is context."""
    amounts = [q for q in reading.amounts if clause.start <= q.start and q.end <= clause.end]
    context = [t for t in reading.tokens if t.kind in {"disease", "tumour", "other-disease"}]
    return bag_of(clause.tokens, amounts) | bag_of(context) | bag_of((), reading.amounts)


def _has_content(bag: Bag) -> bool:
    return any(feature.startswith(("cue:", "word:")) for feature in bag)


def _without(bag: Bag, used: Bag) -> Bag:
    return frozenset(f for f in bag if f not in used or f.startswith(("slot:", "is:", "ask:")))


def _bag_of_candidate(engine: Engine, candidate: Candidate) -> Bag:
    for row in engine.index.rows:
        if row.phrasing.topic == candidate.topic and candidate.why.endswith(row.phrasing.text):
            return row.bag
    return frozenset()


def _ranked(engine: Engine, bag: Bag, region: str | None) -> tuple[Candidate, ...]:
    """The candidates of a bag without the entries of other regions, best first.

    A topic that avoids a kind of slot loses score where that slot was named.
    """
    lineage = engine.lineages.get(region or "", frozenset(engine.lineages))
    found = (
        one
        for one in candidates(engine.index, bag)
        if one.entry is None or one.entry.partition("/")[0] in lineage
    )
    weighed = [structs.replace(one, score=one.score * _avoidance(engine, one, bag)) for one in found]
    return tuple(sorted(weighed, key=lambda one: -one.score))


def _avoidance(engine: Engine, candidate: Candidate, bag: Bag) -> float:
    topic = engine.topics.get(candidate.topic)
    avoided = topic is not None and any(f"slot:{name}" in bag for name in topic.avoids)
    return _AVOIDED if avoided else 1.0


def _slots_in(reading: Reading, clause: Clause) -> tuple[Slot, ...]:
    return tuple(s for s in reading.slots if clause.start <= s.span[0] and s.span[1] <= clause.end)


def _ask(
    topic: str, reading: Reading, clause: Clause, ranked: tuple[Candidate, ...]
) -> Ask:
    own = _slots_in(reading, clause)
    named = {slot.name for slot in own}
    slots = (*own, *(slot for slot in reading.slots if slot.name not in named))
    asks = {token.value for token in clause.tokens if token.kind == "ask"}
    form: Form = "yes_no" if "yn" in asks and not asks - {"yn"} else "open"
    return Ask(
        topic,
        slots,
        frozenset(t.value for t in clause.tokens if t.kind in {"cue", "ask"}),
        form,
        any(token.kind == "neg" for token in clause.tokens),
        tuple(c for c in ranked if c.topic == topic),
    )


def _merged(asks: list[Ask]) -> tuple[Ask, ...]:
    """Asks of one topic about the same things become one; empty ones go where others stay."""
    kept: dict[tuple[object, ...], Ask] = {}
    for ask in asks:
        key = (ask.topic, tuple(s.value for s in ask.slots if s.name in {"disease", "district"}))
        before = kept.get(key)
        kept[key] = structs.replace(before, cues=before.cues | ask.cues) if before else ask
    full = [ask for ask in kept.values() if ask.topic]
    return tuple(full or kept.values())


def labels(engine: Engine, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The reason and the label of what lies outside."""
    for value in values:
        yield engine.outside[value]
