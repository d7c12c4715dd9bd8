"""Tokens → typed slots: groups narrowed, twins kept apart, corrections and negations heeded."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from intents.amounts import amounts_of
from intents.clauses import is_aside
from intents.persons import relatives
from intents.quantities import Quantity, days, floors, measures
from intents.understanding import Slot, Token

SLOTTED = frozenset(
    "disease scheme population hospital region district place platform material member stage "
    "other-place other-disease tumour outside talk landmark hotline exempt account title "
    "nth graded-exempt graded-hospital".split()
)
# What stands around a scheme whose benefit somebody else would like to have.
_BORROWED = re.compile(r"(?:享受|享|按|照|拿|领|走|套|用)(?:到|得到|不到)?(?:城乡|城镇)?$")
_OTHERS = re.compile(r"(?:医保)?(?:的|那|这|标准|待遇|政策)")
# The scheme of a population.
SCHEMES = {
    "working": "employee",
    "retired": "employee",
    "unemployed": "resident",
    "student": "resident",
}
_CURED = re.compile("化疗|放疗|放化疗|靶向")
_TREATMENT = "cancer-treatment"
CANCER = (_TREATMENT, "cancer-recovery")
# What stands behind a treatment that is over: 放化疗都结束了.
_COUNTED_ON = re.compile(
    r"了?第?[\d一二两三四五六七八九十几]+个?(?:次|疗程|轮|期|回)"
)  # 化疗做完三次
_ENDED = re.compile(
    rf"[都全也已经就刚]{{0,3}}(?:结束|[做打疗]?完(?!{_COUNTED_ON.pattern})|停了|停掉|停止)"
)
# A negation that stands right before a value denies it; `没` before 退休 is a name of its own.
_DENIALS = frozenset({"不是", "不算", "并非", "唔系", "别", "不"})
_LACKS = frozenset({"没", "没有", "无", "冇", "未", "唔"})
_CORRECTED = frozenset({"disease", "scheme", "population", "region", "district", "hospital"})
# 高血压 and 糖尿病 in one person are a row of their own.
PAIR = {"hypertension", "diabetes"}
BOTH = "hypertension-diabetes"
_AMOUNT_ASKED = re.compile(r"多少|几")  # 高血压单独多少,加糖尿病又多少
_BEHIND = 3  # characters between what is denied and what is meant: 不是血透,是腹透
_ENDING = re.compile(r"[。!?;]")
# What says behind a disease that somebody else has it: 帕金森是隔壁邻居的.
_STRANGERS = re.compile(
    r"(?:的)?(?:那个|那)?是(?:我|咱)?们?(?:家)?(?:隔壁|楼上|楼下|对门|邻居|同事|朋友|别人|人家|工友|老乡|同学|亲戚|室友|病友)"
)
_OVER_AGAIN = re.compile(r"又(?:是|有|得了?|查出)?$")  # 又高血压又糖尿病
# 糖尿病还有高血压, 不光有糖尿病,还有高血压: one person has both.
_ALSO = re.compile("(?:[还也又]|另外|外加|加上|再加)+(?:[有得患是]|查出来?)*了?$")
_JOINED = re.compile(f"(?:的(?:人|病人)?)?[,、 ]*{_ALSO.pattern}")
_SINGLY = re.compile("单[有纯独得是]|[只光仅][有得是]")
_JOINTS = frozenset({"和", "跟", "与", "同", "、"})


def slots_of(tokens: tuple[Token, ...], amounts: Iterable[Quantity], text: str) -> tuple[Slot, ...]:
    """The slots of some tokens, in the order in which they were said."""
    kept = _regarded(_unborrowed(_undenied(_uncorrected(tokens)), text), text)
    kept = _healing(kept)
    kept = tuple(t for t in kept if not (t.kind == "title" and _NOT_YET.search(text[: t.start])))
    kept = tuple(_in_course(token, text) for token in kept)
    over = [t for t in kept if _is_end(t) or (_TREATMENT in t.value and _ENDED.match(text, t.end))]
    going = bool(over) and _goes_on(kept, text, over[-1].end)
    if going:
        kept = tuple(t for t in kept if not (t in over and _is_end(t)))
    found = [_slot(token.kind, value, token) for token in kept for value in _values(token)]
    # What is part of a disease's definition (化疗, 抑郁症) names the disease.
    if not any(token.kind == "district" for token in kept):
        found += [_slot("district", t.value, t) for t in kept if t.kind == "landmark"]
    found += [
        Slot("days", f"{least}-{most}", "", (0, len(text)), "exact") for least, most in days(text)
    ]
    found += [
        Slot("measure", f"{number}{unit}", "", (0, len(text)), "exact")
        for unit, number in sorted(measures(text))
        if number > 1 or unit == "寸"  # one is hardly ever counted: 这一步, 一张表
    ]
    storeys = [t for t in kept if t.kind == "cue" and t.value == "floor"]
    found += [_slot("floor", str(number), t) for t in storeys for number in floors(t.said)]
    past = {token.start for token in over}
    ill = {token.start for token in kept if token.kind == "disease" and token.start not in past}
    if over and not ill and not going:  # 化疗做完了: what comes after it is the phase of recovery
        found.append(_slot("disease", "cancer-recovery", over[0]))
    found += [
        _slot("disease", t.value.partition(":")[0], t)
        for t in kept
        if t.kind == "member" and (t.start in ill or not ill)  # 白内障两只眼 is no 眼底注射
    ]
    found += amounts_of(amounts, tokens, text)
    found.sort(key=lambda slot: slot.span)
    unique: dict[tuple[object, ...], Slot] = {}
    for slot in found:
        unique.setdefault((slot.name, slot.value, slot.span), slot)
    ended = not going and any(
        _ENDED.match(text, t.end) and not _goes_on(kept, text, t.end)
        for t in kept
        if _TREATMENT in t.value
    )
    narrowed = _narrowed(tuple(unique.values()), kept, ended=ended)
    cues = [token for token in kept if token.kind == "cue" and token.value == "both"]
    both = bool(cues)
    pair = [slot for slot in narrowed if slot.value in PAIR]
    both |= any("也" in slot.said for slot in pair)  # 血压高糖也高
    if both and len({slot.value for slot in pair}) > 1 and _SINGLY.search(text):
        third = _slot("disease", BOTH, cues[-1]) if cues else structs.replace(pair[-1], value=BOTH)
        return (*narrowed, third)  # 单有糖尿病、单有高血压、两个都有: three rows
    both |= bool(pair) and all(_OVER_AGAIN.search(text[: slot.span[0]]) for slot in pair)
    both |= is_also(narrowed, text)
    return narrowed if _set_apart(kept, text) else united(narrowed, both=both)


def is_also(slots: Iterable[Slot], text: str) -> bool:
    """Whether one of 高血压 and 糖尿病 is told as something that somebody has besides the other."""
    pair = [slot for slot in slots if slot.value in PAIR]
    for at, slot in enumerate(pair):
        others = [one for one in pair[:at] if one.value != slot.value]
        since, until = others[-1].span[1] if others else 0, slot.span[0]
        said = _JOINED.fullmatch if others else _ALSO.search  # 我还有高血压呢, after the other
        if said(text[since:until]):
            return True
    return False


# What denies a rank: 还没评上副高.
_NOT_YET = re.compile("(?:没|未|还不是?)(?:有|曾)?(?:评|升|晋|考|聘|到)(?:上|到|为)?$")


def _healing(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without a phase of recovery that is that of another illness: 骨折还在康复期."""
    ill = {t.kind for t in tokens if t.value not in CANCER or not t.said.startswith("康复")}
    if "other-disease" not in ill or not ill.isdisjoint({"disease", "tumour", "member", "stage"}):
        return tokens
    return tuple(t for t in tokens if t.kind != "disease")


def _is_end(token: Token) -> bool:
    """Whether a token says that a treatment of cancer is over: 化疗做完."""
    return token.kind == "stage" and token.value == "ended" and bool(_CURED.search(token.said))


def _in_course(token: Token, text: str) -> Token:
    """The treatment itself, where what is over was but a part of it: 化疗做完三次."""
    if not (_is_end(token) and _COUNTED_ON.match(text, token.end)):
        return token
    return structs.replace(token, kind="disease", value=_TREATMENT)


def _goes_on(tokens: tuple[Token, ...], text: str, since: int) -> bool:
    """Whether another treatment of the same phase goes on: 化疗完了,在吃内分泌药."""
    later = (t for t in tokens if t.kind == "member" and t.start >= since)
    return any(t.value.startswith(_TREATMENT) and not _ENDED.match(text, t.end) for t in later)


def _set_apart(tokens: tuple[Token, ...], text: str) -> bool:
    """Whether 高血压 and 高血压+糖尿病 are compared with each other, as two rows."""
    one = [t for t in tokens if t.kind == "disease" and t.value in PAIR]
    two = [t for t in tokens if t.kind == "disease" and t.value == BOTH]
    compared = any(t.kind == "cue" and t.value == "compare" for t in tokens)
    pairs = [
        (a, b)
        for a in one
        for b in two
        if not _ENDING.search(text[a.end : b.start] + text[b.end : a.start])
    ]
    if one and two and _of_others(one, two, text):
        return True
    between = [text[a.end : b.start] for a, b in pairs]
    joined = any(one in _JOINTS or _AMOUNT_ASKED.search(one) for one in between)
    return bool(pairs) and (compared or joined)


def _of_others(one: list[Token], two: list[Token], text: str) -> bool:
    """Whether 高血压 is told of one relative and 高血压+糖尿病 of another: 妈妈…,外婆…."""
    kin = relatives(text)

    def owners(tokens: list[Token]) -> set[str]:
        before = ([who for who, at in kin if at < token.start] for token in tokens)
        return {names[-1] for names in before if names}

    return len({who for who, _ in kin}) > 1 and owners(one).isdisjoint(owners(two))


def _slot(name: str, value: str, token: Token) -> Slot:
    return Slot(name, value, token.said, (token.start, token.end), token.how)


def _values(token: Token) -> tuple[str, ...]:
    if token.kind not in SLOTTED:
        return ()
    return tuple(token.value.split("+")) if token.kind == "disease" else (token.value,)


def _uncorrected(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without what the person took back: 职工,说错了,居民 → 居民."""
    at = max((token.end for token in tokens if token.kind == "fix"), default=0)
    after = {token.kind for token in tokens if token.start >= at} & _CORRECTED if at else set()
    return tuple(t for t in tokens if not (t.kind in after and t.end <= at))


def _undenied(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without what the person denies (不是职工,是居民), where another of the kind is left."""
    denied = {
        token
        for before in tokens
        if before.kind == "neg"
        for token in tokens
        if (
            (before.said in _DENIALS and token.kind in _CORRECTED | {"outside", "member"})
            or (before.said in _LACKS and token.kind in {"outside", "disease"})
        )
        and 0 <= token.start - before.end <= 1
    }
    # 不是血透,是腹透 denies a kind of dialysis, and says nothing of kidneys without it.
    kinds = [t.start for t in tokens if t.kind == "member"]
    denied |= {
        t
        for t in tokens
        if t.kind == "disease"
        and t.said.startswith(("不是", "没"))
        and any(0 < start - t.end <= _BEHIND for start in kinds)
    }
    spans = {token.start for token in denied}
    left = {t.kind for t in tokens if t.start not in spans}
    return tuple(
        t
        for t in _specific(tokens, spans)
        if t.start not in spans or not (t.kind in left or t.kind in {"outside", "member"})
    )


def _regarded(tokens: tuple[Token, ...], text: str) -> tuple[Token, ...]:
    """Without what is put aside (我爸那点高血压先不管), where another of the kind is left."""
    # 帕金森是隔壁邻居的 is heard as 帕金森氏 as well.
    heard = [(t, t.end - t.said.endswith("是")) for t in tokens if t.kind == "disease"]
    aside = {t for t, end in heard if _STRANGERS.match(text, end)}
    if is_aside(text):
        aside |= {t for t in tokens if t.kind in _CORRECTED and _is_aside(t, text)}
    left = {token.kind for token in tokens if token not in aside}
    return tuple(t for t in tokens if t not in aside or t.kind not in left)


def _is_aside(token: Token, text: str) -> bool:
    start = max(text.rfind(mark, 0, token.start) for mark in ",。;!?") + 1
    ends = [at for mark in ",。;!?" if (at := text.find(mark, token.end)) >= 0]
    return is_aside(text[start : min(ends, default=len(text))])


def _unborrowed(tokens: tuple[Token, ...], text: str) -> tuple[Token, ...]:
    """Without the scheme of others whose benefit is asked for: 退休了能享受居民那个额度吗."""
    own = {SCHEMES[t.value] for t in tokens if t.kind == "population"}
    borrowed = {
        t
        for t in tokens
        if t.kind == "scheme" and _BORROWED.search(text[: t.start]) and _OTHERS.match(text, t.end)
    }
    return tuple(t for t in tokens if t not in borrowed or not own - {t.value})


def _specific(tokens: tuple[Token, ...], denied: set[int]) -> tuple[Token, ...]:
    """Of two names of diseases without a gap the first one says which: 儿童1型 + 糖尿病."""
    blurred = {
        two.start
        for one in tokens
        if one.kind == "disease" and one.start not in denied
        for two in tokens
        if two.kind == "disease"
        and one.end == two.start
        and one.value != two.value
        and "+" not in one.value
        and not {one.value, two.value} <= PAIR
    }
    return tuple(t for t in tokens if not (t.kind == "disease" and t.start in blurred))


def _narrowed(
    slots: tuple[Slot, ...], tokens: tuple[Token, ...], *, ended: bool
) -> tuple[Slot, ...]:
    """A name that is true of several diseases gives way to one that is true of just one of them."""
    groups = {
        t.start: set(t.value.split("+")) for t in tokens if t.kind == "disease" and "+" in t.value
    }
    if any(slot.name == "tumour" for slot in slots):
        tumours = [slot for slot in slots if slot.name == "tumour"]
        groups[tumours[0].span[0]] = set(CANCER)
        known = {slot.value for slot in slots if slot.name == "disease"}
        slots = (
            *slots,
            *(
                Slot("disease", d, tumours[0].said, tumours[0].span, "alias")
                for d in CANCER
                if d not in known
            ),
        )
    single = {t.value for t in tokens if t.kind == "disease" and "+" not in t.value}
    single |= {t.value.partition(":")[0] for t in tokens if t.kind == "member"}
    dropped = {start: group for start, group in groups.items() if group & single}
    ended = ended or any(slot.name == "stage" and slot.value == "ended" for slot in slots)
    return tuple(
        slot
        for slot in slots
        if slot.name != "disease"
        or (
            not (slot.span[0] in dropped and slot.value not in single)
            and not (ended and slot.value == _TREATMENT and _recovering(slots))
        )
    )


def _recovering(slots: tuple[Slot, ...]) -> bool:
    """Whether the phase after the treatment is named as well: 化疗完了,康复期."""
    return any(slot.value == "cancer-recovery" for slot in slots)


def united(slots: tuple[Slot, ...], *, both: bool = True) -> tuple[Slot, ...]:
    """高血压 and 糖尿病, said to be in one person, are the row 高血压+糖尿病."""
    named = {slot.value for slot in slots if slot.name == "disease"}
    if (BOTH in named and not named >= PAIR) or (both and named >= PAIR):
        first = next(slot for slot in slots if slot.value in PAIR | {BOTH})
        rest = tuple(slot for slot in slots if slot.value not in PAIR | {BOTH})
        return (*rest, Slot("disease", BOTH, first.said, first.span, first.how))
    return slots
