"""What somebody lacks and would do without: 表还没盖章,这样拿去窗口能办吗.

Such a question names nothing itself. It asks whether what was told to be lacking is needed, and
not whether there are windows.
"""

from __future__ import annotations

import re

from msgspec import structs

from intents.clauses import Clause, asks
from intents.reading import Reading
from intents.stance import Stance
from intents.understanding import Ask, Token

# What may be lacking of an application: a paper, or what belongs on it.
_PAPERS = frozenset({"stamp", "sign", "form", "certificate", "card", "photo"})
_LACKS = re.compile(
    "(?:没有?(?!事|关系|问题|用|错)|未|忘记?了?带?|漏了?|缺了?|少了?|丢了?|找不[着到]|开不[出到])(?:医院的?|单位的?)?[^,。;!?]{0,2}$"
)
_GONE = re.compile(
    "[^,。;!?]{0,2}(?:还?没(?!有|事|关系|问题|用|错)|没有(?=[,。;!? ]|$)|未|忘|漏|丢|遗失|不见"
    "|找不[着到]|不在(?:身边|手边|手头|手上)|不齐|开不[出到])"
)
_BACK = 2  # clauses before a question in which a lack is looked for
_AROUND = 6  # characters from a paper within which it is told to be lacking
# What only says that an application is made, and where: no matter of its own.
_HOLLOW = frozenset(
    "apply window office submit upload online at-hospital hospital in-person enough covered "
    "claimed gate".split()
)
_ON_FORM = frozenset({"stamp", "sign"})
_TOLD = frozenset({"title", "hospital", "district", "landmark"})  # what is told around a form
_WHERE = frozenset({"window", "office", "at-hospital", "hospital", "in-person"})
_NAMED = frozenset("disease other-disease tumour member material platform outside yuan".split())


def without(reading: Reading, clause: Clause) -> tuple[Reading, Clause] | None:
    """A bare question with the lack that it is about, else None.

    Where it is made says nothing then, and is left out of the tokens.
    """
    lacking = _lacking_before(reading, clause) if _is_bare(clause) else None
    if lacking is None:
        return None
    between = [t for t in reading.tokens if lacking.start <= t.start and t.end <= clause.end]
    own = {t for t in between if t.kind == "cue" and t.value in _WHERE}
    own |= {t for t in between if t.kind == "outside"}  # 病历丢了
    # 医师签了字,章没盖: of what belongs on a form only what is lacking.
    own |= {t for t in between if t.value in _ON_FORM and not _lacks(reading.text, t)}
    kept = tuple(t for t in reading.tokens if t not in own)
    wider = Clause(
        lacking.start,
        clause.end,
        tuple(t for t in kept if lacking.start <= t.start and t.end <= clause.end),
        asking=True,
        text=reading.text[lacking.start : clause.end],
    )
    rest = tuple(c for c in reading.clauses if c.end <= wider.start or wider.end <= c.start)
    return structs.replace(reading, tokens=kept, clauses=(*rest, wider)), wider


def _lacking_before(reading: Reading, clause: Clause) -> Clause | None:
    """The nearest clause before a question that tells of a lack, without another question between.

    章没盖上。我明天就拿这张表去窗口交,收不收.
    """
    told = [c for c in reading.clauses if c.end <= clause.start]
    for one in reversed(told[-_BACK:]):
        if _asks(one):
            return None
        if is_lacking(reading.text, one.tokens):
            return one
    return None


def is_taken_up(reading: Reading, clause: Clause) -> bool:
    """Whether the question behind a clause is about what is lacking there."""
    later = (c for c in reading.clauses if c.start >= clause.end and _is_bare(c))
    return any(_lacking_before(reading, c) == clause for c in later)


def _asks(clause: Clause) -> bool:
    """Whether a clause asks something itself, which 没有病理报告 does not."""
    return any(asks(t) and t.said[0] not in "没未" for t in clause.tokens)


def put_without(ask: Ask) -> Ask:
    """An ask put as whether it can be done without what is lacking, whatever its verb: 收不收."""
    topic = ask.topic or ("materials" if ask.values("material") else "")
    signed = {"form"} if ask.cues & _ON_FORM else set()
    slots = tuple(s for s in ask.slots if not (signed and s.name in _TOLD))
    put = ask.stance and Stance("can", without=True)
    return structs.replace(
        ask,
        topic=topic,
        slots=slots,
        cues=ask.cues | signed,
        verb="can",
        stance=put,
        negated=False,
        strange=False,  # 医保办下班了: how it came about is no part of the question
    )


def is_lacking(text: str, tokens: tuple[Token, ...]) -> bool:
    """Whether a paper, or what belongs on it, is told to be lacking: 章没盖, 出院小结丢了."""
    papers = (t for t in tokens if t.kind == "material" or t.value in _PAPERS)
    return any(_lacks(text, t) for t in papers)


def _lacks(text: str, token: Token) -> bool:
    """Whether just this one is told to be lacking, before it or behind: 没盖章, 章没盖."""
    before = text[max(0, token.start - _AROUND) : token.start]
    own = _LACKS.search(before) or _LACKS.search(token.said[:1])
    return bool(own or _GONE.match(text, token.end))


def _is_bare(clause: Clause) -> bool:
    """Whether a clause asks, yes or no, only whether it goes: 这样拿去窗口能办吗."""
    polar = any(t.kind == "ask" and t.value == "yn" for t in clause.tokens)
    cues = {t.value for t in clause.tokens if t.kind == "cue"}
    return polar and cues <= _HOLLOW and not any(t.kind in _NAMED for t in clause.tokens)
