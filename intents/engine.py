"""The steps of understanding in order: normalise, read, clauses, topics, one ask a question."""

from __future__ import annotations

import re

from msgspec import structs

from intents.asking import ELLIPSIS, ask_of, uncovered
from intents.belonging import slots_in
from intents.building import Engine
from intents.choosing import LITERAL, SOFT, Asked, explains, literal, outside, ranked
from intents.clauses import SHORT, Clause, asks, focus, is_hearsay
from intents.context import NOTHING, Before, asked_by
from intents.lacking import is_taken_up, put_without, without
from intents.match import Bag, bag_of
from intents.merging import gone_on, merged
from intents.normalise import normalise
from intents.outlying import (
    NAMING,
    always_put,
    beyond_of,
    is_left,
    is_plight,
    is_private,
    is_proof,
    looked_up,
    names_nothing,
    put,
    undenied,
)
from intents.persons import relatives
from intents.reading import Reading, read
from intents.slots import SLOTTED
from intents.understanding import Ask, Candidate, Understanding, Verdict
from intents.whereabouts import HOME

_SECOND = 0.72  # a second question in one clause must be this clear
_JOINTS = frozenset({"和", "以及", "还有", "跟", "与", "及", "同"})
_FIGURES = frozenset({"benefit", "calculate", "coverage"})
# What says that another question is added.
_ADDED = re.compile(
    r"[,。;!? ]*(?:另外|还有|再问|再就是|顺便|顺带|对了|再一个|再者)(?!点|些|没有|不)"
)
_OF_ANY = frozenset({ELLIPSIS, "coverage"})
UNSAID = "unsaid"  # the topic of what is asked in words that nothing known explains
_FULL = 0.95
_MOST = 12  # questions of one message that are answered: nobody asks more in one breath
# How a clause begins that tells something on the way to a question: 用国家医保APP弄特殊病,….
_TELLING = re.compile(r"(?:[我他她咱俺人用拿在去已刚正]|就在)(?!.*问)")
_TOLD = 2.0  # a rule that is asked for beside a private matter must explain this much
_OF_COLUMN = frozenset({"change", "hospital", "community", "local", "buy"})
_TAGS = frozenset({"claimed", "policy"})  # 这规定也太狠了吧
# What asks whether somebody takes what was told before: 拍照传上去,那边认不认.
_ACCEPTED = re.compile(
    r"[^,。;!?]{0,6}(?:认不认|认吗|认可吗|收不收|受理吗|受不受理|接收吗|算不算数|算数吗?|作数吗?|顶用吗?|行得通)"
    r"[的呀啊呢吧不伐]*[,。;!? ]*"
)
_TAKEN = frozenset({"covered", "claimed", "effective"})
_CLEAR = 0.88  # a question this clear by itself needs nothing that stands beside it
# Cues that without a question only tell where somebody is.
_WHEREABOUTS = frozenset({"cue:at-hospital", "cue:hospital", "cue:community", "cue:home"})
_VERBATIM = 0.9  # a phrasing of an entry this near needs no cue
# What a clause holds that asks of a disease and nothing more, and how much it may hold beside.
_PLAINLY = frozenset("disease member tumour filler ask scheme population age region".split())
_STRANGE = 2
_FOLLOWS = 3.3  # a phrasing that explains less than this does not make a 呢 a new question

Found = tuple[Ask, tuple[Candidate, ...]]


def understand(engine: Engine, raw: str, before: Before = NOTHING) -> Understanding:
    """A message, in a conversation of which `before` is known → what it asks."""
    normal = normalise(raw)
    reading = read(engine.lexicon, engine.rules.homes, normal.text)
    normal = structs.replace(normal, text=reading.text)
    found = reading.clauses
    # In a long story what else is told does not decide, where no clause of it asks for that.
    kept = tuple(t for t in reading.tokens if t.kind != "outside" or len(found) <= SHORT)
    whole = Clause(0, len(normal.text), kept, asking=False, text=normal.text)
    asked: list[Found] = []
    if private := always_put(engine, normal.text):
        ask = ask_of("outside", reading, whole, asked_by(engine, reading, whole, before))
        asked = [beyond_of(ask, whole, private)]
    elif any(s.name == "outside" and s.value in engine.rules.always for s in reading.slots):
        asked = [(ask_of("outside", reading, whole, asked_by(engine, reading, whole, before)), ())]
        asked += _besides(engine, reading, before)
    else:
        told: list[Found] = []
        for clause in _questions(engine, reading, found, before):
            if not (asked and asked[-1][0].topic == "outside" and names_nothing(clause, reading)):
                made = _asks(engine, reading, clause, before)
                asked += _or_unsaid(clause, made) if asked else made
                told += made if not (clause.asking or slots_in(reading, clause)) else []
        if any(ask.topic == "outside" for ask, _ in asked):  # 能不能吃香蕉,医生没讲
            asked = [one for one in asked if one not in told or one[0].topic == "outside"]
        if not any(ask.topic or _is_of_figure(ask) for ask, _ in asked) and len(found) > 1:
            asked = _asks(engine, reading, whole, before) or asked
    united = merged(gone_on([ask for ask, _ in _answerable(engine, asked)]))
    best = tuple(c for _, cs in asked for c in cs)
    confidence = min((_score(ask, best) for ask in united), default=0.0)
    return Understanding(
        normal,
        united,
        _verdict(united),
        confidence,
        best[:12],
        reading.tokens,
        reading.rejected,
        reading.slots,
    )


def _or_unsaid(clause: Clause, found: list[Found]) -> list[Found]:
    """What a clause asks; what it adds in words of its own is said not to be written.

    限额多少,另外特食奶粉去哪家药房买: the second half is no part of the first.
    """
    known = clause.has_cue and any(ask.topic not in _OF_ANY for ask, _ in found)
    own = {token.kind for token in clause.tokens}
    strange = "word" in own and own.isdisjoint(NAMING) and any(map(asks, clause.tokens))
    if known or not strange or not _ADDED.match(clause.text):
        return found
    return [(Ask(UNSAID, form="open"), ())]


def _besides(engine: Engine, reading: Reading, before: Before) -> list[Found]:
    """What is asked for in full beside a matter that decides: 断缴多久恢复,透析报几成."""
    found: list[Found] = []
    for clause in reading.clauses if len(reading.clauses) > 1 else ():
        kinds = {token.kind for token in clause.tokens}
        if "outside" in kinds:
            continue
        named = "disease" in kinds or (clause.asking and not kinds.isdisjoint(NAMING))
        if named and _in_full(engine, reading, clause, before, least=_SECOND):
            asked = _asks(engine, reading, clause, before)
            found += [one for one in asked if clause.asking or one[0].topic in _FIGURES]
    return found


def _answerable(engine: Engine, asked: list[Found]) -> list[Found]:
    """Without what is only told beside a question about the person's own case: 钱怎么还没到."""
    private = [one for one in asked if is_private(engine, one[0])]
    if not private or any(ask.topic == "result" for ask, _ in asked):  # 批了没有,上哪查
        return asked
    return [(ask, best) for ask, best in asked if is_private(engine, ask) or _is_own(ask)]


def _is_of_figure(ask: Ask) -> bool:
    """Whether a figure of a disease is asked for in so many words, whatever stands beside it."""
    return bool(ask.values("disease")) and bool(ask.cues & {"limit", "rate"})


def _is_own(ask: Ask) -> bool:
    """Whether a rule is asked for in full: 还有多少额度?康复期满了是自动停吗."""
    best = ask.ranked[0] if ask.ranked else None
    return best is not None and best.score >= _SECOND and best.alien == 0.0 and best.common > _TOLD


def _questions(
    engine: Engine, reading: Reading, found: tuple[Clause, ...], before: Before
) -> tuple[Clause, ...]:
    """The clauses that ask; in a short message also keywords that name a question in full."""
    asking = focus(found)[:_MOST]
    if len(found) > SHORT:
        return asking
    return tuple(
        c
        for c in found
        if c in asking
        or (
            not is_taken_up(reading, c)
            and not (asking and _TELLING.match(c.text))
            and _is_named(engine, reading, c, before)
        )
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
    """The questions of one clause, with what it takes up of the clause before it."""
    asked = asked_by(engine, reading, clause, before)
    if lack := without(reading, clause):
        asked = structs.replace(asked_by(engine, *lack, before), lacking=True)
        made = _of_clause(engine, *lack, before, asked)
        return [(put_without(ask), best) for ask, best in made]
    tag = _is_tag(asked.bag) or _is_accepted(clause)
    if tag and (wider := _with_previous(reading, clause)):
        return _asks(engine, reading, wider, before)
    return _of_clause(engine, reading, clause, before, asked)


def _of_clause(
    engine: Engine, reading: Reading, clause: Clause, before: Before, asked: Asked
) -> list[Found]:
    """The questions of one clause: usually one, more where several topics are named in full."""
    best = _alone(engine, reading, clause, asked) or ranked(engine.index, engine.rules, asked)
    best = _explaining(best, asked)
    if word_for_word := literal(engine.verbatim, engine.rules, asked, clause.text):
        best = (word_for_word, *best)
    followed = any(slot.name == "disease" for slot in before.slots)
    own = undenied(reading, clause, followed=followed)
    if best and best[0].score >= _SECOND and best[0].common > _TOLD:
        own = tuple(t for t in own if not is_plight(engine, t, clause))
    own = tuple(t for t in own if not is_proof(engine, reading, t))
    named = outside(engine.rules, own, best)
    beyond = named or (() if asked.lacking else put(engine, reading, clause, best))
    if beyond and is_left(beyond, asked, before):
        return [(ask_of("exceeding", reading, clause, asked), ())]
    if beyond:
        if looked := looked_up(beyond, asked, best):
            return [(ask_of("result", reading, clause, asked, looked), looked)]
        return [beyond_of(ask_of("outside", reading, clause, asked), clause, beyond)]
    if not best or _is_ellipsis(asked, clause, best[0], before):
        return _ellipsis(reading, clause, asked, best, before)
    made = [(ask_of(best[0].topic, reading, clause, asked, best), best)]
    rest = _without(asked.bag, engine.index.rows[best[0].row].bag) - _only_asking(clause)
    if any(
        f.startswith(("cue:", "word:")) and f.partition(":")[2] not in SOFT for f in rest
    ) and _several(clause):
        second = ranked(engine.index, engine.rules, structs.replace(asked, bag=rest, told=rest))
        if second and second[0].score >= _SECOND and second[0].topic != best[0].topic:
            made.append((ask_of(second[0].topic, reading, clause, asked, second), second))
    return made


def _only_asking(clause: Clause) -> Bag:
    """The cues that are but the frame of a question: 有没有 in 有没有期限."""
    polar = {(t.start, t.end) for t in clause.tokens if t.kind == "ask" and t.value == "yn"}
    cues = (t for t in clause.tokens if t.kind == "cue" and (t.start, t.end) in polar)
    return frozenset(f"cue:{token.value}" for token in cues)


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
    told = "slot:yuan" in bag and before.topic in _FIGURES
    told |= (
        not clause.has_cue and best.common < _TOLD and any(t.kind in HOME for t in clause.tokens)
    )
    if told and not any(map(asks, clause.tokens)):  # 户口医保都是北京的
        return True
    trailing = clause.text.rstrip(" ?。!,").endswith(("呢", "的话")) and best.common < _FOLLOWS
    # 换三甲看: after a question of figures a change of hospital is another column, not a filing.
    if (
        before.topic in _FIGURES
        and {f[4:] for f in bag if f.startswith("cue:")} <= SOFT | _OF_COLUMN
        and _column(bag)
    ):
        return True
    slotted = _column(bag) or any(t.kind in SLOTTED for t in clause.tokens)
    return cues <= SOFT or (trailing and slotted)


def _column(bag: Bag) -> bool:
    return bool(bag & {"slot:hospital", "slot:scheme", "slot:population", "slot:age"})


def _slotted(bag: Bag) -> bool:
    return any(feature.startswith("slot:") for feature in bag)


def _ellipsis(
    reading: Reading, clause: Clause, asked: Asked, best: tuple[Candidate, ...], before: Before
) -> list[Found]:
    """An ask of slots only; also one of a bare question word (为啥, 谁开) after a question."""
    bare = before.topic and any(map(asks, clause.tokens))
    bare = bare or (bool(asked.slots) and bool(relatives(clause.text)))
    if _is_whether_covered(reading, clause):
        return [(ask_of("coverage", reading, clause, asked), best)]
    if not (slots_in(reading, clause) or best or bare):
        return []
    return [(ask_of(ELLIPSIS, reading, clause, asked, best), best)]


def _is_whether_covered(reading: Reading, clause: Clause) -> bool:
    """Whether, beside other questions, one asks of a disease and nothing more: 血透腹透都管吗?"""
    kinds = {token.kind for token in clause.tokens}
    polar = any(token.kind == "ask" and token.value == "yn" for token in clause.tokens)
    named = polar and "disease" in kinds and kinds <= _PLAINLY and uncovered(clause) < _STRANGE
    return named and len(focus(reading.clauses)) > 1


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
