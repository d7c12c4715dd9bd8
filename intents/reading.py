"""A normalised text taken apart: tokens, quantities, slots, before topics are decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct, structs

from intents.blanks import punctuated
from intents.clauses import Clause, clauses, focus
from intents.lexicon import END, Lexicon, written
from intents.places import insurances, insured_at, insured_places
from intents.quantities import Quantity, quantities
from intents.slots import slots_of
from intents.spotting import spot
from intents.understanding import Slot, Token
from intents.whereabouts import AWAY, HOME

_VERB_NOT_VERB = re.compile(r"([\u4e00-\u9fff]{1,2})[不没勿]\1")
# Who asks for somebody else acts for nobody: 替邻居问一下.
_ASKED_FOR = re.compile(
    r"[替帮代](?!忙|[我咱俺侬](?![爸妈爹娘老哥姐弟妹爷奶公婆儿女叔舅姨姑]))(?=[^,。;!?]{1,6}(?:问|打听|咨询|了解|查[^出]))"
)
_CHANGING = frozenset({"换", "改"})
_SUBJECTS = frozenset({"region", "scheme", "population"})
_GROUPS = frozenset({"population", "scheme"})
# What is asked for by somebody who wavers between two figures of a unit.
_SOUGHT = {"yuan": "limit", "percent": "rate"}
# What stands behind a sum of which somebody wants to hear the rest: 一年五千多少来着,五千几.
_FORGOTTEN = re.compile("多少|[几多]?(?:来着|我?忘)|几(?:然后|[,。?!]|$)")
_EITHER = re.compile(
    r"(?:元|块|块钱|钱)?(?:来着|呢|啊)?[,、 ]?(?:还是说?|或者?是?|抑或)[,、 ]?(?:是)?"
)
_MASK = "\ue000"  # a character that is in no name
_NUMERALS = "一二三四五六七八九十"
_LOOSE = frozenset({"filler", "loose", "word", "exempt"})  # what a grade may stand within
_NEXT_LEVEL = re.compile("(?:的?医院|看|的)*[和跟与、及到比]?(?:还是)?[一二三123]级")
_BESIDE = tuple("跟比离差低高升降")  # a grade that is not theirs: 七级跟六级就差一级
_GRADED = {"exempt": "残疾军人", "hospital": "医院"}  # what has grades, by the kind of its name
_GRADE = re.compile(rf"(?P<grade>10|[1-9]|[{_NUMERALS}])级(?!医|及|以|甲|综合|定点)")
# A verb that comes again behind what it is about: 算治疗期不算.
_SPLIT = re.compile(r"(?P<v>[算是能要会收])[^,。;!?不]{1,10}(?P<no>不(?P=v))(?=\s*(?:$|[,。!?;]))")
# A paper that was lost, and behind it that one would file all the same.
_LOST = re.compile("(?P<paper>[^,。;!?]{2,4}[卡证])(?:丢|掉|不见|没|遗失|找不)")
_FILES = re.compile(
    "(?:办|申请|备案|登记|交材料)[^。!?;]{0,24}(?:吗|么|不|伐|没|中|行|成|可以|[?])"
)
LOST = "lost"  # what is told of a paper without which one would file
# Who said something, and is no matter of the question.
_TELLERS = frozenset({"医生", "大夫", "医师", "郎中"})
_SAYS = re.compile(
    "(?:跟|和|同)?(?:我|她|他|我们|她们|他们)?(?:讲|说(?!了算)|建议|告诉|叮嘱|交代|关照)"
)
_FINAL_NOT = re.compile(
    r"(?P<no>不能|不行|不|没|没有|否|伐|不[啦呀啊嘛咧哈哟呐])(?=\s*(?:$|[,。!?;]))"
)


class Reading(Struct, frozen=True):
    """A message taken apart; `rejected` are the near names that were refused.

    In `text` a comma stands for each blank between clauses.
    `passed` is whether a place without a pack was named on the way, and is not asked about;
    `insured` are the districts in which somebody is said to be insured.
    """

    tokens: tuple[Token, ...]
    amounts: tuple[Quantity, ...]
    slots: tuple[Slot, ...]
    rejected: tuple[str, ...]
    text: str
    clauses: tuple[Clause, ...] = ()
    passed: bool = False
    insured: frozenset[str] = frozenset()


def read(lexicon: Lexicon, homes: Mapping[str, str], text: str) -> Reading:
    """The tokens, quantities and slots of a text; places that do not count are left out.

    `homes` leads from a region, district, landmark or platform to the region that has it.
    """
    spotted, rejected = spot(lexicon, _masked(lexicon, text))
    text = punctuated(text, spotted)
    if _asks_for_number(spotted):
        spotted = tuple(token for token in spotted if token.kind not in {"outside", "talk"})
    wholes = [t for t in spotted if t.kind == "outside"]  # 120急救 is no amount
    amounts = tuple(
        q for q in quantities(text) if not any(t.start <= q.start and q.end < t.end for t in wholes)
    )
    wondered, amounts = _wondered(text, amounts)
    measured = [(q.start, q.end) for q in amounts] + [(t.start, t.end) for t in wondered]
    apart = tuple(
        token
        for token in {(t.kind, t.value, t.start, t.end): t for t in spotted}.values()
        if not any(start < token.end and token.start < end for start, end in measured)
    )
    polar = _cut_short(spotted, measured)
    counted = (
        Token(q.unit, f"{q.value:g}", text[q.start : q.end], q.start, q.end) for q in amounts
    )
    tokens = _framed(
        text, tuple(sorted((*apart, *polar, *wondered, *counted), key=lambda t: t.start))
    )
    tokens = _untold(text, _lost(lexicon, text, tokens))
    tokens = _graded(lexicon, text, _one_sense(_switched(tokens)))
    tokens = insurances(text, tokens, homes)
    away = any(token.kind in AWAY for token in tokens)
    if away or any(token.kind in HOME for token in tokens):
        asking = [(c.start, c.end) for c in focus(clauses(text, tokens))]
        tokens = insured_places(text, tokens, asking, homes)
    slots = slots_of(tokens, amounts, text)
    passed = away and not any(token.kind in AWAY for token in tokens)
    insured = insured_at(text, tokens)
    return Reading(tokens, amounts, slots, rejected, text, clauses(text, tokens), passed, insured)


def _asks_for_number(spotted: tuple[Token, ...]) -> bool:
    """Whether a number is asked about, whatever it serves: 12393能查缴费吗, 洛川生育险打哪个."""
    kinds = {token.kind for token in spotted}
    phone = any(token.kind == "cue" and token.value == "phone" for token in spotted)
    return "hotline" in kinds or (phone and "place" in kinds)


def _cut_short(spotted: tuple[Token, ...], measured: list[tuple[int, int]]) -> tuple[Token, ...]:
    """What is left of question words that begin within a quantity: the 吗 of 也是九成吗."""
    return tuple(
        structs.replace(token, said=token.said[end - token.start :], start=end)
        for token in spotted
        for _, end in measured
        if token.kind == "ask" and token.value == "yn" and token.start < end < token.end
    )


def _wondered(
    text: str, amounts: tuple[Quantity, ...]
) -> tuple[tuple[Token, ...], tuple[Quantity, ...]]:
    """The figures between which somebody wavers, as what they ask for, and the other quantities.

    是三千五还是三千八 asks for a limit, and neither of the two was spent; nor was 五千多少来着.
    """
    sought = [
        Token("cue", _SOUGHT[one.unit], text[one.start : one.end], one.start, one.end)
        for one in amounts
        if one.unit in _SOUGHT and _FORGOTTEN.match(text, one.end)
    ]
    for one, other in pairwise(amounts):
        between = text[one.end : other.start]
        if one.unit == other.unit and one.unit in _SOUGHT and _EITHER.fullmatch(between):
            said = text[one.start : other.end]
            sought.append(Token("cue", _SOUGHT[one.unit], said, one.start, other.end))
    spans = [(_stammered(text, token), token.end) for token in sought]
    left = (q for q in amounts if not any(a <= q.start and q.end <= b for a, b in spans))
    return tuple(sought), tuple(left)


def _stammered(text: str, token: Token) -> int:
    """Where a token begins, or the same before it that is only said twice: 四千四千几来着."""
    twice = text.endswith(token.said, 0, token.start)
    return token.start - len(token.said) if twice else token.start


def _masked(lexicon: Lexicon, text: str) -> str:
    """The text without the 替 of 替邻居问, and with 能不能 out of the way of names (不能报)."""

    def mask(found: re.Match[str]) -> str:
        node = lexicon.exact
        for char in found.group():
            node = node.get(char, {})
        cue = any(lexicon.names[number].kind == "cue" for number in node.get(END, ()))
        begins = _continued(node, text[found.end() :])  # 会不会死 is a name of its own
        return found.group() if cue or begins else _MASK * len(found.group())

    return _VERB_NOT_VERB.sub(mask, _ASKED_FOR.sub(_MASK, text))


def _continued(node: dict[str, Any], rest: str) -> bool:
    """Whether a name that has come as far as a node of the trie ends further on in the text."""
    for char in rest:
        node = node.get(char, {})
        if END in node:
            return True
        if not node:
            return False
    return False


def _framed(text: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """With the question words that are no names: 认不认, and a 不 at the end of a clause."""
    frames = [m.span() for m in _VERB_NOT_VERB.finditer(text)]
    frames += [m.span("no") for m in _FINAL_NOT.finditer(text)]
    again = [m.span("no") for m in _SPLIT.finditer(text)]
    apart = [t for t in tokens if t.kind in {"talk", "outside"}]  # 下不下雨 asks nothing here
    frames = [(a, b) for a, b in (*frames, *again) if not any(_within(t, a, b) for t in apart)]
    # 能给我备上不能 denies nothing.
    tokens = tuple(t for t in tokens if (t.start, t.end) not in again)
    made = tuple(Token("ask", "yn", text[a:b], a, b) for a, b in frames)
    kept = (t for t in tokens if not any(_cut(t, a, b) for a, b in frames))
    return tuple(sorted((*kept, *made), key=lambda token: token.start))


def _lost(lexicon: Lexicon, text: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The paper that somebody lost and would file without, and not how to get another one.

    医保卡丢了,拿电子凭证去申请行吗.
    """
    made = []
    for token in tokens:
        lost = _LOST.match(token.said) if token.kind == "outside" else None
        names = written(lexicon, lost["paper"]) if lost else ()
        papers = [name for name in names if name.kind in {"material", "cue"}]
        if lost and papers and _FILES.search(text, token.end):
            end = token.start + lost.end("paper")
            made += [Token(n.kind, n.value, lost["paper"], token.start, end) for n in papers]
            made.append(Token("loose", LOST, text[end : token.end], end, token.end))
        else:
            made.append(token)
    return tuple(made)


def _untold(text: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without the doctor of whom it is only told what he said: 医生讲还没到要洗的时候."""
    told = {t for t in tokens if t.said in _TELLERS and _SAYS.match(text, t.end)}
    return tuple(t for t in tokens if t not in told)


def _switched(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """With a 换 before a place or a scheme taken for a change of subject: 换北京问一下."""
    after = {t.start for t in tokens if t.kind in _SUBJECTS}
    return tuple(
        structs.replace(t, value="switch") if t.said in _CHANGING and t.end in after else t
        for t in tokens
    )


def _one_sense(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """With one sense for letters that stand for a disease and for a group: tx is 透析 or 退休.

    Beside another disease they are the group (gxy tx), else the disease (tx xe).
    """
    ill = {(t.start, t.end) for t in tokens if t.kind == "disease"}
    doubled = {(t.start, t.end) for t in tokens if t.kind in _GROUPS and t.how == "pinyin"} & ill
    dropped = {"disease", "member"} if ill - doubled else _GROUPS
    return tuple(t for t in tokens if (t.start, t.end) not in doubled or t.kind not in dropped)


def _graded(lexicon: Lexicon, text: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """With the grade of a disabled soldier taken for what it says: 残疾军人是七级的.

    A grade alone is one of a soldier or of a hospital, which the conversation tells: 二级呢.
    """
    tokens = tuple(t for t in tokens if not _is_severity(t, tokens))
    taken = {at for t in tokens if t.kind not in _LOOSE for at in range(t.start, t.end)}
    found = [one for one in _GRADE.finditer(text) if taken.isdisjoint(range(*one.span()))]
    if not found:
        return tokens
    if any(t.kind == "exempt" for t in tokens):
        own = [one for one in found if not text[: one.start()].endswith(_BESIDE)]
        value = _of_grade(lexicon, own[-1]["grade"], "exempt") if own else ""
        return tuple(
            structs.replace(t, value=value) if value and t.kind == "exempt" else t for t in tokens
        )
    if any(t.kind == "hospital" for t in tokens):  # 二级和三级医院
        ills = {t.end for t in tokens if t.kind == "disease"}
        made = [
            Token("hospital", value, one.group(), *one.span())
            for one in found
            if (one.start() not in ills or _NEXT_LEVEL.match(text, one.end()))
            and (value := _of_grade(lexicon, one["grade"], "hospital"))
        ]
        return tuple(sorted((*tokens, *made), key=lambda token: token.start))
    made = [
        Token(f"graded-{kind}", value, one.group(), *one.span())
        for one in found
        for kind in _GRADED
        if (value := _of_grade(lexicon, one["grade"], kind))
    ]
    return tuple(sorted((*tokens, *made), key=lambda token: token.start))


def _is_severity(token: Token, tokens: tuple[Token, ...]) -> bool:
    """Whether a grade is how bad a disease is, and not that of a hospital: 高血压3级."""
    bare = token.kind == "hospital" and bool(_GRADE.fullmatch(token.said))
    return bare and any(t.kind == "disease" and t.end == token.start for t in tokens)


def _of_grade(lexicon: Lexicon, grade: str, kind: str) -> str:
    """What something of a grade stands for (七级残疾军人); empty where it has no name."""
    numeral = grade if grade in _NUMERALS else _NUMERALS[int(grade) - 1]
    names = written(lexicon, f"{numeral}级{_GRADED[kind]}")
    return next((name.value for name in names if name.kind == kind), "")


def _within(token: Token, start: int, end: int) -> bool:
    """Whether a frame is only a part of a token."""
    return token.start <= start and end <= token.end and end - start < token.end - token.start


def _cut(token: Token, start: int, end: int) -> bool:
    """Whether a frame runs through a token instead of lying inside it or apart from it."""
    apart = token.end <= start or end <= token.start
    around = token.start <= start and end <= token.end and token.kind != "neg"
    return not apart and not around
