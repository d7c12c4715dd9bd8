"""The steps of understanding in order: normalise, measure, spot, slots, clauses, topics."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from intents.clauses import Clause, asks, clauses, focus
from intents.lexicon import Lexicon, build
from intents.match import Bag, Index, bag_of, candidates, index
from intents.names import all_names, vocabulary
from intents.normalise import normalise
from intents.places import insured_places
from intents.quantities import Quantity, quantities
from intents.slots import slots_of
from intents.spotting import spot
from intents.topics import Topic, phrasings, topics
from intents.understanding import Ask, Candidate, Form, Slot, Token, Understanding, Verdict
from knowledge.pack import Library

_VERB_NOT_VERB = re.compile(r"([\u4e00-\u9fff])[不没]\1")
_FINAL_NOT = re.compile(r"(?P<no>不|没有|没|否|伐|不啦|不呀|不啊)(?=\s*(?:$|[,。!?;]))")
FLOOR = 0.5  # below this score no topic is taken for what was asked
MARGIN = 0.03  # two topics nearer than this are not told apart by their score
_ALIEN = 0.9  # unexplained words may weigh this much beside what a phrasing explains
_NEEDED = 1.06  # a topic whose slots are all there is the likelier
_AVOIDED = 0.7  # what a topic keeps of its score beside a slot that speaks against it
_EXPLAINED = 0.8  # a covered topic this clear is not put down to medical advice
_JOINTS = frozenset({"和", "以及", "还有", "跟", "与", "及", "同"})
_SECOND = 0.72  # a second question in one clause must be this clear
ELLIPSIS = ""  # the topic of an ask that names only slots: 退休的呢


class Engine(Struct, frozen=True):
    """Everything that understanding needs, built once from the packs and the vocabulary."""

    lexicon: Lexicon
    index: Index
    topics: dict[str, Topic]
    outside: dict[str, tuple[str, str]]
    lineages: dict[str, frozenset[str]]
    conditions: dict[str, dict[str, tuple[str, ...]]]
    homes: dict[str, str]
    always: frozenset[str]


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
        {f"{p.region.id}/{faq.id}": faq.when for p in library.packs for faq in p.faqs if faq.when},
        _homes(library),
        frozenset(row["value"] for row in rows if row.get("always")),
    )


def _homes(library: Library) -> dict[str, str]:
    """The region of every region, district and platform, where only one region has it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for pack in library.packs:
        region = pack.region.id
        owners[f"region:{region}"].add(region)
        for district in pack.districts:
            owners[f"district:{district.id}"].add(region)
            owners[f"landmark:{district.id}"].add(region)
        for platform in pack.platforms:
            owners[f"platform:{platform.id}"].add(region)
    return {name: regions.pop() for name, regions in owners.items() if len(regions) == 1}


class Reading(Struct, frozen=True):
    """A message taken apart, before topics are decided."""

    tokens: tuple[Token, ...]
    amounts: tuple[Quantity, ...]
    slots: tuple[Slot, ...]
    rejected: tuple[str, ...]


def read(engine: Engine, text: str) -> Reading:
    """The tokens, quantities and slots of a normalised text, places that do not count left out."""
    amounts = quantities(text)
    spotted, rejected = spot(engine.lexicon, text)
    tokens = tuple(
        token
        for token in dict.fromkeys(spotted)
        if not any(q.start < token.end and token.start < q.end for q in amounts)
    )
    tokens = _framed(text, tokens)
    asking = focus(clauses(text, tokens))
    asked = (asking[0].start, asking[-1].end) if asking else (0, 0)
    tokens = insured_places(text, tokens, asked)
    return Reading(tokens, amounts, slots_of(tokens, amounts, text), rejected)


def _framed(text: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """With the question words that are no names: 认不认, and a 不 at the end of a clause."""
    frames = [m.span() for m in _VERB_NOT_VERB.finditer(text)]
    frames += [m.span("no") for m in _FINAL_NOT.finditer(text)]
    made = tuple(Token("ask", "yn", text[a:b], a, b) for a, b in frames)
    kept = (t for t in tokens if not any(a < t.end and t.start < b for a, b in frames))
    return tuple(sorted((*kept, *made), key=lambda token: token.start))


def understand(engine: Engine, raw: str, region: str | None = None) -> Understanding:
    """A message, with the region of the conversation if known → what it asks."""
    normal = normalise(raw)
    reading = read(engine, normal.text)
    region = region_of(engine, reading.slots) or region
    found = clauses(normal.text, reading.tokens)
    asked: list[tuple[Ask, tuple[Candidate, ...]]] = []
    whole = Clause(0, len(normal.text), reading.tokens, False, normal.text)
    if any(t.kind == "outside" and t.value in engine.always for t in reading.tokens):
        asked = [(_ask("outside", reading, whole, ()), ())]
        found = ()
    for clause in focus(found):
        asked += _asks(engine, reading, clause, region)
    if not any(ask.topic for ask, _ in asked) and len(found) > 1:
        asked = _asks(engine, reading, whole, region) or asked
    merged = _merged([ask for ask, _ in asked])
    ranked = tuple(c for _, cs in asked for c in cs)
    confidence = min((_score(ask, ranked) for ask in merged), default=0.0)
    return Understanding(
        normal, merged, _verdict(merged), confidence, ranked[:12], reading.tokens, reading.rejected
    )


def region_of(engine: Engine, slots: Iterable[Slot]) -> str | None:
    """The region that slots name or imply: a region, a district, a platform only one region has."""
    for kind in ("region", "district", "landmark", "platform"):
        for slot in slots:
            if slot.name == kind and (home := engine.homes.get(f"{kind}:{slot.value}")):
                return home
    return None


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
    bag, told = _bag(reading, clause), bag_of(reading.tokens)
    ranked = _ranked(engine, (bag, told), region, reading.slots)
    if outside := _outside(engine, clause, ranked):
        return [(_ask("outside", reading, clause, ()), outside)]
    if not ranked or not _explains(ranked[0], bag) or not _has_content(bag):
        slots = _slots_in(reading, clause)
        return [(_ask(ELLIPSIS, reading, clause, ranked), ranked)] if slots or ranked else []
    made = [(_ask(ranked[0].topic, reading, clause, ranked), ranked)]
    taken = ranked[0]
    rest = _without(bag, _bag_of_candidate(engine, taken))
    if _has_content(rest) and _several(clause):
        second = _ranked(engine, (rest, rest), region, reading.slots)
        if second and second[0].score >= _SECOND and second[0].topic != taken.topic:
            made.append((_ask(second[0].topic, reading, clause, second), second))
    return made


def _several(clause: Clause) -> bool:
    """Whether a clause can hold two questions: two question words, none at all, or an 和."""
    words = [token for token in clause.tokens if asks(token)]
    joined = any(token.said in _JOINTS for token in clause.tokens)
    return len(words) != 1 or joined


def _outside(
    engine: Engine, clause: Clause, ranked: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """What lies outside, unless it only sounds medical and a covered topic explains the clause."""
    if ranked and ranked[0].score >= _EXPLAINED:
        reasons = {engine.outside[t.value][0] for t in clause.tokens if t.kind == "outside"}
        topic = engine.topics.get(ranked[0].topic)
        if reasons == {"medical"} or (topic and topic.anyway):
            return ()
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


def _ranked(
    engine: Engine, bags: tuple[Bag, Bag], region: str | None, slots: tuple[Slot, ...]
) -> tuple[Candidate, ...]:
    """The candidates of what was asked (and told), without the entries of other regions or conditions, best first.

    A topic that avoids a kind of slot loses score where that slot was named.
    """
    lineage = engine.lineages.get(region or "", frozenset(engine.lineages))
    found = (
        one
        for one in candidates(engine.index, *bags)
        if one.entry is None
        or (one.entry.partition("/")[0] in lineage and _fits(engine, one.entry, slots))
    )
    weighed = [structs.replace(one, score=one.score * _fitness(engine, one, bags[0])) for one in found]
    return tuple(sorted(weighed, key=lambda one: -one.score))


def _fits(engine: Engine, entry: str, slots: tuple[Slot, ...]) -> bool:
    """Whether no slot has another value than an entry is about."""
    for name, values in engine.conditions.get(entry, {}).items():
        said = {slot.value for slot in slots if slot.name == name}
        if said and said.isdisjoint(values):
            return False
    return True


def _fitness(engine: Engine, candidate: Candidate, bag: Bag) -> float:
    """What a topic keeps of its score: less beside a slot it avoids, more beside those it needs."""
    topic = engine.topics.get(candidate.topic)
    if topic is None:
        return 1.0
    if any(f"slot:{name}" in bag for name in topic.avoids):
        return _AVOIDED
    needed = topic.needs and all(f"slot:{name}" in bag for name in topic.needs)
    return _NEEDED if needed and candidate.entry is None else 1.0


def _explains(candidate: Candidate, bag: Bag) -> bool:
    """Whether a candidate is about what was said, and not only about the slots around it."""
    if candidate.score < FLOOR:
        return False
    if candidate.common == 0.0:
        return candidate.alien == 0.0 and not any(f.startswith("cue:") for f in bag)
    return candidate.alien <= _ALIEN * candidate.common



def _slots_in(reading: Reading, clause: Clause) -> tuple[Slot, ...]:
    return tuple(s for s in reading.slots if clause.start <= s.span[0] and s.span[1] <= clause.end)


def _ask(
    topic: str, reading: Reading, clause: Clause, ranked: tuple[Candidate, ...]
) -> Ask:
    own = _slots_in(reading, clause)
    named = {slot.name for slot in own}
    slots = (*own, *(slot for slot in reading.slots if slot.name not in named))
    words = {token.value for token in clause.tokens if token.kind == "ask"}
    open_words = words - {"yn"} or any(asks(t) for t in clause.tokens if t.kind == "cue")
    form: Form = "yes_no" if "yn" in words and not open_words else "open"
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
