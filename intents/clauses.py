"""A message → its clauses, and which of them ask something.

A story tells before it asks: what is told gives slots, what is asked gives the topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from intents.persons import relatives
from intents.understanding import Token

SHORT = 3  # clauses of a message in which keywords beside a question count as one, too
_BREAKS = re.compile(
    r"(?:[。!?;:~…\n]|,(?! ?还是)|(?<=[吗么嘛呀呢伐]),)+"
    r"|(?:\.{2,})|\.(?=\s|$)|(?<![\d.])[1-9](?:[、)]|\.(?!\d))"
    r"|(?:(?<=[:,;。?! ])|^)[一二三四五六七八九]、"
    r"|(?:(?<=[:,;。 ])|^)[1-9] (?=[㐀-鿿])"
    r"| (?=还有|另外|顺便|再问)"
)
_SUPPOSED = re.compile(r"[^,。;!?]{1,6}的话,?")
_BLANK = re.compile(r"(?<=[㐀-鿿]) (?=[㐀-鿿])")
# What leads on to another question where speech has no marks: …到哪里办然后三级医院报百分之几.
_NEXT = re.compile(
    "然后|还有(?!没|吗|几|多少|什么|啥)|另外|再就是|再有就|顺便|对了|再问|还想问|还要问|再一个"
)
_PARTICLES = frozenset("嘛吧呢么")
_STOP = re.compile(r"[ ,。!?;]")
_TRAILING = re.compile(r"呢[ ,。!;]*$")
_BRIEF = 14
SOUGHT = frozenset("limit rate deductible period selfpay address materials phone account".split())
_NAMED = frozenset(
    "disease other-disease tumour member scheme population age district region hospital platform "
    "yuan".split()
)
_BARE = re.compile(r"(?:(?<=[:,;。 ?])|^)[1-9](?=[㐀-鿿])")  # the number of an item
_ITEM = re.compile(r"(?:(?<=[:,;。 ?!])|^)(?P<number>[1-9])[、).]? ?(?=[㐀-鿿])")
_MARKS = re.compile(r"^[ ,;。]+|[ ,;。]+$")
_COUNTED = re.compile(r"[1-9一二三四五六七八九]")  # a break that counts: 1、地址 2、材料
_OPEN_WORD = re.compile(
    r"什么|啥|(?<!随便)(?<!任意)哪|多少|(?<!好)几|怎|咋|谁|咩|乜|边|多久"
    r"|duo ?shao|shen ?me|zen ?me|ji ?(?:cheng|tian)|na ?(?:li|ge)"
)
_QUESTION_WORD = re.compile(_OPEN_WORD.pattern + r"|能不能|可不可以|要不要")
# What is put aside: 我爸的高血压先不管, 别给我讲他的.
_ASIDE = re.compile(
    r"先不[管问说提]|不用[管问说讲算]|别[管问说讲提]|别给我讲|甭[管说提]|没关系|没事|不是问|不问|先放一边|不提了"
    r"|^(?:不算|撇开|抛开|排除|去掉|刨去|刨掉|除开)[^?]{2,14}[,，]$"
)
# 听人说备案要审半个月: what others say is asked about, too.
_HEARSAY = re.compile(
    r"(?:听|据)[^,。;!?]{0,4}[说讲]|(?:人家|别人|网上|有人|邻居|隔壁|同事|群里?|家长|朋友|亲戚|老乡|领导|大妈|阿姨|病友)[^,。;!?]{0,4}[说讲写传]"
)
_QUESTION_MARK = re.compile(r"[?？]")
# Kinds of tokens that can carry a question by themselves.
_CONTENT = frozenset({"cue", "outside", "other-disease", "tumour", "disease", "member", "material"})


class Clause(Struct, frozen=True):
    """A stretch of the text with its tokens; `asking` where it has the frame of a question."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    asking: bool
    text: str = ""

    @property
    def has_cue(self) -> bool:
        """Whether a cue, not only slots, stands in it."""
        return any(token.kind in {"cue", "outside"} for token in self.tokens)


def asks(token: Token) -> bool:
    """Whether a token asks: a question word, or a cue that holds one (带什么, 哪些病)."""
    return token.kind == "ask" or (token.kind == "cue" and _is_asking(token.said))


def _asks_outside(tokens: tuple[Token, ...]) -> bool:
    """Whether what is asked is nothing of ours: 明年居民医保要交多少钱."""
    beyond = any(t.kind == "outside" and _is_asking(t.said) for t in tokens)
    return beyond and not any(t.kind == "cue" for t in tokens)


@lru_cache(maxsize=4_000)
def _is_asking(cue: str) -> bool:
    """Whether a cue holds a question word; there are but so many cues."""
    return bool(_QUESTION_WORD.search(cue))


def is_open(token: Token) -> bool:
    """Whether a cue holds a word that asks for more than yes or no (带什么), unlike 能不能享受."""
    return bool(_OPEN_WORD.search(token.said))


def clauses(text: str, tokens: Iterable[Token]) -> tuple[Clause, ...]:
    """The clauses of a text that hold a token, left to right."""
    all_tokens = tuple(tokens)
    numbers = _numbers(text)
    breaks = {found.end(): found.group() for found in _BREAKS.finditer(text)}
    counted = sorted({*numbers, *(end for end, mark in breaks.items() if _COUNTED.search(mark))})
    cuts = [0, *sorted({*breaks, *numbers, *_parted(text, all_tokens)}), len(text)]
    made = []
    for start, end in pairwise(cuts):
        inside = tuple(t for t in all_tokens if start <= t.start and t.end <= end)
        if inside:
            marked = bool(_QUESTION_MARK.search(text[start:end]))
            listed = len(counted) > 1 and start >= counted[0]
            said = text[start:end]
            inside = _unsupposed(said, start, inside, all_tokens)
            # 他在做透析呢,这个归不归门特: this 呢 leads up to a question and asks none.
            last = not any(asks(t) for t in all_tokens if t.start >= end)
            asking = marked or listed or any(map(asks, inside)) or _asks_outside(inside)
            asking = asking or (last and _goes_on(said, inside))
            made.append(Clause(start, end, inside, asking, text[start:end]))
    return tuple(part for clause in made for part in _listed(clause))


def _unsupposed(
    text: str, start: int, inside: tuple[Token, ...], tokens: tuple[Token, ...]
) -> tuple[Token, ...]:
    """Without the cues that only take up what was asked before: 属于吗?属于的话职工报多少."""
    supposed = _SUPPOSED.match(text)
    if supposed is None:
        return inside
    asked = {t.value for t in tokens if t.kind == "cue" and t.end <= start}
    until = start + supposed.end()
    kept = tuple(t for t in inside if t.start >= until or t.kind != "cue" or t.value not in asked)
    return kept if any(t.kind == "cue" for t in kept) else inside


def _numbers(text: str) -> list[int]:
    """Where the items of a list begin that is counted without marks: 1限额多少 2去哪办."""
    found = [(int(one.group()), one.end()) for one in _BARE.finditer(text)]
    counted = [number for number, _ in found] == list(range(1, len(found) + 1))
    return [end for _, end in found] if counted and len(found) > 1 else []


def items(text: str) -> tuple[str, ...]:
    """What a message counts up (1昆山地址 2要带什么), item by item; nothing where it does not."""
    found = list(_ITEM.finditer(text))
    counted = [int(one["number"]) for one in found] == list(range(1, len(found) + 1))
    if not counted or len(found) < 2:
        return ()
    ends = [one.start() for one in found[1:]] + [len(text)]
    parts = (text[one.end() : end] for one, end in zip(found, ends, strict=True))
    return tuple(_MARKS.sub("", part) for part in parts)


def _parted(text: str, tokens: tuple[Token, ...]) -> list[int]:
    """Where two questions are parted by no mark: by a blank, or a word that leads on."""
    found = _blanks(text, tokens)
    # 化疗做完了嘛 only leads up to what comes.
    told = tuple(t for t in tokens if t.said not in _PARTICLES)
    for word in _NEXT.finditer(text):
        begun = max((stop.end() for stop in _STOP.finditer(text, 0, word.start())), default=0)
        since = max([begun, *(cut for cut in found if cut <= word.start())])
        until = _reach(text, word.end())
        if _asks_in(told, since, word.start()) and _asks_in(tokens, word.end(), until):
            found.append(word.start())
    return found


def _blanks(text: str, tokens: tuple[Token, ...]) -> list[int]:
    """Blanks that part two questions where nobody types marks: 几天出结果 去哪看."""
    found: list[int] = []
    start = 0
    if " " not in text:
        return []
    beyond = any(map(_is_beyond, tokens))
    for blank in _BLANK.finditer(text):
        one, other = (start, blank.start()), (blank.end(), _reach(text, blank.end()))
        if beyond and not _is_apart(tokens, *one):
            continue  # 公积金提取装修行吗 苏周到里能办不 asks of one matter
        if _asks_in(tokens, *one) and (beyond or _asks_in(tokens, *other)):
            found.append(blank.end())
            start = blank.end()
    return found


def _reach(text: str, start: int) -> int:
    """Where the stretch that begins at `start` ends: at the next blank or mark."""
    end = _STOP.search(text, start)
    return end.start() if end else len(text)


def _asks_in(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether a stretch asks something by a cue and a question word of its own."""
    inside = [t for t in tokens if start <= t.start and t.end <= end]
    return any(map(asks, inside)) and any(t.kind == "cue" for t in inside)


def _is_beyond(token: Token) -> bool:
    return token.kind == "outside"


def _is_apart(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether a stretch is about a disease that is covered, and about nothing outside."""
    kinds = {t.kind for t in tokens if start <= t.start and t.end <= end}
    return "disease" in kinds and "outside" not in kinds


def _goes_on(text: str, tokens: tuple[Token, ...]) -> bool:
    """Whether a short clause asks the same of something else: 还有老年性白内障呢."""
    named = any(t.kind in _NAMED or (t.kind == "cue" and t.value in SOUGHT) for t in tokens)
    brief = len(text) <= _BRIEF and bool(_TRAILING.search(text))
    return brief and (named or bool(relatives(text)))


def _listed(clause: Clause) -> list[Clause]:
    """A clause that lists questions (谁开、哪领、多久) as its questions; any other as it is."""
    if "、" not in clause.text:
        return [clause]
    cuts = [m.end() + clause.start for m in re.finditer("、", clause.text)]
    bounds = [clause.start, *cuts, clause.end]
    parts = []
    for start, end in pairwise(bounds):
        inside = tuple(t for t in clause.tokens if start <= t.start and t.end <= end)
        text = clause.text[start - clause.start : end - clause.start]
        sought = any((t.kind == "cue" and t.value in SOUGHT) or _is_beyond(t) for t in inside)
        parts.append(Clause(start, end, inside, sought or any(map(asks, inside)), text))
    return parts if cuts and all(part.asking for part in parts) else [clause]


def focus(found: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The clauses that ask; all of them where none has the frame of a question."""
    asking = tuple(c for c in found if c.asking and not (_only_begs(c) or is_aside(c.text)))
    return asking or found


def is_aside(text: str) -> bool:
    """Whether a stretch says that something is not asked about."""
    return bool(_ASIDE.search(text))


def is_hearsay(text: str) -> bool:
    """Whether a stretch tells what others say, for it to be confirmed or put right."""
    return bool(_HEARSAY.search(text))


def _only_begs(clause: Clause) -> bool:
    """Whether a clause but asks for an answer, to what stands elsewhere: 一起告诉我."""
    begs = any(t.kind == "ask" and t.value == "request" for t in clause.tokens)
    return begs and not any(
        t.kind in _CONTENT or (asks(t) and t.value != "request") for t in clause.tokens
    )
