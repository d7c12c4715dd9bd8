"""Asks about figures: limits, rates, costs and what is left of them."""

from __future__ import annotations

from bot.compose.settling.told import plural, said
from intents.amounts import MONEY, expensed
from intents.understanding import Ask

LARGE = 300_000  # yuan from which a question is about what lies above the yearly total
# What a change to another scheme is said with, and what a figure is stated with.
_SWITCHING = frozenset({"change", "switch", "submit", "moved", "claimed"})
_STATING = frozenset({"must", "yn", "claimed", "or"})
_TOLD_BY = frozenset({"office", "window", "proxy", "hearsay", "local", "in-person", "hospital"})


def _sums(ask: Ask, *names: str) -> list[float]:
    """What is told to have been spent, in yuan: everything, or what has one of these names."""
    every = names or ("yuan", "spent", "inpatient")
    return [float(value) for name in every for value in ask.values(name)]


def is_left(ask: Ask) -> bool:
    """How much more is paid, where it is told what was paid: 今年报了四千,还能报多少."""
    more = "pay" in ask.cues and not ask.cues & {"limit", "rate"}
    return more and said(ask, "paid") and not said(ask, "yuan", "spent")


def figures(ask: Ask) -> bool:
    """A limit or a rate of a disease."""
    asked = ask.cues & {"rate", "limit"} or {"howmuch", "pay"} <= ask.cues
    return bool(asked) and said(ask, "disease")


def is_expense(ask: Ask) -> bool:
    """An amount that was spent, not claimed or exceeded, and a wish for what comes back."""
    wish = ask.cues & {"howmuch", "pay", "selfpay", "calculate"}
    if not wish or not expensed(ask.slots):
        return False
    claimed = ask.form == "yes_no" or ask.cues & {"beyond", "claimed", "unlimited"}
    named = ask.cues & {"limit", "deductible"} and not {"pay", "howmuch"} <= ask.cues
    rated = "rate" in ask.cues and above(ask) and not said(ask, "yuan")  # 累计40万了,现在按几成
    return not (claimed or named or rated)


def is_further_expense(ask: Ask) -> bool:
    """累计到六万了,这五千能报多少: a cost, what was spent before it, and a wish to know."""
    told = {"disease", "yuan", "spent"} <= {slot.name for slot in ask.slots}
    return told and "pay" in ask.cues and is_expense(ask)


def is_alleged(ask: Ask) -> bool:
    """花了8万,报7万6,对不对: what somebody says comes back of a cost."""
    told = {"disease", "alleged"} <= {slot.name for slot in ask.slots}
    return told and ask.form == "yes_no" and expensed(ask.slots)


def is_claimed_limit(ask: Ask) -> bool:
    """两个就是4000,我一年能用4000对吧: a sum to confirm, and no bill to reckon."""
    bill = ask.cues & {"pay", "calculate", "selfpay", "howmuch", "money", "periods"}
    claimed = "claimed" in ask.cues and said(ask, "disease") and not bill
    return ask.form == "yes_no" and ("limit" in ask.cues or claimed)


def above(ask: Ask) -> bool:
    """A sum near or over the yearly total: what holds beyond it is asked."""
    sums = _sums(ask)
    large = min(sums, default=0.0) >= LARGE
    if ask.form == "yes_no":  # 36万了,那一万还管不管
        large |= max(_sums(ask, "spent", "inpatient"), default=0.0) >= LARGE
    # 已经累计36万了, with no expense beside it, or another sum beyond it.
    used_up = not said(ask, "yuan") or len(sums) > 1
    later = not ask.cues.isdisjoint({"beyond", "later"})  # 接下来的还给报吗
    if {"pay", "howmuch", "counted"} <= ask.cues and said(ask, "yuan"):
        return False  # 40万,4万以内和以上分开算,合计能结付多少
    return large and (later or used_up or not said(ask, "disease"))


def of_two_levels(ask: Ask) -> bool:
    """花了1200,社区和三级报下来相差多少: a cost at two hospitals, and what each pays of it."""
    return expensed(ask.slots) and len(ask.values("hospital")) > 1 and said(ask, "disease")


def is_over(ask: Ask) -> bool:
    """已经累计36万了,后面呢: what holds after what was spent."""
    return "later" in ask.cues and said(ask, "spent", "inpatient")


def is_of_figure(ask: Ask) -> bool:
    """难道不是一样报55%: whether one thing has the figure that was named."""
    return said(ask, "percent") and said(ask, "disease") and not plural(ask)


def of_home_bed(ask: Ask) -> bool:
    """家庭病床垫一次管多久: its settlement period."""
    return "home-bed" in ask.values("disease")


def of_age_alone(ask: Ask) -> bool:
    """下个月满七岁呢,会变吗: another age of a disease that was asked about."""
    ill = [slot for slot in ask.slots if slot.name == "disease"]
    return bool(ill) and all(slot.how == "carried" for slot in ill) and said(ask, "age")


def of_former_costs(ask: Ask) -> bool:
    """备案前一个月的药费也能报吧: whether what came before the filing is paid."""
    return ask.form == "yes_no" and "before" in ask.cues and bool(ask.cues & {"pay", "covered"})


def of_lower(ask: Ask) -> bool:
    """职工过了四万以后怎么算: the bound between two rates, not the yearly total."""
    sums = _sums(ask)
    return bool(sums) and max(sums) < LARGE and not said(ask, "disease")


def is_paid(ask: Ask) -> bool:
    """What is paid for a disease, and no expense."""
    return "pay" in ask.cues and said(ask, "disease") and not is_expense(ask)


def is_bound(ask: Ask) -> bool:
    """四万以内报多少: a tier of the rate, no expense."""
    return said(ask, *MONEY) and not expensed(ask.slots)


def other_group(ask: Ask) -> bool:
    """换成职工以后: another scheme for a disease, not another hospital."""
    return said(ask, "scheme", "population") and said(ask, "disease")


def other_column(ask: Ask) -> bool:
    """改交居民,现在有多少: a figure under another scheme, not a change of hospital."""
    bare = ask.cues <= _SWITCHING  # 换成职工医保的呢, and nothing beside it
    return other_group(ask) and (bare or bool(ask.cues & {"howmuch", "limit", "rate", "pay"}))


def is_stated_figure(ask: Ask) -> bool:
    """居民血友病是不是只有5万: a figure is stated of a disease, and nothing else is asked."""
    stated = said(ask, "disease") and said(ask, "yuan", "percent")
    return stated and ask.form == "yes_no" and ask.cues <= _STATING


def is_told(ask: Ask) -> bool:
    """窗口亲口讲的,居民精神障碍也是5300: a figure that somebody was told, and no way to file."""
    stated = said(ask, "disease") and said(ask, "yuan", "percent")
    rate = {"pay"} if said(ask, "percent") else set()
    return stated and ask.cues <= _STATING | _TOLD_BY | rate


def wants_no_sum(ask: Ask) -> bool:
    """听人讲一年八千报九成,我能用这个名额吗: whether there is anything, and no sum."""
    asked = ask.cues & {"pay", "howmuch", "selfpay", "calculate", "money", "exceeds", "enough"}
    stated = said(ask, "yuan") and said(ask, "percent")
    other = ask.form == "yes_no" or not ask.cues.isdisjoint({"where", "who", "when"})
    return other and stated and not asked


def only_tells(ask: Ask) -> bool:
    """今年累计冲过35万: how much there was, and not how that is counted."""
    return said(ask, "spent") and ask.form == "open" and ask.cues == {"counted"} and above(ask)


def is_dictated(ask: Ask) -> bool:
    """血友病…直接给我写20万: a figure to be written down, and no paper."""
    stated = said(ask, "disease") and said(ask, "yuan", "percent") and not said(ask, "material")
    return stated and "fill" in ask.cues and "form" not in ask.cues


def is_insisted(ask: Ask) -> bool:
    """不对,改成五千三: a figure that somebody wants to hear, not a change of hospital."""
    return said(ask, "yuan", "percent") and said(ask, "disease") and "switch" in ask.cues


def of_limit(ask: Ask) -> bool:
    """慢特病限额, then 严重精神障碍: the limit of a disease, not what holds over all of them."""
    return said(ask, "disease") and "limit" in ask.cues and not above(ask)


def over(ask: Ask) -> bool:
    """花了5000超没超额度: what was spent beside the limit, not whether that is the limit."""
    return bool(ask.cues & {"exceeds", "enough"}) and said(ask, *MONEY) and said(ask, "disease")


def pays_only(ask: Ask) -> bool:
    """What is paid, and not how it is filed."""
    return bool(ask.cues & {"pay", "howmuch"}) and "apply" not in ask.cues
