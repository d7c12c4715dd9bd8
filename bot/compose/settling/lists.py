"""Asks for several diseases at once: lists, ranks, and how groups differ."""

from __future__ import annotations

from bot.compose.part import schemes
from bot.compose.settling.money import above
from bot.compose.settling.told import DISEASES, WAYS, said
from intents.owning import HAS
from intents.understanding import Ask

_KINDS = frozenset({"gate", "special-kind", "chronic-kind"})
_RANKED = frozenset({"highest", "lowest", "sorted", "unlimited", "deductible"})


def of_regions(ask: Ask) -> bool:
    """各个城市的比例都一样吧: how cities differ, where no disease is named."""
    alike = bool(ask.cues & {"same", "compare"})
    return alike and "region-rule" in ask.cues and not said(ask, *DISEASES, "region")


def of_chronic_list(ask: Ask) -> bool:
    """门诊慢性病那栏收了哪几种毛病: the list, where no employee is spoken of."""
    return {"chronic-kind", "disease-list"} <= ask.cues and "employee" not in schemes(ask)


def of_employees_chronic(ask: Ask) -> bool:
    """职工医保,慢性病有没有资格申请: no disease, and no table to look in."""
    chronic = "chronic-kind" in ask.cues and "special-kind" not in ask.cues
    return chronic and schemes(ask) == {"employee"} and not said(ask, *DISEASES)


def of_one(ask: Ask) -> bool:
    """透析限额最高多少: the most of one disease, not the disease with the most."""
    return len(ask.values("disease")) == 1 and not ask.cues & {"which", "disease-list"}


def of_figure(ask: Ask) -> bool:
    """Which diseases have a figure, or the most of it: 限额8000的有哪几个病."""
    stated = said(ask, "yuan", "percent")
    named = "limit" in ask.cues or said(ask, "percent")
    which = bool(ask.cues & {"count", "which", "who"}) and named
    which |= {"what", "gate"} <= ask.cues
    counted = which and not above(ask)
    listing = "disease-list" in ask.cues or (stated and counted)
    listing |= {"sorted", "limit"} <= ask.cues
    listing |= stated and "these" in ask.cues and bool(ask.cues & {"limit", "gate", *_KINDS})
    listing |= "deductible" in ask.cues and bool(ask.cues & {"count", "who"})
    figure = stated or bool(ask.cues & _RANKED)
    return listing and figure and not said(ask, *DISEASES)


def of_each(ask: Ask) -> bool:
    """都有哪几个病,每个限额多少: the diseases with the limit of each of them."""
    return {"every", "limit"} <= ask.cues and not said(ask, *DISEASES)


def of_missing(ask: Ask) -> bool:
    """Which diseases a group has nothing for: 哪几项是学生没有的."""
    lacks = ask.negated or "cannot" in ask.cues
    grouped = said(ask, "scheme", "population")
    kinds = bool(ask.cues & _KINDS) and not ask.cues & {"materials", "apply", "fill"}
    listing = "disease-list" in ask.cues
    listing |= "what" in ask.cues and (kinds or len(schemes(ask)) > 1)
    return listing and lacks and grouped and not said(ask, *DISEASES)


def of_some_only(ask: Ask) -> bool:
    """学生有、职工没有的是哪几种: what one group has and others have not."""
    apart = any(cue.startswith(HAS) for cue in ask.cues)
    listing = ask.cues & (_KINDS | {"disease-list"}) or "of every" in ask.cues
    open_ = ask.form == "open" or "covered" in ask.cues  # 有没有那种职工有、居民没有的
    return apart and bool(listing) and open_ and not said(ask, *DISEASES)


def of_scheme(ask: Ask) -> bool:
    """居民医保能享受门慢特吗: who may, where no disease is named."""
    return said(ask, "scheme") and not said(ask, *DISEASES, "member")


def is_listed(ask: Ask) -> bool:
    """那单子里有没有这个病: a list, not a form."""
    listed = not ask.cues.isdisjoint({"covered", "disease-list"}) and "these" not in ask.cues
    return said(ask, "disease") and ask.form == "yes_no" and listed


def of_kinds(ask: Ask) -> bool:
    """门慢和门特有什么区别: the two tables, where nothing else is compared."""
    named = said(ask, *DISEASES, "scheme", "population", "region", "district", "platform")
    return "gate" in ask.cues and not named and not ask.cues & (WAYS | {"scheme-rule", "money"})


def of_list(ask: Ask) -> bool:
    """有哪些门特病, and 学生有哪些病 after another disease was spoken of: a list of diseases."""
    if ask.form != "open" or ask.cues & {"period", "limit"}:
        return False
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    if fresh & {*DISEASES, "member"}:
        return False
    if "disease-list" in ask.cues and not ask.cues & {"covered", "general"}:
        return True  # 有哪些病种, after one of them
    return (
        "gate" in ask.cues if not said(ask, *DISEASES) else bool(fresh & {"scheme", "population"})
    )


def of_schemes(ask: Ask) -> bool:
    """哪些病职工和居民的额度不一样: how two schemes differ, disease by disease."""
    both = "scheme-rule" in ask.cues or len(schemes(ask)) > 1
    return both and "compare" in ask.cues and not said(ask, *DISEASES, "yuan", "percent")


def is_listing(ask: Ask) -> bool:
    """把能申请的特殊病都列一遍: the diseases of a kind, and not how to file."""
    plain = ask.cues <= {"these", "gate", "apply", "every", "request", "covered"}
    listing = "these" in ask.cues and (plain or ask.cues & {"special-kind", "chronic-kind"})
    other = ask.cues & {"materials", "how", "steps", "path", "certificate"}
    return bool(listing) and not other and ask.form == "open" and not said(ask, *DISEASES)
