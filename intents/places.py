"""Which of the places in a message is where the person is insured.

People name several: where they work, where they fell ill, where their family lives. The rules of
a place apply to who is insured there, so a place with 参保 or 医保 behind it goes before one where
somebody was merely treated, and what is asked about goes before what is told on the way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import structs

from intents.persons import about
from intents.understanding import How, Slot, Token
from intents.whereabouts import (
    AWAY,
    HOME,
    is_asked,
    is_denied,
    is_insured,
    is_lived_in,
    is_others,
    is_passing,
    is_street,
    is_told_insured,
    is_treated,
    is_unasked,
    says_nothing,
    stays_a_while,
)
from knowledge.pack import GENERAL

_HOME = 0.6
_PLAINLY = 3.0  # the weight of a place in which somebody is said to be insured
PASSED: How = "inferred"  # how the place was found in which somebody insured elsewhere stays
_HERE = re.compile("(?:^|[,。;!?])(?:那|那么|可|但)?(?:我|我们|咱)这(?:边|里|儿|头)")
_MINE = re.compile("(?:我|我们|咱)(?:是|在)?$")
_OR = re.compile(
    r"(?:市|区|县|那边|这边)?的?(?:窗口|大厅|办事大厅)?[,、 ]?"
    r"还是(?:得|要|该|应该|必须|只能)*(?:去|到|跑|在|回)?"
)
_AS_ACCOUNT = re.compile(
    "公众号|微信|关注|绑|登[录陆]|注册|打开|扫码|[那这个]号|哪[个些几]|几个|用的?是?|渠道|线上|网上|搜|平台|号"
)
_HOMES = frozenset({"region", "district"})
_ITS_INSURANCE = re.compile(
    r"(?:的|市|那边|这边|职工|居民|参加|交)*(?:医保|社保|参保|保险)(?=$|[,。;!?]|的|人(?!工|力)|了)"
)
_HOUSEHOLD = re.compile("户口|户籍|人在|住在")  # told apart from where one is insured
_LONG = 24  # characters from which a clause without marks is speech
_MARK = re.compile("[,、;]")
_WHERE = re.compile("哪|几楼|几号|多少|怎么|咋|什么|啥")
_JOINT = re.compile(
    r"^(的|市|那边|这边|职工|居民)*[ /]?(和|跟|与|同|还有|、|以及|或者|还是|有而|比)?"
    r"(在|找|去|到|跑)?$"
)

# 无锡的门慢特跟苏州一样吗 asks of both, whatever stands between them.
_COMPARED = re.compile(r"^[^,。;!?]{0,7}[跟和与同比]$")
_COMPARING = re.compile(r"一样|一个样|同样|相同|不同|区别|差|比|方便|[多高好低少]")
# 苏州糖尿病的报销比例比南京高吗, 南通也是8万吗,还是跟苏州一样: far apart, but so in as many words.
_SET_AGAINST = re.compile(r"^[^。;!?]{0,20}[跟和与同比]$")
_ALIKE = re.compile(
    r"^(?:市|那边|那里|这边|的|是|要|也|还|都|会|能|报|得|给)*"
    r"(?:不?一样|一个样|同样|相同|不同|有区别|有差|差不多|[多高好低少])"
)

_EACH = re.compile(
    r"[三四几两]个?(?:地方|区)的|两地|各自|各(?:走|用|去|报|能|可|得|是|给|要|怎|多少|办)"
    r"|分别|两个人|两边"
)

# 北京有苏州没有的, 苏州能办北京却不能办: what the one has and the other has not.
_HAVING = re.compile(r"^(?:市|那边|这边|那里)?(?:的表里?|表里)?能?[有办报列享][^。;!?]{0,6}$")
_LACKING = re.compile(
    r"^(?:市|那边|这边|那里|的|门特|特病|慢特病|表|目录|名单|里|上|却|就|倒)*"
    r"(?:没|无|不能|不给|不在|不列|[找查]不到)"
)


def insured_places(
    text: str,
    tokens: tuple[Token, ...],
    asking: Sequence[tuple[int, int]],
    homes: Mapping[str, str],
) -> tuple[Token, ...]:
    """The tokens without the places that do not count.

    `asking` are the stretches that ask, `homes` leads from a covered place to its region.
    """
    places = [t for t in tokens if t.kind in HOME | AWAY]
    denied = _all_denied(text, places)
    kept = [t for t in places if not (t in denied or is_others(text, t) or is_street(text, t))]
    kept = _without_parts(kept, places)
    parties = {_owner(t, homes) for t in places if t not in denied}
    districts = {t.value for t in places if t.kind == "district" and t not in denied}
    several = len(parties) > 1 or len(districts) > 1
    if several and "away" not in parties and _EACH.search(text):
        return tokens  # 我哥在北京、我在苏州,备案各走什么渠道
    named = [t for t in places if not is_street(text, t)]
    unasked = any(is_unasked(text, t) for t in named)
    if not kept and (len(named) > 1 or unasked) and not any(t.kind in AWAY for t in named):
        return _anywhere(tokens, named)
    if not kept and not any(says_nothing(text, t) for t in places):
        kept = places
    stayed = {t.value for t in kept if stays_a_while(text, t)}
    kept = [t for t in kept if t.value not in stayed]
    if any(t.kind in HOME and is_insured(text, t) for t in kept):  # 参保在北京,在石家庄做化疗
        kept = [t for t in kept if not is_treated(text, t)]
    kept = _of_person(text, kept, asking)
    winners = _winners(text, kept, asking, homes) or _called(tokens, kept, asking)
    kept = _insured_districts(text, kept, asking)
    dropped = {id(t) for t in places} - {id(t) for t in kept if _owner(t, homes) in winners}
    return tuple(
        structs.replace(t, kind="cue", value="offsite", how=PASSED) if id(t) in dropped else t
        for t in tokens
        if id(t) not in dropped or is_treated(text, t) or t.value in stayed
    )


def insurances(text: str, tokens: tuple[Token, ...], homes: Mapping[str, str]) -> tuple[Token, ...]:
    """The tokens, an account taken for the region whose insurance is meant: 我是苏州医保.

    It is the account where it is quoted or spoken of as one: 关注苏州医保.
    """
    if not any(t.kind == "account" for t in tokens) or _AS_ACCOUNT.search(text):
        return tokens
    return tuple(
        structs.replace(
            t, kind="region", value=homes[f"account:{t.value}"], said=t.said[:-2], end=t.end - 2
        )
        if t.kind == "account" and t.said.endswith("医保") and f"account:{t.value}" in homes
        else t
        for t in tokens
    )


def insured_at(text: str, tokens: tuple[Token, ...]) -> frozenset[str]:
    """The districts in which somebody is said to be insured in so many words: 医保在张家港."""
    placed = (t for t in tokens if t.kind == "district" and t.how != "inferred")
    return frozenset(t.value for t in placed if is_told_insured(text, t))


def home_of(text: str, tokens: tuple[Token, ...]) -> Slot | None:
    """The region or district in which somebody is plainly insured: 我医保是太仓的."""
    told = [
        t
        for t in tokens
        if t.kind in _HOMES and (is_told_insured(text, t) or _ITS_INSURANCE.match(text, t.end))
    ]
    if len({t.value for t in told}) != 1:
        return None
    one = told[0]
    return Slot(one.kind, one.value, one.said, (one.start, one.end), one.how)


def _of_person(text: str, kept: list[Token], asking: Sequence[tuple[int, int]]) -> list[Token]:
    """The places told of the one person who is asked about, where their insurance is told."""
    here = any(_HERE.search(text, max(0, start - 1), end) for start, end in asking)
    if here and (mine := [t for t in kept if _MINE.search(text[: t.start])]):
        return mine  # 我苏州她北京,我这边是不是也点个变更
    spans = [(a, b) for start, end in asking for a, b in about(text, start, end) or ()]
    own = [t for t in kept if any(a <= t.start < b for a, b in spans)]
    asked = [t for t in kept if any(start <= t.start < end for start, end in asking)]
    told = any(is_insured(text, t) for t in own)
    plainly = any(is_told_insured(text, t) for t in kept)
    if not (told or plainly) and len(asking) == 1 and (said := _of_speaker(text, kept, *asking[0])):
        return said
    return [t for t in kept if t in own or t in asked] if told else kept


def _of_speaker(text: str, kept: list[Token], start: int, end: int) -> list[Token]:
    """Of districts in speech without marks those told of whom the question is about.

    我姑在张家港我自己在姑苏我要办门慢特去哪栋楼: who was named last before the question word.
    """
    word = _WHERE.search(text, start, end)
    districts = {t.value for t in kept if t.kind == "district"}
    if word is None or len(districts) < 2 or len(text) < _LONG or _MARK.search(text[start:end]):
        return []
    spans = about(text, word.start(), word.start()) or ()
    own = [t for t in kept if any(a <= t.start < b for a, b in spans)]
    return own if len({t.value for t in own if t.kind == "district"}) == 1 else []


def _insured_districts(
    text: str, kept: list[Token], asking: Sequence[tuple[int, int]]
) -> list[Token]:
    """Of the districts of a story the one where somebody is insured.

    One that is asked about stays, unless somebody wavers between two: 该跑昆山还是太仓.
    """
    districts = [t for t in kept if t.kind == "district"]
    sought = [t for t in districts if any(start <= t.start < end for start, end in asking)]
    wavers = any(_OR.fullmatch(text, a.end, b.start) for a, b in pairwise(sought))
    insured = [t for t in districts if is_insured(text, t)]
    named = {t.value for t in insured}
    if sought and not wavers and not (len(named) == 1 and _HOUSEHOLD.search(text)):
        return kept
    return [t for t in kept if t.kind != "district" or len(named) != 1 or t.value in named]


def _anywhere(tokens: tuple[Token, ...], denied: list[Token]) -> tuple[Token, ...]:
    """Neither here nor there (不在苏州也不在北京, 不问苏州): what holds in general is asked for."""
    last = structs.replace(denied[-1], kind="region", value=GENERAL)
    return tuple(last if t is denied[-1] else t for t in tokens if t not in denied[:-1])


def _owner(token: Token, homes: Mapping[str, str]) -> str:
    """The region of a covered place; all places without a pack are one party."""
    if token.kind in AWAY:
        return "away"
    return homes.get(f"{token.kind}:{token.value}", token.value)


def _winners(
    text: str, kept: list[Token], asking: Sequence[tuple[int, int]], homes: Mapping[str, str]
) -> set[str]:
    weights: dict[str, float] = {}
    for token in kept:
        owner = _owner(token, homes)
        weights[owner] = max(weights.get(owner, -9.0), _weight(text, token, asking))
    able = {owner for owner, weight in weights.items() if weight >= 0}
    if len(able) > 1 and (_joined(text, kept, homes) or _each_asked(text, kept, asking, homes)):
        return able
    if not able:
        # Only passing places: those without a pack say nothing of where the person is insured.
        return set(weights) - {"away"}
    # A covered place goes before another one that is not plainly where the person is insured.
    plainly = weights.get("away", 0.0) >= _PLAINLY
    fair = {o: weights[o] + (0.0 if o == "away" or plainly else _HOME) for o in able}
    return {max(sorted(able), key=lambda owner: fair[owner])}


def _called(
    tokens: tuple[Token, ...], kept: list[Token], asking: Sequence[tuple[int, int]]
) -> set[str]:
    """The place whose number is asked for, wherever somebody comes from: 老家陕西,打哪个号."""
    calls = [t for t in tokens if t.kind == "cue" and t.value == "phone"]
    phone = any(start <= t.start < end for t in calls for start, end in asking)
    return {"away"} if phone and any(t.kind == "place" for t in kept) else set()


def _joined(text: str, kept: list[Token], homes: Mapping[str, str]) -> bool:
    """Whether two places are named in one breath: 南京和苏州, 北京苏州两边."""
    ordered = sorted(kept, key=lambda t: t.start)
    return any(
        _owner(one, homes) != _owner(two, homes)
        and (_JOINT.match(text[one.end : two.start]) or _is_compared(text, one, two))
        for one, two in pairwise(ordered)
    )


def _is_compared(text: str, one: Token, two: Token) -> bool:
    between, after = text[one.end : two.start], text[two.end :]
    near = _COMPARED.match(between) and _COMPARING.search(between + after)
    apart = _HAVING.match(between) and _LACKING.match(after)
    return bool(near or apart or (_SET_AGAINST.match(between) and _ALIKE.match(after)))


def _begun(text: str, start: int) -> int:
    """Where the sentence begins that a stretch belongs to."""
    return max(text.rfind(mark, 0, start) for mark in "。!?;") + 1


def _each_asked(
    text: str, kept: list[Token], asking: Sequence[tuple[int, int]], homes: Mapping[str, str]
) -> bool:
    """Whether every question of the message names a place of its own, and they differ."""

    def named(start: int, end: int) -> set[str]:
        return {_owner(t, homes) for t in kept if start <= t.start < end}

    since = [0, *(end for _, end in asking)]
    owners = [
        named(start, end) or named(max(_begun(text, start), last), end)
        for last, (start, end) in zip(since, asking, strict=False)
    ]
    return len(owners) > 1 and all(owners) and len(set.union(*owners)) > 1


def _all_denied(text: str, places: list[Token]) -> list[Token]:
    """The places that are denied, also those named in one breath with them: 不在苏州北京."""
    denied: list[Token] = []
    for place in sorted(places, key=lambda t: t.start):
        # 不在苏州是北京的 names the one that counts, though 苏州是 sounds like 苏州市.
        open_ = denied and not denied[-1].said.endswith("是")
        joined = open_ and _JOINT.match(text[denied[-1].end : place.start])
        if joined or is_denied(text, place):
            denied.append(place)
    return denied


def _without_parts(kept: list[Token], places: list[Token]) -> list[Token]:
    """Without districts of another city: 高新区 in 西安高新区 is not the one of that name here."""
    ends = {t.end + gap for t in places if t.kind in AWAY for gap in (0, 1)}
    parts = {t.said for t in places if t.kind == "district" and t.start in ends}
    return [t for t in kept if t.kind != "district" or t.said not in parts]


def _weight(text: str, token: Token, asking: Sequence[tuple[int, int]]) -> float:
    weight = 1.0 + token.start / 10_000
    if is_insured(text, token):
        weight += 3
    elif token.kind in AWAY and is_asked(text, token):
        pass  # told of on the way, and asked about
    elif is_passing(text, token):
        weight -= 3
    elif is_lived_in(text, token):
        weight -= 0.6
    if any(start <= token.start < end for start, end in asking):
        weight += 1
    if token.how in {"pinyin", "near"} and token.kind in HOME and not token.said.isascii():
        weight -= 1.5
    return weight
