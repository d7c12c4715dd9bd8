"""Asks about where one goes: districts, counters, accounts, platforms and shops."""

from __future__ import annotations

from bot.compose.settling.told import WAYS, said
from intents.understanding import Ask

ONLINE = frozenset(
    {"account", "online", "web", "alipay", "platform", "download", "login", "shared"}
)
_WHERE = frozenset({"where", "address", "office", "floor"})


def places(ask: Ask) -> bool:
    """A district with a word for a place, and nothing that says online or by post."""
    named = said(ask, "district", "landmark")
    return named and bool(ask.cues & _WHERE) and not ask.cues & {"online", "mail"}


def at_place(ask: Ask) -> bool:
    """The place of a district, unless it is asked whether one has to go there: 非得跑到开平路吗."""
    return places(ask) and not must_go_there(ask)


def of_counter(ask: Ask) -> bool:
    """那高新区在哪交: where a paper is handed in, not where it is got."""
    return places(ask) and "submit" in ask.cues and "get-form" not in ask.cues


def in_other_district(ask: Ask) -> bool:
    """昆山的老人在太仓住,能在太仓办吗: whether one may file where one is not insured."""
    filed = ask.topic == "address" or not ask.cues.isdisjoint({"apply", "office", "window"})
    asked = ask.form == "yes_no" and filed
    alike = ask.cues & {"same", "shared", "compare", "each", *_WHERE - {"office"}}
    return asked and not alike and len(ask.values("district")) > 1


def where_to_file(ask: Ask) -> bool:
    """昆山 办: a district and no way, no steps are the question where."""
    return said(ask, "district") and ask.form == "open" and not ask.cues & (WAYS | {"how", "steps"})


def of_platforms(ask: Ask) -> bool:
    """京通跟国家医保APP有什么区别: the steps of each."""
    several = len(ask.values("platform")) > 1
    return several and (ask.topic != "platforms" or ask.form == "open")


def must_go(ask: Ask) -> bool:
    """是不是一定要跑到开平路办: whether one must go at all."""
    return ask.form == "yes_no" and "must" in ask.cues and said(ask, "district", "landmark")


def must_come(ask: Ask) -> bool:
    """非得跑医保局窗口吗: whether one must come at all, whatever office is named."""
    asked = ask.form == "yes_no" and "must" in ask.cues
    return asked and bool(ask.cues & {"office", "window"}) and not said(ask, "platform")


def wants_number(ask: Ask) -> bool:
    """昆山医保中心的电话: the number, and not the place."""
    return "phone" in ask.cues and not ask.cues & {"where", "address"}


def how_on_platform(ask: Ask) -> bool:
    """苏周到怎么办: the way through a platform, step by step."""
    return (
        said(ask, "platform") and ask.form == "open" and bool(ask.cues & {"how", "steps", "apply"})
    )


def on_any_platform(ask: Ask) -> bool:
    """The way through a platform that is not named."""
    return "path" in ask.cues and not said(ask, "platform")


def which_online(ask: Ask) -> bool:
    """手机上办都有哪几个口子: the platforms, and not whether one has to come."""
    asked = ask.form == "open" and bool(ask.cues & {"these", "which"})
    elsewhere = not ask.cues.isdisjoint({"window", "office", "mail"})  # 线上线下都说说
    online = bool(ask.cues & ONLINE) and not elsewhere
    return asked and online and not said(ask, "district", "platform")


def of_place(ask: Ask) -> bool:
    """A district and nothing of its account, or both: 去哪儿办,关注哪个号 (a place has both)."""
    both = {"where", "apply"} <= ask.cues and not ask.cues & {"shared", "platform"}
    return said(ask, "district") and (both or not ask.cues & ONLINE)


def on_account(ask: Ask) -> bool:
    """苏州医保上能办吗: the filing by an account, not whose account it is."""
    plain = "apply" in ask.cues and "shared" not in ask.cues and not said(ask, "district")
    return said(ask, "account") and plain and not of_users(ask)


def in_place(ask: Ask) -> bool:
    """线下呢, after how a district is reached online: where one goes there."""
    return said(ask, "district") and ask.cues == {"window"}


def of_shop(ask: Ask) -> bool:
    """美团上点哪个频道: where to buy, unless somebody who delivers wants to file."""
    return "net-buy" in ask.cues and not (said(ask, "district") or ask.cues & {"apply", "gate"})


def of_shop_there(ask: Ask) -> bool:
    """深圳用个账买药,微信里搜什么小程序: where to buy in a place that an entry speaks of."""
    return said(ask, "place") and bool(ask.cues & {"buy", "pharmacy"})


def of_number_there(ask: Ask) -> bool:
    """洛川县医保局的两个号: the numbers are all that is told of a place without a pack."""
    other = said(ask, "region", "district") or ask.cues & {"where", "address", "which"}
    return said(ask, "place") and not other


def of_no_hall(ask: Ask) -> bool:
    """材料往哪交: no hall of a town or street is spoken of."""
    return not ask.cues & {"local", "community"} and not said(ask, "district", "landmark")


def of_users(ask: Ask) -> bool:
    """用“苏州医保”公众号的是哪几个区: which districts have an account."""
    return said(ask, "account") and "these" in ask.cues and not said(ask, "district")


def must_go_there(ask: Ask) -> bool:
    """难道还要专程跑开平路: whether one has to, not whether the office is there."""
    needs = ask.stance is not None and ask.stance.kind == "needs"
    other = set(ask.values("district")) - set(ask.values("landmark"))  # 新区的,也要去平泷路吗
    return needs and said(ask, "landmark") and not other


def of_one_place(ask: Ask) -> bool:
    """吴江也是关注“苏州医保”那个号吗: the account of one place, and not who shares one."""
    return len(ask.values("district")) == 1 and "shared" not in ask.cues


def which_place(ask: Ask) -> bool:
    """哪个地方用的是APP: which place has what account, none being named."""
    asked = "account" in ask.cues and bool(ask.cues & {"where", "who"})
    named = asked and not ask.cues & {"result", "review", "of account"}
    return named and not said(ask, "district")


def goes_first(ask: Ask) -> bool:
    """What must be done before the filing on a platform."""
    first = "first" in ask.cues or {"abroad", "before"} <= ask.cues
    return said(ask, "platform") and first


def of_account(ask: Ask) -> bool:
    """An account without a district."""
    return said(ask, "account") and not said(ask, "district")
