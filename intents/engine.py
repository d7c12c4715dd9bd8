"""The steps of understanding in order: normalise, read, clauses, topics, one ask a question."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from msgspec import Struct, structs

from intents.asking import ELLIPSIS, ask_of, gone_on, merged, slots_for, slots_in, uncovered
from intents.beyond import matter_of, patterns_of
from intents.choosing import (
    FOLLOWING,
    LITERAL,
    SOFT,
    Asked,
    Rules,
    explains,
    literal,
    outside,
    ranked,
    region_of,
    verbatim,
)
from intents.claims import Claim, claims
from intents.clauses import Clause, asks, focus, is_hearsay
from intents.lexicon import Lexicon, build
from intents.match import Bag, Index, bag_of, index
from intents.names import all_names, vocabulary
from intents.normalise import normalise
from intents.places import AWAY
from intents.reading import Reading, read
from intents.slots import SLOTTED, expensed
from intents.topics import phrasings, topics
from intents.understanding import Ask, Candidate, Slot, Token, Understanding, Verdict
from knowledge.pack import GENERAL, Library

_SECOND = 0.72  # a second question in one clause must be this clear
_JOINTS = frozenset({"和", "以及", "还有", "跟", "与", "及", "同"})
_FIGURES = frozenset({"benefit", "calculate", "coverage"})
_SHORT = 3  # clauses up to which keywords beside a question count as one
_FULL = 0.95
_MOST = 12  # questions of one message that are answered: nobody asks more in one breath
# How a clause begins that tells something on the way to a question: 用国家医保APP弄特殊病,….
_TELLING = re.compile(r"(?:[我他她咱俺人用拿在去已刚正]|就在)(?!.*问)")
_TOLD = 2.0  # a rule that is asked for beside a private matter must explain this much
# Topics that cells and lists answer, with or without an entry.
_COMPOSED = frozenset({"filing", "materials", "definition", "ceiling", "hotline", "scope"})
_OF_COLUMN = frozenset({"change", "hospital", "community", "local", "buy"})
_OF_TIME_OR_PLACE = frozenset(
    {"ask:when", "ask:where", "ask:who", "ask:howlong", "cue:effective", "cue:days", "cue:address"}
)
# Cues of questions that are asked of any matter.
_OF_ANYTHING = frozenset({"materials", "apply", "certificate", "fee", "days", "hours", "path"})
_TAGS = frozenset({"claimed", "policy"})  # 这规定也太狠了吧
_LEFT = frozenset({"remaining-limit", "balance", "own-records"})  # matters of what is left
# What asks whether somebody takes what was told before: 拍照传上去,那边认不认.
_ACCEPTED = re.compile(
    r"[^,。;!?]{0,6}(?:认不认|认吗|认可吗|收不收|算不算数|算数吗?|作数吗?|顶用吗?|行得通)"
    r"[呀啊呢吧不伐]?[,。;!? ]*"
)
_TAKEN = frozenset({"covered", "claimed", "effective"})
_PROGRESS = frozenset({"application-progress", "own-progress"})
_WAY = frozenset({"ask:where", "ask:how"})
_CLEAR = 0.95  # a question this clear by itself needs nothing that stands beside it
# Cues that are a question by themselves, whatever was spoken of: 地址给我.
_WHOLE = frozenset({"cue:address", "cue:phone", "cue:hours", "cue:fee", "cue:photo"})
USUALLY = "general"  # the cue of who asks what is usual, not what holds in a place
# Cues that without a question only tell where somebody is.
_WHEREABOUTS = frozenset({"cue:at-hospital", "cue:hospital", "cue:community", "cue:home"})
_VERBATIM = 0.9  # a phrasing of an entry this near needs no cue
_FOLLOWS = 3.3  # a phrasing that explains less than this does not make a 呢 a new question

Found = tuple[Ask, tuple[Candidate, ...]]


class Engine(Struct, frozen=True):
    """Everything that understanding needs, built once from the packs and the vocabulary."""

    lexicon: Lexicon
    index: Index
    rules: Rules
    verbatim: dict[str, Candidate]
    claims: dict[str, tuple[Claim, ...]]


class Before(Struct, frozen=True):
    """What the conversation brings along: its region, its slots, the cues of the last question."""

    region: str | None = None
    slots: tuple[Slot, ...] = ()
    cues: frozenset[str] = frozenset()
    topic: str = ""


NOTHING = Before()


def engine(library: Library) -> Engine:
    """Build the engine of a library."""
    rows = vocabulary()
    lexicon = build(all_names(library, rows))
    own = topics()
    said = tuple(phrasings(library, own))
    indexed = index(lexicon, said)
    return Engine(lexicon, indexed, _rules(library, rows), verbatim(said), claims(indexed))


def _rules(library: Library, rows: tuple[dict[str, Any], ...]) -> Rules:
    return Rules(
        {topic.id: topic for topic in topics()},
        {row["value"]: (row["reason"], row["label"]) for row in rows if row["kind"] == "outside"},
        {r: frozenset(p.region.id for p in library.lineage(r)) for r in library.regions},
        {f"{p.region.id}/{faq.id}": faq.when for p in library.packs for faq in p.faqs if faq.when},
        _homes(library),
        frozenset(row["value"] for row in rows if row.get("always")),
        {p.region.id: frozenset(faq.topic for faq in p.faqs) for p in library.packs},
        frozenset(faq.topic for p in library.packs for faq in p.faqs) - _COMPOSED,
        patterns_of(rows),
        patterns_of(row for row in rows if row.get("always") or not row.get("patterns")),
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
        for office in pack.offices:
            owners[f"account:{office.account.name}"].add(region)
        for platform in pack.platforms:
            owners[f"platform:{platform.id}"].add(region)
        for material in pack.materials:
            owners[f"material:{material.name}"].add(region)
    return {name: regions.pop() for name, regions in owners.items() if len(regions) == 1}


def understand(engine: Engine, raw: str, before: Before = NOTHING) -> Understanding:
    """A message, in a conversation of which `before` is known → what it asks."""
    normal = normalise(raw)
    reading = read(engine.lexicon, engine.rules.homes, normal.text)
    found = reading.clauses
    # In a long story what else is told does not decide, where no clause of it asks for that.
    kept = tuple(t for t in reading.tokens if t.kind != "outside" or len(found) <= _SHORT)
    whole = Clause(0, len(normal.text), kept, asking=False, text=normal.text)
    asked: list[Found] = []
    if private := _always_put(engine, normal.text):
        ask = ask_of("outside", reading, whole, _asked(engine, reading, whole, before))
        asked = [_beyond(ask, whole, private)]
    elif any(s.name == "outside" and s.value in engine.rules.always for s in reading.slots):
        asked = [(ask_of("outside", reading, whole, _asked(engine, reading, whole, before)), ())]
        asked += _besides(engine, reading, before)
    else:
        for clause in _questions(engine, reading, found, before):
            if not (asked and asked[-1][0].topic == "outside" and _names_nothing(clause)):
                asked += _asks(engine, reading, clause, before)
        if not any(ask.topic or _is_of_figure(ask) for ask, _ in asked) and len(found) > 1:
            asked = _asks(engine, reading, whole, before) or asked
    united = merged(gone_on([ask for ask, _ in _answerable(engine, asked)]))
    best = tuple(c for _, cs in asked for c in cs)
    confidence = min((_score(ask, best) for ask in united), default=0.0)
    return Understanding(
        normal, united, _verdict(united), confidence, best[:12], reading.tokens, reading.rejected
    )


def _names_nothing(clause: Clause) -> bool:
    """Whether a clause but goes on with the matter before it: 护照去哪办,要哪些材料."""
    cues = {t.value for t in clause.tokens if t.kind == "cue"}
    named = any(t.kind in _NAMING | {"scheme", "population", "region"} for t in clause.tokens)
    return bool(cues) and cues <= _OF_ANYTHING and not named


def _besides(engine: Engine, reading: Reading, before: Before) -> list[Found]:
    """What is asked for in full beside a matter that decides: 断缴多久恢复,透析报几成."""
    found: list[Found] = []
    for clause in reading.clauses if len(reading.clauses) > 1 else ():
        kinds = {token.kind for token in clause.tokens}
        if "outside" in kinds:
            continue
        named = "disease" in kinds or (clause.asking and not kinds.isdisjoint(_NAMING))
        if named and _in_full(engine, reading, clause, before, least=_SECOND):
            asked = _asks(engine, reading, clause, before)
            found += [one for one in asked if clause.asking or one[0].topic in _FIGURES]
    return found


def _answerable(engine: Engine, asked: list[Found]) -> list[Found]:
    """Without what is only told beside a question about the person's own case: 钱怎么还没到."""
    private = [one for one in asked if _is_private(engine, one[0])]
    if not private or any(ask.topic == "result" for ask, _ in asked):  # 批了没有,上哪查
        return asked
    return [(ask, best) for ask, best in asked if _is_private(engine, ask) or _is_own(ask)]


def _is_of_figure(ask: Ask) -> bool:
    """Whether a figure of a disease is asked for in so many words, whatever stands beside it."""
    return bool(ask.values("disease")) and bool(ask.cues & {"limit", "rate"})


def _is_own(ask: Ask) -> bool:
    """Whether a rule is asked for in full: 还有多少额度?康复期满了是自动停吗."""
    best = ask.ranked[0] if ask.ranked else None
    return best is not None and best.score >= _SECOND and best.alien == 0.0 and best.common > _TOLD


def _is_private(engine: Engine, ask: Ask) -> bool:
    """Whether an ask is about the person's own case, which decides the whole message."""
    matters = ask.values("outside") if ask.topic == "outside" else ()
    return any(engine.rules.outside[matter][0] == "personal" for matter in matters)


def _questions(
    engine: Engine, reading: Reading, found: tuple[Clause, ...], before: Before
) -> tuple[Clause, ...]:
    """The clauses that ask; in a short message also keywords that name a question in full."""
    asking = focus(found)[:_MOST]
    if len(found) > _SHORT:
        return asking
    return tuple(
        c
        for c in found
        if c in asking
        or (not (asking and _TELLING.match(c.text)) and _is_named(engine, reading, c, before))
    )


def _is_named(engine: Engine, reading: Reading, clause: Clause, before: Before) -> bool:
    """Whether keywords name a question in full, what others say more easily than others."""
    least = _SECOND if is_hearsay(clause.text) else _FULL
    return _in_full(engine, reading, clause, before, least=least)


def _in_full(
    engine: Engine, reading: Reading, clause: Clause, before: Before, *, least: float
) -> bool:
    bag = bag_of(clause.tokens)
    said = {f for f in bag if f.startswith(("cue:", "word:"))}
    if not (_slotted(bag) and said) or (not clause.asking and said <= _WHEREABOUTS):
        return False  # 我老公在医院透析 asks nothing
    own = Asked(bag, bag, slots_in(reading, clause), before.region)
    if {f for f in bag if f.startswith("slot:")} == {"slot:account"}:
        return False  # 我关注了苏州医保 asks nothing
    best = ranked(engine.index, engine.rules, own)
    return bool(best) and best[0].score >= least and best[0].common >= 1.5 and best[0].alien == 0.0


def _score(ask: Ask, best: tuple[Candidate, ...]) -> float:
    if ask.topic in {ELLIPSIS, "outside"}:
        return 0.5 if ask.slots else 0.0
    return min(max((c.score for c in best if c.topic == ask.topic), default=0.0), 1.0)


def _verdict(asked: tuple[Ask, ...]) -> Verdict:
    if not any(ask.topic for ask in asked):
        return "unknown"
    return "incomplete" if any(ask.missing for ask in asked) else "clear"


def _asks(engine: Engine, reading: Reading, clause: Clause, before: Before) -> list[Found]:
    """The questions of one clause: usually one, more where several topics are named in full."""
    asked = _asked(engine, reading, clause, before)
    tag = _is_tag(asked.bag) or _is_accepted(clause)
    if tag and (wider := _with_previous(reading, clause)):
        return _asks(engine, reading, wider, before)
    best = _alone(engine, reading, clause, asked) or ranked(engine.index, engine.rules, asked)
    best = _explaining(best, asked)
    if word_for_word := literal(engine.verbatim, engine.rules, asked, clause.text):
        best = (word_for_word, *best)
    followed = any(slot.name == "disease" for slot in before.slots)
    own = _undenied(reading, clause, followed=followed)
    if best and best[0].score >= _SECOND and best[0].common > _TOLD:
        own = tuple(t for t in own if not _is_plight(engine, t, clause))
    named = outside(engine.rules, own, best)
    beyond = named or _put(engine, reading, clause, best)
    if beyond and _is_left(beyond, asked, before):
        return [(ask_of("exceeding", reading, clause, asked), ())]
    if beyond:
        if looked := _looked_up(beyond, asked, best):
            return [(ask_of("result", reading, clause, asked, looked), looked)]
        return [_beyond(ask_of("outside", reading, clause, asked), clause, beyond)]
    if not best or _is_ellipsis(asked, clause, best[0], before):
        return _ellipsis(reading, clause, asked, best, before)
    made = [(ask_of(best[0].topic, reading, clause, asked, best), best)]
    rest = _without(asked.bag, engine.index.rows[best[0].row].bag)
    if any(
        f.startswith(("cue:", "word:")) and f.partition(":")[2] not in SOFT for f in rest
    ) and _several(clause):
        second = ranked(engine.index, engine.rules, structs.replace(asked, bag=rest, told=rest))
        if second and second[0].score >= _SECOND and second[0].topic != best[0].topic:
            made.append((ask_of(second[0].topic, reading, clause, asked, second), second))
    return made


def _beyond(ask: Ask, clause: Clause, beyond: tuple[Candidate, ...]) -> Found:
    """An ask outside the documents, with the matter as a slot where no name has made it one."""
    if beyond[0].entry not in ask.values("outside"):
        span = (clause.start, clause.end)
        matter = Slot("outside", beyond[0].entry or "", clause.text.strip(), span, "inferred")
        rest = tuple(slot for slot in ask.slots if slot.name != "outside")
        ask = structs.replace(ask, slots=(*rest, matter))
    return ask, beyond


def _always_put(engine: Engine, text: str) -> tuple[Candidate, ...]:
    """A matter that decides the whole message, by the way it is put: 单号12345."""
    matter = matter_of(engine.rules.decisive, text)
    return (Candidate("outside", 1.0, text, matter),) if matter else ()


def _put(
    engine: Engine, reading: Reading, clause: Clause, best: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """A matter outside by the way it is asked about: 哪家医院看狼疮最好."""
    if best and best[0].score >= LITERAL:
        return ()
    ended = [c.end for c in reading.clauses if c.asking and c.end <= clause.start]
    since = max(ended, default=0) if len(reading.clauses) <= _SHORT else clause.start
    told = reading.text[since : clause.start]
    matter = matter_of(engine.rules.patterns, clause.text, told)
    return (Candidate("outside", 1.0, clause.text, matter),) if matter else ()


def _is_left(beyond: tuple[Candidate, ...], asked: Asked, before: Before) -> bool:
    """Whether what is left of a limit can be told, for what was used is: 报掉四千了,还剩多少."""
    ill = any(slot.name == "disease" for slot in (*asked.slots, *before.slots))
    used = expensed(asked.slots) or expensed(before.slots)
    return ill and used and {one.entry for one in beyond} <= _LEFT


def _looked_up(
    beyond: tuple[Candidate, ...], asked: Asked, best: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """The phrasings on looking a result up, where it is asked how or where (上哪儿看批了没有)."""
    if not ({one.entry for one in beyond} <= _PROGRESS and asked.bag & _WAY):
        return ()
    return tuple(c for c in best if c.topic == "result") or (Candidate("result", 1.0, "result"),)


def _is_tag(bag: Bag) -> bool:
    """Whether a clause only asks whether what was said is so: 是不是真的."""
    cues = {f.removeprefix("cue:") for f in bag if f.startswith("cue:")}
    return bool(cues) and cues <= _TAGS


def _is_accepted(clause: Clause) -> bool:
    """Whether a clause only asks whether what was told is taken: 那边认不认."""
    cues = {token.value for token in clause.tokens if token.kind == "cue"}
    return cues <= _TAKEN and bool(_ACCEPTED.fullmatch(clause.text))


def _with_previous(reading: Reading, clause: Clause) -> Clause | None:
    """A clause with the one before it, which it asks about."""
    ended = [t for t in reading.tokens if t.end <= clause.start]
    if not ended:
        return None
    text = reading.text
    start = max((text.rfind(mark, 0, clause.start - 1) for mark in ",。!?;"), default=-1) + 1
    inside = tuple(t for t in reading.tokens if start <= t.start and t.end <= clause.end)
    wider = Clause(start, clause.end, inside, clause.asking, text[start : clause.end])
    return wider if start < clause.start else None


_LOCAL = frozenset({"district", "region", "landmark"})
_STATUS = re.compile(r"的(?:$|[,。;!?]|我|想|请|他|她)")
# What names a covered matter, whatever else the message speaks of.
_NAMING = frozenset(
    {"disease", "other-disease", "member", "tumour", "platform", "district", "exempt"}
)


def _undenied(reading: Reading, clause: Clause, *, followed: bool) -> tuple[Token, ...]:
    """The tokens of a clause without matters that the person rules out (不是挂号).

    `followed` is whether a disease was spoken of before this message.
    """
    meant = {slot.span[0] for slot in reading.slots if slot.name == "outside"}
    own = tuple(
        t
        for t in clause.tokens
        if t.kind != "outside" or (t.start in meant and not _is_status(reading, t))
    )
    long = len(reading.clauses) > _SHORT
    shown = any(t.kind == "material" for t in reading.tokens)  # 社保卡丢了,身份证行吗
    if any(t.kind in _NAMING for t in reading.tokens) or followed or long or shown:
        return own
    # 普通门诊看感冒,起付线多少: with nothing covered named, what came before is what is meant.
    before = [t for t in reading.tokens if t.end <= clause.start]
    told = [t for t in before if t.kind == "outside" and t.start in meant]
    if not any(t.value == "gate" for t in before):  # 下周住院开胆囊,起付线扣多少
        told += [t for t in before if t.value == "inpatient" and t.kind == "cue"]
    return (*told, *own)


def _is_plight(engine: Engine, token: Token, clause: Clause) -> bool:
    """Whether a matter only tells how somebody is, beside what is asked in full: 夜里睡不着,…."""
    if token.kind != "outside" or clause.start <= token.start < clause.end:
        return False
    return engine.rules.outside[token.value][0] == "medical"


def _is_status(reading: Reading, token: Token) -> bool:
    """Whether a matter only says where somebody is insured: 我是园区交社保的,门特去哪办."""
    placed = any(t.kind in _LOCAL and t.end == token.start for t in reading.tokens)
    return placed and bool(_STATUS.match(reading.text, token.end))


def _asked(engine: Engine, reading: Reading, clause: Clause, before: Before) -> Asked:
    """The features of a clause; what disease and money the rest names, or was said, is context."""
    slots = slots_for(reading, clause)
    if before.region is None and region_of(engine.rules, slots) is None:
        slots += _only_home(engine, reading)
    amounts = [
        q
        for q in reading.amounts
        if clause.start <= q.start
        and q.end <= clause.end
        and (q.unit != "yuan" or any(slot.span == (q.start, q.end) for slot in reading.slots))
    ]
    context = [t for t in reading.tokens if t.kind in {"disease", "tumour", "other-disease"}]
    bag = bag_of(clause.tokens, amounts) | bag_of(context)
    if not bag & _OF_TIME_OR_PLACE:  # 从哪一天算起, after a story with sums, is no calculation
        meant = {slot.span for slot in reading.slots}
        money = [q for q in reading.amounts if q.unit in {"yuan", "percent"}]
        bag |= bag_of((), [q for q in money if (q.start, q.end) in meant])
    if any(slot.name == "disease" for slot in before.slots):
        bag |= {"slot:disease"}
    if before.topic:
        bag |= {FOLLOWING}
    told = bag_of(reading.tokens)
    told |= {f"slot:{slot.name}" for slot in before.slots if slot.name != "exempt"}
    told |= {f"is:{slot.name}={slot.value}" for slot in before.slots}
    if len([f for f in bag if f.startswith(("cue:", "word:"))]) < 2 and not bag & _WHOLE:
        told |= {f"cue:{cue}" for cue in before.cues}
    region = region_of(engine.rules, slots) or before.region or _usually(reading)
    named = any(slot.name in SLOTTED for slot in slots_in(reading, clause))
    return Asked(bag, told, slots, region, uncovered(clause), "" if named else before.topic)


def _only_home(engine: Engine, reading: Reading) -> tuple[Slot, ...]:
    """The one region that all places of a story belong to, whoever of the family lives there."""
    places = [slot for slot in reading.slots if slot.name in _LOCAL]
    away = any(slot.name in AWAY for slot in reading.slots)
    homes = {region_of(engine.rules, (place,)) for place in places}
    home = homes.pop() if len(homes) == 1 and not away else None
    return (Slot("region", home, "", (0, 0), "inferred"),) if home else ()


def _usually(reading: Reading) -> str | None:
    """The pack that speaks of no place, where it is asked what is usual: 一般要几张照片."""
    usual = any(token.kind == "cue" and token.value == USUALLY for token in reading.tokens)
    return GENERAL if usual else None


def _alone(engine: Engine, reading: Reading, clause: Clause, asked: Asked) -> tuple[Candidate, ...]:
    """What a clause asks by its own cues where another question stands beside it; none if unsure.

    审核几天,过了啥时候生效: what the one says must not speak for the other.
    """
    apart = [c for c in reading.clauses if c.end <= clause.start or clause.end <= c.start]
    others = [c for c in apart if c.asking and c.has_cue]
    if not others or not clause.has_cue:
        return ()
    inside = {(t.start, t.end) for c in others for t in c.tokens if t.kind == "cue"}
    left = tuple(t for t in reading.tokens if t.kind != "cue" or (t.start, t.end) not in inside)
    told = bag_of(left) | {f for f in asked.told if not f.startswith(("cue:", "word:"))}
    best = ranked(engine.index, engine.rules, structs.replace(asked, told=told))
    sure = best and best[0].score >= _CLEAR and best[0].alien == 0.0 and best[0].common > 0.0
    return best if sure and explains(best[0], asked) else ()


def _is_ellipsis(asked: Asked, clause: Clause, best: Candidate, before: Before) -> bool:
    """Whether a clause only changes a slot of the question before it, or asks nothing known."""
    bag = asked.bag
    cues = {f.partition(":")[2] for f in bag if f.startswith(("cue:", "word:"))}
    telling = {"ask:howlong", "ask:when"} | ({"ask:where", "ask:who"} if _slotted(bag) else set())
    cues |= {f for f in bag if f in telling}
    near = best.entry is not None and best.score >= _VERBATIM
    near |= "ask:why" in bag and best.score >= _VERBATIM and best.common >= _FOLLOWS
    if best.score >= LITERAL:
        return False
    if not (cues or near) or not explains(best, asked):
        return True
    if not before.topic:
        return cues <= SOFT and cues != set() and not _slotted(bag)
    money = "slot:yuan" in bag and before.topic in _FIGURES
    if money and not any(map(asks, clause.tokens)):
        return True
    trailing = clause.text.rstrip(" ?。!,").endswith(("呢", "的话")) and best.common < _FOLLOWS
    # 换三甲看: after a question of figures a change of hospital is another column, not a filing.
    if (
        before.topic in _FIGURES
        and {f[4:] for f in bag if f.startswith("cue:")} <= SOFT | _OF_COLUMN
        and _column(bag)
    ):
        return True
    return cues <= SOFT or (trailing and any(t.kind in SLOTTED for t in clause.tokens))


def _column(bag: Bag) -> bool:
    return bool(bag & {"slot:hospital", "slot:scheme", "slot:population", "slot:age"})


def _slotted(bag: Bag) -> bool:
    return any(feature.startswith("slot:") for feature in bag)


def _ellipsis(
    reading: Reading, clause: Clause, asked: Asked, best: tuple[Candidate, ...], before: Before
) -> list[Found]:
    """An ask of slots only; also one of a bare question word (为啥, 谁开) after a question."""
    bare = before.topic and any(map(asks, clause.tokens))
    if not (slots_in(reading, clause) or best or bare):
        return []
    return [(ask_of(ELLIPSIS, reading, clause, asked, best), best)]


def _explaining(best: tuple[Candidate, ...], asked: Asked) -> tuple[Candidate, ...]:
    """The candidates from the first on that is about what was said, where one is."""
    first = next((at for at, one in enumerate(best) if explains(one, asked)), 0)
    return best[first:]


def _several(clause: Clause) -> bool:
    """Whether a clause can hold two questions: two question words, none at all, or an 和."""
    words = [token for token in clause.tokens if asks(token) and token.value != "request"]
    joined = any(token.said in _JOINTS for token in clause.tokens)
    return len(words) != 1 or joined


def _without(bag: Bag, used: Bag) -> Bag:
    return frozenset(f for f in bag if f not in used or f.startswith(("slot:", "is:", "ask:")))
