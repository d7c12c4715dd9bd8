"""Questions that by themselves are of another topic, and go on with the one before them.

After 复发了怎么办 the papers that are asked for are those of that rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, structs

from intents.understanding import Ask, Form


class Stay(Struct, frozen=True):
    """After one of the topics `before`, asks of `asked` (all, where empty) go on with it.

    They do where `when` holds; `form` is how they are then put, where not as they were.
    """

    before: frozenset[str]
    asked: frozenset[str]
    when: Callable[[Ask], bool]
    form: Form | None = None


def _has(ask: Ask, *names: str) -> bool:
    return any(slot.name in names for slot in ask.slots)


def _of_nobody(ask: Ask) -> bool:
    """要带什么, with no disease of its own."""
    return not _has(ask, "disease")


def _vague(ask: Ask) -> bool:
    """怎么才能再享受治疗期待遇: how, and no figure, nor any other disease."""
    own = set(ask.values("disease")) <= {"cancer-treatment"}
    return "how" in ask.cues and "howmuch" not in ask.cues and own


def _of_way(ask: Ask) -> bool:
    """打个电话说一声就成,还是要怎么弄: how it is done, and no number to call."""
    return "how" in ask.cues and not ask.cues.isdisjoint({"apply", "or"})


def _over_again(ask: Ask) -> bool:
    """时间是从头数吗: what is counted anew after a relapse."""
    return "restart" in ask.cues


def _of_no_disease(ask: Ask) -> bool:
    """是不是就作废了, of an application that is late."""
    return not _has(ask, "disease", "tumour")


def _of_size(ask: Ask) -> bool:
    """多大的, of a photograph and nobody's age."""
    return not ask.slots


def _of_others(ask: Ask) -> bool:
    """那他老伴是普通退休工人,要登记吗, after those who need not."""
    files = ask.form == "yes_no" and not ask.cues.isdisjoint({"apply", "exempt"})
    return files and _has(ask, "scheme", "population") and not _has(ask, "exempt")


def _of_same_place(ask: Ask) -> bool:
    """在它里面点哪个频道: no platform and no place of its own."""
    return not _has(ask, "platform", "district", "account")


def _overdue(ask: Ask) -> bool:
    """过了呢, after within which time one must apply, is not about money."""
    money = ask.cues & {"limit", "rate", "pay", "howmuch"} or _has(ask, "yuan", "spent", "disease")
    return not money


def _of_no_place(ask: Ask) -> bool:
    """哪些地方有, after what was spoken of: no address of any office."""
    return not _has(ask, "district", "region", "platform")


def _by_phone(ask: Ask) -> bool:
    """手机能弄吗, after a change of hospital: of the change, and no new filing."""
    plain = ask.cues <= {"online", "platform", "apply", "yn", "how", "request", "app"}
    return plain and not ask.cues.isdisjoint({"online", "platform"}) and not _has(ask, "disease")


def _of_figure(ask: Ask) -> bool:
    """我就写个预算, after a question of figures: nothing is filled in."""
    return "fill" in ask.cues and "form" not in ask.cues and not _has(ask, "material")


def _besides(ask: Ask) -> bool:
    """除了医院还有别的路子不."""
    return "besides" in ask.cues


def _stay(before: str, asked: str, when: Callable[[Ask], bool], form: Form | None = None) -> Stay:
    return Stay(frozenset(before.split()), frozenset(asked.split()), when, form)


_STAYS = (
    _stay("relapse", "materials form", _of_nobody),
    _stay("relapse", "benefit", _vague),
    _stay("relapse", "", _over_again),
    _stay("change", "hotline", _of_way),
    _stay("deadline effective", "expiry", _of_no_disease, "open"),
    _stay("photos", "age", _of_size),
    _stay("exemption", "", _of_others),
    _stay("online_pharmacy", "entrance account platforms", _of_same_place),
    _stay("deadline", "ceiling", _overdue),
    _stay("circle15", "address region_difference scope", _of_no_place),
    _stay("change", "filing platforms", _by_phone),
    _stay("benefit calculate coverage", "form", _of_figure),
    _stay("form filing platforms result materials change", "hospital", _besides, "open"),
)


# What asks for the step behind the one that was told, and which one that is.
_ON = re.compile(
    "(?:那|好的?|嗯|哦|噢|行|知道了|[,。! ])*(?:再?然后|接下来|接着|下一步|之后|下面)"
    "(?:呢|[要该]?(?:怎么|咋)[弄办做整]?|[要该]?[干做弄](?:嘛|啥|什么))?[呀啊?。! ]*"
)
_LEAD = re.compile("(?:^|[,。;! ])(?:那)?(?:再?然后|接下来|接着|下一步)呢[呀啊?。! ]*$")
_ASKING = re.compile("[吗么?呢]|什么|啥|怎么|咋|哪|多少|几")
_BEFORE_FILING = "fields entrance platforms in_person materials form proxy hospital doctor account"
_NEXT = {
    **dict.fromkeys(_BEFORE_FILING.split(), "filing"),
    "filing": "review_time",
    **dict.fromkeys(("review_time", "result", "change"), "effective"),
}


def led_on(topic: str, text: str) -> tuple[Ask, ...]:
    """What a bare 然后呢 asks after a question about a topic; nothing where no step is next.

    Before it there may be told what is done: 姓名病种都填了,然后呢.
    """
    lead, bare = _LEAD.search(text), bool(_ON.fullmatch(text))
    told = bool(lead) and not bare
    if not (lead or bare) or (lead and _ASKING.search(text[: lead.start()])):
        return ()
    later = topic if told and topic == "filing" else _NEXT.get(topic)
    return (Ask(later, cues=frozenset({"steps"}), form="open"),) if later else ()


def continued(topic: str, ask: Ask) -> Ask:
    """An ask after a question about a topic: of that topic, where it goes on with it."""
    for one in _STAYS:
        if topic in one.before and (not one.asked or ask.topic in one.asked) and one.when(ask):
            return structs.replace(ask, topic=topic, form=one.form or ask.form, ranked=())
    return ask
