"""Matters outside the documents that a clause names, or asks about by the way it is put."""

from __future__ import annotations

import re

from msgspec import structs

from intents.amounts import MONEY
from intents.beyond import matter_of
from intents.building import Engine
from intents.choosing import LITERAL, Asked
from intents.clauses import SHORT, Clause, asks
from intents.context import Before
from intents.reading import LOST, Reading
from intents.understanding import Ask, Candidate, Slot, Token
from intents.whereabouts import HOME

_LEFT = frozenset({"remaining-limit", "balance", "own-records"})  # matters of what is left
_PROGRESS = frozenset({"application-progress", "own-progress"})
_WAY = frozenset({"ask:where", "ask:how"})
# Cues of questions that are asked of any matter.
_OF_ANYTHING = frozenset(
    {"materials", "apply", "certificate", "fee", "days", "hours", "path", "deadline"}
    | {"proxy", "submit", "online", "in-person", "form", "phone", "photo", "office", "hospital"}
    | {"compare", "download"}
)
_OF_FIGURES = frozenset({"rate", "limit", "deductible", "pay"})
_PAID = frozenset({"pay", "selfpay", "rate", "calculate"})
_CARDS = frozenset({"social-security-card", "medical-card"})
_FILED = frozenset({"apply", "gate", "special-kind", "chronic-kind"})
_ILL = "other-disease"
_PLACES = frozenset({"platform", "district"})
_STATUS = re.compile(r"的(?:$|[,。;!?]|我|想|请|他|她)")


# What names a covered matter, whatever else the message speaks of.
NAMING = frozenset(
    {"disease", "other-disease", "member", "tumour", "platform", "district", "exempt"}
)


def names_nothing(clause: Clause, reading: Reading) -> bool:
    """Whether a clause but goes on with the matter before it: 护照去哪办,要哪些材料.

    What is paid is so where no covered matter is named at all: 住院起付线多少,报几成. Nor is a
    matter named by where one might do it: 公积金提取行吗,苏周到里能办不.
    """
    cues = {t.value for t in clause.tokens if t.kind == "cue"}
    covered = any(t.kind in NAMING - _PLACES or t.value == "gate" for t in reading.tokens)
    naming = (NAMING if covered else NAMING - _PLACES) | {"scheme", "population", "region"}
    named = any(t.kind in naming for t in clause.tokens)
    goes_on = _OF_ANYTHING if covered else _OF_ANYTHING | _OF_FIGURES
    return bool(cues) and cues <= goes_on and not named


def is_private(engine: Engine, ask: Ask) -> bool:
    """Whether an ask is about the person's own case, which decides the whole message."""
    matters = ask.values("outside") if ask.topic == "outside" else ()
    return any(engine.rules.outside[matter][0] == "personal" for matter in matters)


def beyond_of(
    ask: Ask, clause: Clause, beyond: tuple[Candidate, ...]
) -> tuple[Ask, tuple[Candidate, ...]]:
    """An ask outside the documents, with the matter as a slot where no name has made it one."""
    if beyond[0].entry not in ask.values("outside"):
        span = (clause.start, clause.end)
        matter = Slot("outside", beyond[0].entry or "", clause.text.strip(), span, "inferred")
        rest = tuple(slot for slot in ask.slots if slot.name != "outside")
        ask = structs.replace(ask, slots=(*rest, matter))
    return ask, beyond


def always_put(engine: Engine, text: str) -> tuple[Candidate, ...]:
    """A matter that decides the whole message, by the way it is put: 单号12345."""
    matter = matter_of(engine.rules.decisive, text)
    return (Candidate("outside", 1.0, text, matter),) if matter else ()


def put(
    engine: Engine, reading: Reading, clause: Clause, best: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """A matter outside by the way it is asked about: 哪家医院看狼疮最好."""
    if (best and best[0].score >= LITERAL) or any(t.value == LOST for t in clause.tokens):
        return ()
    ended = [c.end for c in reading.clauses if c.asking and c.end <= clause.start]
    since = max(ended, default=0) if len(reading.clauses) <= SHORT else clause.start
    told = reading.text[since : clause.start]
    matter = matter_of(engine.rules.patterns, clause.text, told)
    if matter and engine.rules.outside[matter][0] == "medical" and _is_reckoned(reading, clause):
        return ()
    return (Candidate("outside", 1.0, clause.text, matter),) if matter else ()


_BILLS = frozenset({"invoice"})  # what a cost is read from


def _is_reckoned(reading: Reading, clause: Clause) -> bool:
    """Whether it is asked what a cost comes to: 还要再放疗一万,这一万我自己出几块."""
    spent = any(clause.start <= q.start < clause.end for q in reading.amounts if q.unit == "yuan")
    return spent and any(t.kind == "cue" and t.value in _PAID for t in clause.tokens)


def is_left(beyond: tuple[Candidate, ...], asked: Asked, before: Before) -> bool:
    """Whether what is left of a limit can be told, for what was used is: 报掉四千了,还剩多少."""
    ill = any(slot.name == "disease" for slot in (*asked.slots, *before.slots))
    used = any(slot.name in MONEY and not slot.said for slot in (*asked.slots, *before.slots))
    return ill and used and {one.entry for one in beyond} <= _LEFT


def looked_up(
    beyond: tuple[Candidate, ...], asked: Asked, best: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """The phrasings on looking a result up, where it is asked how or where (上哪儿看批了没有)."""
    if not ({one.entry for one in beyond} <= _PROGRESS and asked.bag & _WAY):
        return ()
    return tuple(c for c in best if c.topic == "result") or (Candidate("result", 1.0, "result"),)


def undenied(reading: Reading, clause: Clause, *, followed: bool) -> tuple[Token, ...]:
    """The tokens of a clause without matters that the person rules out (不是挂号).

    `followed` is whether a disease was spoken of before this message.
    """
    meant = {slot.span[0] for slot in reading.slots if slot.name == "outside"}
    own = tuple(
        t
        for t in clause.tokens
        if t.kind != "outside" or (t.start in meant and not _is_status(reading, t))
    )
    long = len(reading.clauses) > SHORT
    shown = any(t.kind == "material" for t in reading.tokens)  # 社保卡丢了,身份证行吗
    if shown and any(t.kind == "cue" and t.value in _FILED for t in clause.tokens):
        own = tuple(t for t in own if t.kind != "outside" or t.value not in _CARDS)
    own = tuple(t for t in own if not _is_of_past(reading, t))
    if _is_reckoned(reading, clause):  # 我把发票加了一下,一共1200,能报多少
        own = tuple(t for t in own if t.kind != "outside" or t.value not in _BILLS)
    if any(t.kind in NAMING for t in reading.tokens) or followed or long or shown:
        return own
    # 普通门诊看感冒,起付线多少: with nothing covered named, what came before is what is meant.
    before = [t for t in reading.tokens if t.end <= clause.start]
    told = [t for t in before if t.kind == "outside" and t.start in meant]
    if not any(t.value == "gate" for t in before):  # 下周住院开胆囊,起付线扣多少
        told += [t for t in before if t.value == "inpatient" and t.kind == "cue"]
    return (*told, *own)


def is_plight(engine: Engine, token: Token, clause: Clause) -> bool:
    """Whether a matter only tells how somebody is, beside what is asked in full: 夜里睡不着,…."""
    if token.kind != "outside" or clause.start <= token.start < clause.end:
        return False
    return engine.rules.outside[token.value][0] == "medical"


def _is_of_past(reading: Reading, token: Token) -> bool:
    """Whether a matter is told as done, in a message that asks nothing: 我医保转到太仓了."""
    if token.kind != "outside" or any(map(asks, reading.tokens)):
        return False
    placed = [t for t in reading.tokens if t.kind in HOME and t.start == token.end]
    return bool(placed) and reading.text[placed[0].end : placed[0].end + 1] == "了"


def is_proof(engine: Engine, reading: Reading, token: Token) -> bool:
    """Whether a finding is one that a chronic disease is filed with: 肾炎办慢病,尿蛋白要阳性吗."""
    if token.kind != "outside" or engine.rules.outside[token.value][0] != "medical":
        return False
    told = {values for when in engine.rules.conditions.values() for values in when.get(_ILL, ())}
    ill = any(t.kind == _ILL and t.value in told for t in reading.tokens)
    return ill and any(t.kind == "cue" and t.value in _FILED for t in reading.tokens)


def _is_status(reading: Reading, token: Token) -> bool:
    """Whether a matter only says where somebody is insured: 我是园区交社保的,门特去哪办."""
    placed = any(t.kind in HOME and t.end == token.start for t in reading.tokens)
    return placed and bool(_STATUS.match(reading.text, token.end))
