"""What a question comes down to once its topic meets its slots and cues.

The words of 透析花了5万能报多少 are those of a question about a benefit; the amount makes it a
calculation. Each rule names the topics it is about, the topic they become, and when.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, structs

from bot.compose.part import schemes
from intents.asking import ELLIPSIS
from intents.choosing import LITERAL
from intents.slots import MONEY, expensed
from intents.understanding import Ask

LARGE = 300_000  # yuan from which a question is about what lies above the yearly total
_PASSES = 4  # one settled topic may lead to another, never in a circle for long
# 居民高血压、糖尿病 are filed at a community clinic, whatever doctor or hospital is asked about.
COMMUNITY = frozenset({"hypertension", "diabetes"})
_FIGURE_CUES = frozenset(
    {"limit", "unlimited", "rate", "deductible", "period", "selfpay", "beyond", "howmuch"}
)
_WAYS = frozenset(
    {"online", "window", "at-hospital", "community", "web", "mail", "platform", "path", "must"}
)
_ONLINE = frozenset(
    {"account", "online", "web", "alipay", "platform", "download", "login", "shared"}
)
_FRAME = frozenset({"yn", "what", "how", "howmuch", "which", "where", "who", "when", "switch"})
_OF_OFFICE = frozenset({"apply", "claimed", "office", "gate"})
_KINDS = frozenset({"gate", "special-kind", "chronic-kind"})
_RANKED = frozenset({"highest", "lowest", "unlimited", "deductible"})
_DISEASES = ("disease", "other-disease", "tumour")
_WHERE = frozenset({"where", "address", "office", "floor"})


class Rule(Struct, frozen=True):
    """Asks of these topics become asks of `topic` where `when` holds; `fresh` forgets phrasings."""

    topics: frozenset[str]
    topic: str
    when: Callable[[Ask], bool]
    fresh: bool = False


def _rule(topics: str, topic: str, when: Callable[[Ask], bool], *, fresh: bool = False) -> Rule:
    return Rule(frozenset(topics.split()), topic, when, fresh)


def _names(ask: Ask, *slots: str) -> bool:
    return any(slot.name in slots for slot in ask.slots)


def _places(ask: Ask) -> bool:
    """A district with a word for a place, and nothing that says online or by post."""
    named = _names(ask, "district", "landmark")
    return named and bool(ask.cues & _WHERE) and not ask.cues & {"online", "mail"}


def _figures(ask: Ask) -> bool:
    asked = ask.cues & {"rate", "limit"} or {"howmuch", "pay"} <= ask.cues
    return bool(asked) and _names(ask, "disease")


def _plain_question(ask: Ask) -> bool:
    """A yes-or-no question without a word for a figure: is it paid for at all."""
    claims = _names(ask, "yuan", "percent")
    return ask.form == "yes_no" and not ask.cues & _FIGURE_CUES and not claims


def is_expense(ask: Ask) -> bool:
    """An amount that was spent, not claimed or exceeded, and a wish for what comes back."""
    wish = ask.cues & {"howmuch", "pay", "selfpay", "calculate"}
    if not wish or not expensed(ask.slots):
        return False
    claimed = ask.form == "yes_no" or ask.cues & {"beyond", "claimed", "unlimited"}
    named = ask.cues & {"limit", "deductible"} and not {"pay", "howmuch"} <= ask.cues
    return not claimed and not named


def _above(ask: Ask) -> bool:
    sums = [float(value) for value in ask.values("yuan") + ask.values("spent")]
    large = bool(sums) and min(sums) >= LARGE
    # 已经累计36万了, with no expense beside it, or another sum beyond it.
    used_up = not _names(ask, "yuan") or len(sums) > 1
    return large and ("beyond" in ask.cues or used_up or not _names(ask, "disease"))


def _plural(ask: Ask) -> bool:
    """Whether two things of a kind are named that can be compared."""
    kinds = ("disease", "scheme", "population", "hospital", "region", "age")
    return len(schemes(ask)) > 1 or any(len(ask.values(kind)) > 1 for kind in kinds)


def _where_to_file(ask: Ask) -> bool:
    """昆山 办: a district and no way, no steps are the question where."""
    return (
        _names(ask, "district") and ask.form == "open" and not ask.cues & (_WAYS | {"how", "steps"})
    )


def _of_platforms(ask: Ask) -> bool:
    """京通跟国家医保APP有什么区别: the steps of each."""
    several = len(ask.values("platform")) > 1
    return several and (ask.topic != "platforms" or ask.form == "open")


def _must_go(ask: Ask) -> bool:
    """是不是一定要跑到开平路办: whether one must go at all."""
    return ask.form == "yes_no" and "must" in ask.cues and _names(ask, "district", "landmark")


def _must_come(ask: Ask) -> bool:
    """非得跑医保局窗口吗: whether one must come at all, whatever office is named."""
    asked = ask.form == "yes_no" and "must" in ask.cues
    return asked and bool(ask.cues & {"office", "window"}) and not _names(ask, "platform")


def _wants_number(ask: Ask) -> bool:
    """昆山医保中心的电话: the number, and not the place."""
    return "phone" in ask.cues and not ask.cues & {"where", "address"}


def _of_papers(ask: Ask) -> bool:
    """除了诊断证明和申报表还要别的吗: all the papers, not each of those named."""
    return "materials" in ask.cues and len(ask.values("material")) > 1


def _of_ways(ask: Ask) -> bool:
    """在医院办和去窗口办有什么不同: the ways of filing, where nothing with a figure is named."""
    figures = _names(ask, *_DISEASES, "scheme", "population") or "scheme-rule" in ask.cues
    return not figures and bool(ask.cues & {"window", "online", "mail", "apply"})


def _how_on_platform(ask: Ask) -> bool:
    """苏周到怎么办: the way through a platform, step by step."""
    return (
        _names(ask, "platform")
        and ask.form == "open"
        and bool(ask.cues & {"how", "steps", "apply"})
    )


def _of_one(ask: Ask) -> bool:
    """透析限额最高多少: the most of one disease, not the disease with the most."""
    return len(ask.values("disease")) == 1 and not ask.cues & {"which", "disease-list"}


def _is_needed(ask: Ask) -> bool:
    """要不要带申请表: whether the form is among the papers, and nothing else about it."""
    plain = ask.cues <= {"form", "yn", "materials", "apply", "gate", "request"}
    return plain and ask.form == "yes_no" and _names(ask, "material")


def _which_papers(ask: Ask) -> bool:
    """要上传什么材料: the papers, not their format."""
    return {"what", "materials"} <= ask.cues and "format" not in ask.cues


def _filed_in_community(ask: Ask) -> bool:
    return bool(set(ask.values("disease")) & COMMUNITY) and ask.slot("scheme") != "employee"


def _is_paid(ask: Ask) -> bool:
    return "pay" in ask.cues and _names(ask, "disease") and not is_expense(ask)


def _of_designated(ask: Ask) -> bool:
    return _names(ask, "disease") and "designated" in ask.cues


def _on_any_platform(ask: Ask) -> bool:
    return "path" in ask.cues and not _names(ask, "platform")


def _of_place(ask: Ask) -> bool:
    """A district and nothing of its account, or both: 去哪儿办,关注哪个号 (a place has both)."""
    both = {"where", "apply"} <= ask.cues and not ask.cues & {"shared", "platform"}
    return _names(ask, "district") and (both or not ask.cues & _ONLINE)


def _was_elsewhere(ask: Ask) -> bool:
    """透析 done in another hospital than the one chosen, and the wonder that nothing was paid."""
    dialysis = "dialysis" in ask.values("disease") and "elsewhere" in ask.cues
    return dialysis and bool(ask.cues & {"why", "cannot", "wrong", "refusal"} or ask.negated)


def _on_account(ask: Ask) -> bool:
    """苏州医保上能办吗: the filing by an account, not whose account it is."""
    plain = "apply" in ask.cues and "shared" not in ask.cues and not _names(ask, "district")
    return _names(ask, "account") and plain


def _of_photos(ask: Ask) -> bool:
    """Whether a photograph is the only paper that is asked about."""
    papers = ask.values("material")
    return bool(papers) and ask.form == "yes_no" and all("照片" in paper for paper in papers)


def _of_figure(ask: Ask) -> bool:
    """Which diseases have a figure, or the most of it: 限额8000的有哪几个病."""
    stated = _names(ask, "yuan", "percent")
    which = bool(ask.cues & {"count", "which", "who"}) and "limit" in ask.cues
    which |= {"what", "gate"} <= ask.cues
    counted = which and not _above(ask)
    listing = "disease-list" in ask.cues or (stated and counted)
    figure = stated or bool(ask.cues & _RANKED)
    return listing and figure and not _names(ask, *_DISEASES)


def _of_missing(ask: Ask) -> bool:
    """Which diseases a group has nothing for: 哪几项是学生没有的."""
    lacks = ask.negated or "cannot" in ask.cues
    grouped = _names(ask, "scheme", "population")
    kinds = bool(ask.cues & _KINDS) and not ask.cues & {"materials", "apply", "fill"}
    listing = "disease-list" in ask.cues
    listing |= "what" in ask.cues and (kinds or len(schemes(ask)) > 1)
    return listing and lacks and grouped and not _names(ask, *_DISEASES)


def _was_refused(ask: Ask) -> bool:
    """没通过,怎么办: what to do now, not how to file, and not how long it takes."""
    return "refusal" in ask.cues and not ask.cues & {
        "result",
        "howlong",
        "when",
        "days",
        "online",
        "platform",
    }


def _is_bound(ask: Ask) -> bool:
    """四万以内报多少: a tier of the rate, no expense."""
    return _names(ask, *MONEY) and not expensed(ask.slots)


def _was_moved(ask: Ask) -> bool:
    """想换成附近的医院,怎么操作: how to change, not how to file."""
    return "moved" in ask.cues and not _names(ask, "district")


def _of_members(ask: Ask) -> bool:
    """严重精神障碍包含哪几类: what a disease takes in."""
    listing = bool(ask.cues & {"disease-list", "definition"}) and "covered" in ask.cues
    open_ = ask.form == "open" and "gate" not in ask.cues  # 特殊门诊包括哪些病 asks for all
    return listing and len(ask.values("disease")) == 1 and open_


def _of_scheme(ask: Ask) -> bool:
    """居民医保能享受门慢特吗: who may, where no disease is named."""
    return _names(ask, "scheme") and not _names(ask, *_DISEASES, "member")


def _is_paper(ask: Ask) -> bool:
    """出院小结能当诊断材料吗: whether a paper is in the list."""
    return _names(ask, "material") and ask.form == "yes_no" and "materials" in ask.cues


def _of_others(ask: Ask) -> bool:
    """A disease that is not filed at a community clinic."""
    named = set(ask.values("disease"))
    return bool(named) and not named & COMMUNITY and "hypertension-diabetes" not in named


def _is_listed(ask: Ask) -> bool:
    """那单子里有没有这个病: a list, not a form."""
    return _names(ask, "disease") and ask.form == "yes_no" and "covered" in ask.cues


def _is_signature(ask: Ask) -> bool:
    """医生不签字行吗: whether a form is signed, not by what rank."""
    return (
        "sign" in ask.cues and not _names(ask, "title") and not ask.cues & {"which", "what", "who"}
    )


def _which_place(ask: Ask) -> bool:
    """哪个地方用的是APP: which place has what account, none being named."""
    asked = "account" in ask.cues and bool(ask.cues & {"where", "who"})
    named = asked and not ask.cues & {"result", "review", "of account"}
    return named and not _names(ask, "district")


def _goes_first(ask: Ask) -> bool:
    """What must be done before the filing on a platform."""
    return _names(ask, "platform") and "first" in ask.cues


def _of_self(ask: Ask) -> bool:
    """需要本人去交吗: whether one must come, not who else may."""
    return "in-person" in ask.cues and "proxy" not in ask.cues


def _other_group(ask: Ask) -> bool:
    """换成职工以后: another scheme for a disease, not another hospital."""
    return _names(ask, "scheme", "population") and _names(ask, "disease")


def _other_column(ask: Ask) -> bool:
    """改交居民,现在有多少: a figure under another scheme, not a change of hospital."""
    return _other_group(ask) and bool(ask.cues & {"howmuch", "limit", "rate", "pay"})


def _is_insisted(ask: Ask) -> bool:
    """不对,改成五千三: a figure that somebody wants to hear, not a change of hospital."""
    return _names(ask, "yuan", "percent") and _names(ask, "disease") and "switch" in ask.cues


def _of_limit(ask: Ask) -> bool:
    """慢特病限额, then 严重精神障碍: the limit of a disease, not what holds over all of them."""
    return _names(ask, "disease") and "limit" in ask.cues and not _above(ask)


def _of_account(ask: Ask) -> bool:
    return _names(ask, "account") and not _names(ask, "district")


def _may_file(ask: Ask) -> bool:
    """两只眼都打能走特殊门诊吗: whether it is filed, not what the disease takes in."""
    asked = ask.verb == "can" and {"yn", "gate"} <= ask.cues
    return asked and _names(ask, "disease") and not _names(ask, "other-disease")


def _over(ask: Ask) -> bool:
    """花了5000超没超额度: what was spent beside the limit, not whether that is the limit."""
    return bool(ask.cues & {"exceeds", "enough"}) and _names(ask, *MONEY) and _names(ask, "disease")


def _of_kinds(ask: Ask) -> bool:
    """门慢和门特有什么区别: the two tables, where nothing else is compared."""
    named = _names(ask, *_DISEASES, "scheme", "population", "region", "district", "platform")
    return "gate" in ask.cues and not named and not ask.cues & (_WAYS | {"scheme-rule", "money"})


def _of_list(ask: Ask) -> bool:
    """有哪些门特病, and 学生有哪些病 after another disease was spoken of: a list of diseases."""
    if ask.form != "open" or ask.cues & {"period", "limit"}:
        return False
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    if fresh & {*_DISEASES, "member"}:
        return False
    if "disease-list" in ask.cues and not ask.cues & {"covered", "general"}:
        return True  # 有哪些病种, after one of them
    return (
        "gate" in ask.cues
        if not _names(ask, *_DISEASES)
        else bool(fresh & {"scheme", "population"})
    )


def _pays_only(ask: Ask) -> bool:
    return bool(ask.cues & {"pay", "howmuch"}) and "apply" not in ask.cues


def _is_treated(ask: Ask) -> bool:
    """附一院这种三级的呢: where somebody is treated, not where it is filed."""
    return _names(ask, "hospital") and not ask.cues & {"apply", "doctor", "must", "where", "office"}


_FIGURE_TOPICS = "benefit coverage age ceiling period"
_LATER = "expiry relapse designated two_diseases effective definition deadline"
_OF_LISTS = (
    "ceiling benefit form scope coverage diseases filing definition materials calculate compare "
    "scheme_difference"
)
_ELSEWHERE = frozenset(
    {"address", "account", "hotline", "hours", "local_hall", "exemption", "outside"}
)

RULES: tuple[Rule, ...] = (
    _rule("filing in_person hospital proxy", "address", _places),
    _rule(_LATER, "benefit", _figures),
    _rule("definition", "benefit", lambda a: "howmuch" in a.cues and _names(a, "disease")),
    _rule("benefit", "coverage", _plain_question),
    _rule("period", "benefit", _is_paid),
    _rule("filing review_time result", "refusal", _was_refused, fresh=True),
    _rule("filing in_person platforms", "change", _was_moved, fresh=True),
    _rule("result", "review_time", lambda a: bool(a.cues & {"howlong", "days"}), fresh=True),
    _rule("doctor hospital", "form", lambda a: "of form" in a.cues, fresh=True),
    _rule("form", "doctor", lambda a: "of doctor" in a.cues, fresh=True),
    _rule(
        "benefit coverage calculate refusal effective change filing",
        "designated",
        _was_elsewhere,
        fresh=True,
    ),
    _rule("definition", "coverage", lambda a: _names(a, "disease") and _names(a, "age")),
    _rule("filing", "address", _where_to_file),
    _rule("filing", "in_person", _must_come, fresh=True),
    _rule("benefit coverage", "definition", _of_members, fresh=True),
    _rule("definition", "diseases", _of_list, fresh=True),
    _rule("definition", "period", lambda a: "period" in a.cues and not _names(a, "disease")),
    _rule("compare", "diseases", _of_kinds, fresh=True),
    _rule("coverage definition", "benefit", lambda a: "limit" in a.cues and a.verb == "has"),
    _rule("coverage", "scope", _of_scheme, fresh=True),
    _rule("filing", "materials", _is_paper, fresh=True),
    _rule("scope", "filing", lambda a: a.form == "open" and {"how", "apply"} <= a.cues, fresh=True),
    _rule(_OF_LISTS, "ranking", _of_figure, fresh=True),
    _rule(_OF_LISTS, "diseases", _of_missing, fresh=True),
    _rule("pharmacy_card", "online_pharmacy", lambda a: bool(a.cues & (_ONLINE | {"net-buy"}))),
    _rule("hospital", "designated", _of_designated, fresh=True),
    _rule("filing", "platforms", _on_any_platform, fresh=True),
    _rule("platforms", "filing", _how_on_platform, fresh=True),
    _rule("address", "filing", lambda a: _names(a, "platform") and not _names(a, "district")),
    _rule("compare definition platforms", "filing", _of_platforms, fresh=True),
    _rule("compare", "filing", _of_ways, fresh=True),
    _rule("ranking", "benefit", _of_one, fresh=True),
    _rule("source", "materials", lambda a: bool(a.cues & {"materials", "apply"}), fresh=True),
    _rule("form", "coverage", _is_listed, fresh=True),
    _rule(
        "form refusal result",
        "doctor",
        lambda a: _names(a, "title") and a.form == "yes_no",
        fresh=True,
    ),
    _rule("definition", "coverage", _may_file, fresh=True),
    _rule("form materials", "photos", _of_photos, fresh=True),
    _rule("form", "materials", _is_needed, fresh=True),
    _rule("change", "benefit", _other_column, fresh=True),
    _rule("change", "benefit", _is_insisted, fresh=True),
    _rule("change", "coverage", lambda a: _other_group(a) and "covered" in a.cues, fresh=True),
    _rule("file_format", "materials", _which_papers, fresh=True),
    _rule("account", "address", _of_place),
    _rule("account shared_account", "filing", _on_account, fresh=True),
    _rule("scope", "in_person", lambda a: _names(a, "district") and "must" in a.cues, fresh=True),
    _rule("proxy", "in_person", _of_self, fresh=True),
    _rule("local_hall", "address", lambda a: _places(a) and "local" not in a.cues, fresh=True),
    _rule("account", "shared_account", _of_account),
    _rule("account", "shared_account", _which_place),
    _rule("effective coverage filing proxy", "offsite", _goes_first, fresh=True),
    _rule("compare", "benefit", lambda a: "compare" not in a.cues and not _plural(a)),
    _rule("benefit", "compare", lambda a: not _names(a, "disease") and len(schemes(a)) > 1),
    _rule("benefit", "compare", lambda a: {"compare", "limit"} <= a.cues and _names(a, "disease")),
    _rule(_FIGURE_TOPICS, "calculate", is_expense),
    _rule("two_diseases", "calculate", lambda a: _names(a, "yuan", "spent")),
    _rule("two_diseases", "benefit", _pays_only),
    _rule("two_diseases", "benefit", _is_treated),
    _rule("two_diseases", "change", lambda a: _of_others(a) and "again" in a.cues, fresh=True),
    _rule("two_diseases", "filing", _of_others, fresh=True),
    _rule("calculate", "benefit", _is_bound),
    _rule("ceiling", "benefit", _of_limit),
    _rule("counted_total", "ceiling", lambda a: _above(a) and "counted" not in a.cues, fresh=True),
    _rule("address", "in_person", _must_go, fresh=True),
    _rule("address", "hotline", _wants_number, fresh=True),
    _rule("hospital form doctor", "materials", _of_papers, fresh=True),
    _rule("benefit coverage calculate ceiling", "exceeding", _over),
    _rule("calculate", "benefit", lambda a: a.form == "yes_no" and "limit" in a.cues),
    _rule("doctor", "form", _is_signature, fresh=True),
    _rule("doctor hospital", "two_diseases", _filed_in_community, fresh=True),
    _rule(
        "coverage",
        "definition",
        lambda a: "covered" in a.cues and (_names(a, "member") or "what" in a.cues),
        fresh=True,
    ),
    _rule("filing benefit coverage calculate ceiling", "ceiling", _above, fresh=True),
    _rule("platforms", "account", lambda a: _names(a, "district") and not _names(a, "platform")),
    _rule(
        "filing",
        "coverage",
        lambda a: a.form == "yes_no" and _names(a, "disease") and not a.cues & _WAYS,
    ),
    _rule("coverage", "benefit", lambda a: a.form == "open" and "apply" not in a.cues),
    _rule(
        "coverage",
        "filing",
        lambda a: a.form == "open" and "apply" in a.cues and not a.cues & {"pay", "covered"},
    ),
    _rule(
        "coverage",
        "definition",
        lambda a: _names(a, "disease") and _names(a, "other-disease"),
        fresh=True,
    ),
)  # fmt: skip


# What an ask without a topic is about, by the first of these slots that it names.
_OVERVIEWS = {
    "disease": "benefit", "tumour": "benefit", "other-disease": "benefit",
    "member": "definition", "hotline": "hotline", "landmark": "address", "district": "address",
    "platform": "filing", "material": "materials",
}  # fmt: skip


def overview(ask: Ask, *, words: bool) -> Ask:
    """An ask that names only slots, with nothing to go on with: the overview of what it names.

    `words` is whether the message holds words that nothing known explains.
    """
    if ask.topic != ELLIPSIS:
        return ask
    if topic := _of_mishap(ask) or _of_insured(ask):
        form = "yes_no" if _names(ask, "yuan", "percent") else ask.form
        return structs.replace(ask, topic=topic, form=form)
    names = {slot.name for slot in ask.slots}
    placed = "landmark" in names and not ask.cues - _FRAME - _OF_OFFICE
    unexplained = words or (ask.form == "yes_no" and ask.strange)
    if (unexplained or ask.cues - _FRAME) and not placed:
        return ask
    topic = next((topic for name, topic in _OVERVIEWS.items() if name in names), ELLIPSIS)
    return structs.replace(ask, topic=topic)


def _of_mishap(ask: Ask) -> str:
    """想换家医院,这回怎么弄: what to do about what was told before."""
    if "must" in ask.cues and ask.form == "yes_no" and _names(ask, "district", "landmark"):
        return "in_person"  # 非得去开平路吗
    if "how" not in ask.cues:
        return ""
    return "change" if "moved" in ask.cues else "refusal" if "refusal" in ask.cues else ""


def _of_insured(ask: Ask) -> str:
    """What an ask comes to that names a disease and who is insured, whatever its other words."""
    names = {slot.name for slot in ask.slots}
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    if "disease" in names and names & {"scheme", "population"} and names & {"yuan", "percent"}:
        return "benefit"
    insured = "disease" in fresh and bool(fresh & {"scheme", "population", "age"})
    if insured and ask.cues & {"howmuch", "pay", "limit", "rate", "selfpay"}:
        return "benefit"
    scheme = any(s.name == "scheme" or "医保" in s.said for s in ask.slots if s.how != "carried")
    entitled = not ask.strange and ("gate" in ask.cues or (insured and "percent" not in names))
    told = ("disease" in fresh and (scheme or entitled)) or {"member", "disease"} <= names
    return "coverage" if told and ask.form == "yes_no" else ""


# The rules for asks of each topic, in their order.
_OF_TOPIC = {
    topic: tuple(rule for rule in RULES if topic in rule.topics)
    for topic in frozenset().union(*(rule.topics for rule in RULES))
}


def settled(ask: Ask) -> Ask:
    """An ask with the topic that its slots and cues come down to."""
    exempt = _names(ask, "exempt") and not _figures(ask)
    if exempt and ask.topic and ask.topic not in _ELSEWHERE:
        return structs.replace(ask, topic="exemption")
    if ask.ranked and ask.ranked[0].score >= LITERAL:
        return ask  # the question stands in the pack just as it was put
    for _ in range(_PASSES):
        rule = next((r for r in _OF_TOPIC.get(ask.topic, ()) if r.when(ask)), None)
        if rule is None or rule.topic == ask.topic:
            break
        ranked = () if rule.fresh else ask.ranked
        ask = structs.replace(ask, topic=rule.topic, ranked=ranked)
    return ask


def distinct(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Asks that came to the same question of the same things, once."""
    kept: dict[tuple[object, ...], Ask] = {}
    for ask in asks:
        about = frozenset((s.name, s.value) for s in ask.slots if s.name != "outside")
        key = "benefit" if ask.topic == "coverage" else ask.topic
        first = kept.get((key, about))
        if first is None:
            kept[key, about] = ask
        elif first.topic != "outside":
            form = "yes_no" if "yes_no" in {first.form, ask.form} else "open"
            kept[key, about] = structs.replace(first, cues=first.cues | ask.cues, form=form)
    return tuple(kept.values())
