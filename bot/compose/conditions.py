"""What an ask is about, seen from its slots and cues: the conditions under which it settles."""

from __future__ import annotations

from bot.compose.part import schemes
from intents.owning import HAS
from intents.slots import MONEY, expensed
from intents.understanding import Ask

NEAR = 0.7  # a phrasing this near to a question is worth an answer of its own
LARGE = 300_000  # yuan from which a question is about what lies above the yearly total
# 居民高血压、糖尿病 are filed at a community clinic, whatever doctor or hospital is asked about.
COMMUNITY = frozenset({"hypertension", "diabetes"})
_FIGURE_CUES = frozenset(
    {"limit", "unlimited", "rate", "deductible", "period", "selfpay", "beyond", "howmuch"}
)
WAYS = frozenset(
    {"online", "window", "at-hospital", "community", "web", "mail", "platform", "path", "must"}
)
ONLINE = frozenset(
    {"account", "online", "web", "alipay", "platform", "download", "login", "shared"}
)
_KINDS = frozenset({"gate", "special-kind", "chronic-kind"})
_RANKED = frozenset({"highest", "lowest", "sorted", "unlimited", "deductible"})
_DISEASES = ("disease", "other-disease", "tumour")
_WHERE = frozenset({"where", "address", "office", "floor"})


def said(ask: Ask, *slots: str) -> bool:
    """Whether a value of any of these slots was said."""
    return any(slot.name in slots for slot in ask.slots)


def _sums(ask: Ask, *names: str) -> list[float]:
    """What is told to have been spent, in yuan: everything, or what has one of these names."""
    every = names or ("yuan", "spent", "inpatient")
    return [float(value) for name in every for value in ask.values(name)]


def is_left(ask: Ask) -> bool:
    """How much more is paid, where it is told what was paid: 今年报了四千,还能报多少."""
    more = "pay" in ask.cues and not ask.cues & {"limit", "rate"}
    return more and said(ask, "paid") and not said(ask, "yuan", "spent")


def places(ask: Ask) -> bool:
    """A district with a word for a place, and nothing that says online or by post."""
    named = said(ask, "district", "landmark")
    return named and bool(ask.cues & _WHERE) and not ask.cues & {"online", "mail"}


def figures(ask: Ask) -> bool:
    """A limit or a rate of a disease."""
    asked = ask.cues & {"rate", "limit"} or {"howmuch", "pay"} <= ask.cues
    return bool(asked) and said(ask, "disease")


def plain_question(ask: Ask) -> bool:
    """A yes-or-no question without a word for a figure: is it paid for at all."""
    claims = said(ask, "yuan", "percent")
    return ask.form == "yes_no" and not ask.cues & _FIGURE_CUES and not claims


def is_expense(ask: Ask) -> bool:
    """An amount that was spent, not claimed or exceeded, and a wish for what comes back."""
    wish = ask.cues & {"howmuch", "pay", "selfpay", "calculate"}
    if not wish or not expensed(ask.slots):
        return False
    claimed = ask.form == "yes_no" or ask.cues & {"beyond", "claimed", "unlimited"}
    named = ask.cues & {"limit", "deductible"} and not {"pay", "howmuch"} <= ask.cues
    return not claimed and not named


def above(ask: Ask) -> bool:
    """A sum near or over the yearly total: what holds beyond it is asked."""
    sums = _sums(ask)
    large = min(sums, default=0.0) >= LARGE
    if ask.form == "yes_no":  # 36万了,那一万还管不管
        large |= max(_sums(ask, "spent", "inpatient"), default=0.0) >= LARGE
    # 已经累计36万了, with no expense beside it, or another sum beyond it.
    used_up = not said(ask, "yuan") or len(sums) > 1
    later = not ask.cues.isdisjoint({"beyond", "later"})  # 接下来的还给报吗
    return large and (later or used_up or not said(ask, "disease"))


def of_diagnoses(ask: Ask) -> bool:
    """哪些诊断算严重精神障碍: what a disease takes in, not where it is diagnosed."""
    return said(ask, "disease") and {"covered", "what"} <= ask.cues and "hospital" not in ask.cues


def of_regions(ask: Ask) -> bool:
    """各个城市的比例都一样吧: how cities differ, where no disease is named."""
    alike = bool(ask.cues & {"same", "compare"})
    return alike and "region-rule" in ask.cues and not said(ask, *_DISEASES, "region")


def of_counter(ask: Ask) -> bool:
    """那高新区在哪交: where a paper is handed in, not where it is got."""
    return places(ask) and "submit" in ask.cues and "get-form" not in ask.cues


def of_two_levels(ask: Ask) -> bool:
    """花了1200,社区和三级报下来相差多少: a cost at two hospitals, and what each pays of it."""
    return expensed(ask.slots) and len(ask.values("hospital")) > 1 and said(ask, "disease")


def in_other_district(ask: Ask) -> bool:
    """昆山的老人在太仓住,能在太仓办吗: whether one may file where one is not insured."""
    filed = ask.topic == "address" or not ask.cues.isdisjoint({"apply", "office", "window"})
    asked = ask.form == "yes_no" and filed
    alike = ask.cues & {"same", "shared", "compare", "each", *_WHERE - {"office"}}
    return asked and not alike and len(ask.values("district")) > 1


def is_awaited(ask: Ask) -> bool:
    """几天有信儿, 要一个月才知道结果对吧: how long it takes, not where it is seen."""
    asked = bool(ask.cues & {"howlong", "days", "when"}) and "where" not in ask.cues
    return asked or (said(ask, "days") and ask.form == "yes_no")


def is_over(ask: Ask) -> bool:
    """已经累计36万了,后面呢: what holds after what was spent."""
    return "later" in ask.cues and said(ask, "spent", "inpatient")


def is_too_late(ask: Ask) -> bool:
    """我过了七个月是不是就亏了: time that is over, and no money."""
    return said(ask, "days") and not said(ask, *MONEY) and not ask.cues & {"limit", "rate"}


def is_of_figure(ask: Ask) -> bool:
    """难道不是一样报55%: whether one thing has the figure that was named."""
    return said(ask, "percent") and said(ask, "disease") and not plural(ask)


def of_phase(ask: Ask) -> bool:
    """内分泌治疗算治疗期还是康复期: what a treatment is part of."""
    return said(ask, "member") and "covered" in ask.cues


def is_changing(ask: Ask) -> bool:
    """想改成家旁边那家,非得到现场改吗: where a region says how it is changed."""
    told = any(c.topic == "change" and c.entry and c.score >= NEAR for c in ask.others)
    return told and "change" in ask.cues


def of_home_bed(ask: Ask) -> bool:
    """家庭病床垫一次管多久: its settlement period."""
    return "home-bed" in ask.values("disease")


def of_sheets(ask: Ask) -> bool:
    """大夫要填两张单子,叫啥: the names of the forms, and no rank."""
    return ask.form == "open" and {"form", "doctor"} <= ask.cues and not said(ask, "title")


def of_chronic_list(ask: Ask) -> bool:
    """门诊慢性病那栏收了哪几种毛病: the list, where no employee is spoken of."""
    return {"chronic-kind", "disease-list"} <= ask.cues and "employee" not in schemes(ask)


def of_employees_chronic(ask: Ask) -> bool:
    """职工医保,慢性病有没有资格申请: no disease, and no table to look in."""
    chronic = "chronic-kind" in ask.cues and "special-kind" not in ask.cues
    return chronic and schemes(ask) == {"employee"} and not said(ask, *_DISEASES)


def is_past(ask: Ask) -> bool:
    """等康复期也过了呢: what comes after the last phase."""
    return {"beyond", "phase"} <= ask.cues and "cancer-recovery" in ask.values("disease")


def wants_papers(ask: Ask) -> bool:
    """去窗口都得揣上啥: what to bring there."""
    return ask.form == "open" and "materials" in ask.cues


def of_two_diseases(ask: Ask) -> bool:
    """居民的高血压是大医院登记还是家门口登记: where residents file it."""
    ill = {slot for slot in ask.slots if slot.name == "disease"}
    named = any("两病" in slot.said for slot in ill) or schemes(ask) == {"resident"}
    placed = not ask.cues.isdisjoint({"where", "which", "address", "local", "hospital", "or"})
    alike = {slot.value for slot in ill} <= COMMUNITY | {"hypertension-diabetes"}
    return bool(ill) and alike and named and placed and "apply" in ask.cues


def of_covering(ask: Ask) -> bool:
    """Whether a disease is among those that are meant, whatever is told around it."""
    return said(ask, "disease") and {"covered", "yn"} <= ask.cues


def of_age_alone(ask: Ask) -> bool:
    """下个月满七岁呢,会变吗: another age of a disease that was asked about."""
    ill = [slot for slot in ask.slots if slot.name == "disease"]
    return bool(ill) and all(slot.how == "carried" for slot in ill) and said(ask, "age")


def may_send(ask: Ask) -> bool:
    """拿她社保卡替她办可以吗: whether another one may file."""
    put = ask.stance
    return "proxy" in ask.cues and put is not None and put.kind == "can" and not put.without


def of_diagnosing(ask: Ask) -> bool:
    """二级医院的诊断一律不算吧: of which hospital the diagnosis is taken."""
    return said(ask, "hospital") and "diagnosis" in ask.cues


def of_former_costs(ask: Ask) -> bool:
    """备案前一个月的药费也能报吧: whether what came before the filing is paid."""
    return ask.form == "yes_no" and {"before", "pay"} <= ask.cues


def of_lower(ask: Ask) -> bool:
    """职工过了四万以后怎么算: the bound between two rates, not the yearly total."""
    sums = _sums(ask)
    return bool(sums) and max(sums) < LARGE and not said(ask, "disease")


def plural(ask: Ask) -> bool:
    """Whether two things of a kind are named that can be compared."""
    kinds = ("disease", "scheme", "population", "hospital", "region", "age")
    return len(schemes(ask)) > 1 or any(len(ask.values(kind)) > 1 for kind in kinds)


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


def is_any_way(ask: Ask) -> bool:
    """帕金森能办吗: whether a disease can be filed, not by which way or with which paper."""
    plain = not (ask.cues & WAYS or said(ask, "material"))
    return plain and ask.form == "yes_no" and said(ask, "disease")


# What a change to another scheme is said with, and what a figure is stated with.
_SWITCHING = frozenset({"change", "switch", "submit", "moved", "claimed"})
_STATING = frozenset({"must", "yn", "claimed", "or"})


def of_rank(ask: Ask) -> bool:
    """主治开的诊断证明算数吗: whether a doctor of a rank will do, and not what the paper is of."""
    papers = said(ask, "material") or bool(ask.cues & {"diagnosis", "certificate", "form"})
    return said(ask, "title") and ask.form == "yes_no" and papers


def of_papers(ask: Ask) -> bool:
    """除了诊断证明和申报表还要别的吗: all the papers, not each of those named."""
    return "materials" in ask.cues and len(ask.values("material")) > 1


def of_ways(ask: Ask) -> bool:
    """在医院办和去窗口办有什么不同: the ways of filing, where nothing with a figure is named."""
    figures = said(ask, *_DISEASES, "scheme", "population") or "scheme-rule" in ask.cues
    return not figures and bool(ask.cues & {"window", "online", "mail", "apply", "at-hospital"})


def how_on_platform(ask: Ask) -> bool:
    """苏周到怎么办: the way through a platform, step by step."""
    return (
        said(ask, "platform") and ask.form == "open" and bool(ask.cues & {"how", "steps", "apply"})
    )


def of_one(ask: Ask) -> bool:
    """透析限额最高多少: the most of one disease, not the disease with the most."""
    return len(ask.values("disease")) == 1 and not ask.cues & {"which", "disease-list"}


def is_needed(ask: Ask) -> bool:
    """要不要带申请表: whether the form is among the papers, and nothing else about it."""
    plain = ask.cues <= {"form", "yn", "materials", "apply", "gate", "request"}
    return plain and ask.form == "yes_no" and said(ask, "material")


def which_papers(ask: Ask) -> bool:
    """要上传什么材料: the papers, not their format."""
    return {"what", "materials"} <= ask.cues and "format" not in ask.cues


def filed_in_community(ask: Ask) -> bool:
    """A disease that residents file at a community clinic."""
    return bool(set(ask.values("disease")) & COMMUNITY) and ask.slot("scheme") != "employee"


def is_paid(ask: Ask) -> bool:
    """What is paid for a disease, and no expense."""
    return "pay" in ask.cues and said(ask, "disease") and not is_expense(ask)


def of_designated(ask: Ask) -> bool:
    """The hospital that was chosen for a disease."""
    return said(ask, "disease") and "designated" in ask.cues


def on_any_platform(ask: Ask) -> bool:
    """The way through a platform that is not named."""
    return "path" in ask.cues and not said(ask, "platform")


def of_place(ask: Ask) -> bool:
    """A district and nothing of its account, or both: 去哪儿办,关注哪个号 (a place has both)."""
    both = {"where", "apply"} <= ask.cues and not ask.cues & {"shared", "platform"}
    return said(ask, "district") and (both or not ask.cues & ONLINE)


def was_elsewhere(ask: Ask) -> bool:
    """透析 done in another hospital than the one chosen, and the wonder that nothing was paid."""
    dialysis = "dialysis" in ask.values("disease") and "elsewhere" in ask.cues
    asked = ask.cues & {"why", "cannot", "wrong", "refusal", "result"} or ask.form == "yes_no"
    return dialysis and bool(asked or ask.negated)


def on_account(ask: Ask) -> bool:
    """苏州医保上能办吗: the filing by an account, not whose account it is."""
    plain = "apply" in ask.cues and "shared" not in ask.cues and not said(ask, "district")
    return said(ask, "account") and plain


def of_photos(ask: Ask) -> bool:
    """Whether a photograph is the only paper that is asked about."""
    papers = ask.values("material")
    return bool(papers) and ask.form == "yes_no" and all("照片" in paper for paper in papers)


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
    return listing and figure and not said(ask, *_DISEASES)


def of_each(ask: Ask) -> bool:
    """都有哪几个病,每个限额多少: the diseases with the limit of each of them."""
    return {"every", "limit"} <= ask.cues and not said(ask, *_DISEASES)


def in_place(ask: Ask) -> bool:
    """线下呢, after how a district is reached online: where one goes there."""
    return said(ask, "district") and ask.cues == {"window"}


def of_missing(ask: Ask) -> bool:
    """Which diseases a group has nothing for: 哪几项是学生没有的."""
    lacks = ask.negated or "cannot" in ask.cues
    grouped = said(ask, "scheme", "population")
    kinds = bool(ask.cues & _KINDS) and not ask.cues & {"materials", "apply", "fill"}
    listing = "disease-list" in ask.cues
    listing |= "what" in ask.cues and (kinds or len(schemes(ask)) > 1)
    return listing and lacks and grouped and not said(ask, *_DISEASES)


def of_some_only(ask: Ask) -> bool:
    """学生有、职工没有的是哪几种: what one group has and others have not."""
    apart = any(cue.startswith(HAS) for cue in ask.cues)
    listing = ask.cues & (_KINDS | {"disease-list"}) or "of every" in ask.cues
    open_ = ask.form == "open" or "covered" in ask.cues  # 有没有那种职工有、居民没有的
    return apart and bool(listing) and open_ and not said(ask, *_DISEASES)


def of_membership(ask: Ask) -> bool:
    """医生写的重症抑郁症,归不归严重精神障碍: whether it is part of a disease, whoever wrote it."""
    named = said(ask, "member") and said(ask, "disease")
    return named and ask.form == "yes_no" and "covered" in ask.cues


def is_mild(ask: Ask) -> bool:
    """抑郁,轻度的: what is listed is the severe form."""
    return "mild" in ask.cues and said(ask, "other-disease") and said(ask, "disease")


def was_refused(ask: Ask) -> bool:
    """没通过,怎么办: what to do now, not how to file, and not how long it takes."""
    looked = "result" in ask.cues and "how" not in ask.cues  # 结果出来是没通过,咋整
    return (
        "refusal" in ask.cues
        and not looked
        and not ask.cues
        & {
            "howlong",
            "when",
            "days",
            "online",
            "platform",
        }
    )


def was_sent_back(ask: Ask) -> bool:
    """没通过,还得去大厅排队吗: what becomes of it, not where to go first."""
    return was_refused(ask) and "materials" not in ask.cues


def of_shop(ask: Ask) -> bool:
    """美团上点哪个频道: where to buy, unless somebody who delivers wants to file."""
    return "net-buy" in ask.cues and not (said(ask, "district") or ask.cues & {"apply", "gate"})


def of_shop_there(ask: Ask) -> bool:
    """深圳用个账买药,微信里搜什么小程序: where to buy in a place that an entry speaks of."""
    return said(ask, "place") and bool(ask.cues & {"buy", "pharmacy"})


def of_users(ask: Ask) -> bool:
    """用“苏州医保”公众号的是哪几个区: which districts have an account."""
    return said(ask, "account") and "these" in ask.cues and not said(ask, "district")


def of_part(ask: Ask) -> bool:
    """癫痫归在严重精神障碍里,是哪种: whether a disease that no table lists is part of one."""
    part = said(ask, "other-disease") and said(ask, "disease")
    return part and (ask.form == "yes_no" or "these" in ask.cues) and not figures(ask)


def of_stamp(ask: Ask) -> bool:
    """医院还要再盖章: what the form wants, not where one is diagnosed."""
    return "stamp" in ask.cues and "diagnosis" not in ask.cues


def must_go_there(ask: Ask) -> bool:
    """难道还要专程跑开平路: whether one has to, not whether the office is there."""
    needs = ask.stance is not None and ask.stance.kind == "needs"
    return needs and said(ask, "landmark")


def of_other_kind(ask: Ask) -> bool:
    """选了血透,以后想改成腹透行不行: what becomes of the filing, not what is paid."""
    changed = ask.cues & {"switch", "change", "again"} and said(ask, "member") and not figures(ask)
    return bool(changed) and (ask.form == "yes_no" or "how" in ask.cues)


def is_refiled(ask: Ask) -> bool:
    """填错了没通过,能改了再交吗: what was refused is put right, nothing filed is changed."""
    return {"refusal", "submit"} <= ask.cues or {"refusal", "again"} <= ask.cues


def is_bound(ask: Ask) -> bool:
    """四万以内报多少: a tier of the rate, no expense."""
    return said(ask, *MONEY) and not expensed(ask.slots)


def was_moved(ask: Ask) -> bool:
    """想换成附近的医院,怎么操作: how to change, not how to file."""
    return "moved" in ask.cues and not said(ask, "district")


def of_members(ask: Ask) -> bool:
    """严重精神障碍包含哪几类: what a disease takes in."""
    listing = bool(ask.cues & {"disease-list", "definition"}) and "covered" in ask.cues
    open_ = ask.form == "open" and "gate" not in ask.cues  # 特殊门诊包括哪些病 asks for all
    return listing and len(ask.values("disease")) == 1 and open_


def of_scheme(ask: Ask) -> bool:
    """居民医保能享受门慢特吗: who may, where no disease is named."""
    return said(ask, "scheme") and not said(ask, *_DISEASES, "member")


def is_paper(ask: Ask) -> bool:
    """出院小结能当诊断材料吗: whether a paper is in the list."""
    return said(ask, "material") and ask.form == "yes_no" and "materials" in ask.cues


def is_local(ask: Ask) -> bool:
    """人就在本市看病,异地备案要点吗: whether a step for others is for those who stay."""
    return {"offsite", "locally"} <= ask.cues and ask.form == "yes_no"


def of_others(ask: Ask) -> bool:
    """A disease that is not filed at a community clinic."""
    named = set(ask.values("disease"))
    return bool(named) and not named & COMMUNITY and "hypertension-diabetes" not in named


def is_listed(ask: Ask) -> bool:
    """那单子里有没有这个病: a list, not a form."""
    return said(ask, "disease") and ask.form == "yes_no" and "covered" in ask.cues


def is_signature(ask: Ask) -> bool:
    """医生不签字行吗: whether a form is signed, not by what rank."""
    return "sign" in ask.cues and not said(ask, "title") and not ask.cues & {"which", "what", "who"}


def which_place(ask: Ask) -> bool:
    """哪个地方用的是APP: which place has what account, none being named."""
    asked = "account" in ask.cues and bool(ask.cues & {"where", "who"})
    named = asked and not ask.cues & {"result", "review", "of account"}
    return named and not said(ask, "district")


def goes_first(ask: Ask) -> bool:
    """What must be done before the filing on a platform."""
    return said(ask, "platform") and "first" in ask.cues


def of_self(ask: Ask) -> bool:
    """需要本人去交吗: whether one must come, not who else may."""
    return "in-person" in ask.cues and "proxy" not in ask.cues


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


def is_insisted(ask: Ask) -> bool:
    """不对,改成五千三: a figure that somebody wants to hear, not a change of hospital."""
    return said(ask, "yuan", "percent") and said(ask, "disease") and "switch" in ask.cues


def of_limit(ask: Ask) -> bool:
    """慢特病限额, then 严重精神障碍: the limit of a disease, not what holds over all of them."""
    return said(ask, "disease") and "limit" in ask.cues and not above(ask)


def of_account(ask: Ask) -> bool:
    """An account without a district."""
    return said(ask, "account") and not said(ask, "district")


def may_file(ask: Ask) -> bool:
    """两只眼都打能走特殊门诊吗: whether it is filed, not what the disease takes in."""
    asked = ask.verb == "can" and {"yn", "gate"} <= ask.cues
    return asked and said(ask, "disease") and not said(ask, "other-disease")


def over(ask: Ask) -> bool:
    """花了5000超没超额度: what was spent beside the limit, not whether that is the limit."""
    return bool(ask.cues & {"exceeds", "enough"}) and said(ask, *MONEY) and said(ask, "disease")


def of_kinds(ask: Ask) -> bool:
    """门慢和门特有什么区别: the two tables, where nothing else is compared."""
    named = said(ask, *_DISEASES, "scheme", "population", "region", "district", "platform")
    return "gate" in ask.cues and not named and not ask.cues & (WAYS | {"scheme-rule", "money"})


def of_list(ask: Ask) -> bool:
    """有哪些门特病, and 学生有哪些病 after another disease was spoken of: a list of diseases."""
    if ask.form != "open" or ask.cues & {"period", "limit"}:
        return False
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    if fresh & {*_DISEASES, "member"}:
        return False
    if "disease-list" in ask.cues and not ask.cues & {"covered", "general"}:
        return True  # 有哪些病种, after one of them
    return (
        "gate" in ask.cues if not said(ask, *_DISEASES) else bool(fresh & {"scheme", "population"})
    )


def of_schemes(ask: Ask) -> bool:
    """哪些病职工和居民的额度不一样: how two schemes differ, disease by disease."""
    both = "scheme-rule" in ask.cues or len(schemes(ask)) > 1
    return both and "compare" in ask.cues and not said(ask, *_DISEASES, "yuan", "percent")


def of_papers_only(ask: Ask) -> bool:
    """卡证、表、病历,到底收哪几样: which papers, and no list of diseases."""
    papers = ask.values("material")
    listing = len(papers) > 1 or (bool(papers) and "what" in ask.cues)
    return listing and ask.form == "open" and not said(ask, *_DISEASES)


def is_listing(ask: Ask) -> bool:
    """把能申请的特殊病都列一遍: the diseases of a kind, and not how to file."""
    plain = ask.cues <= {"these", "gate", "apply", "every", "request", "covered"}
    listing = "these" in ask.cues and (plain or ask.cues & {"special-kind", "chronic-kind"})
    other = ask.cues & {"materials", "how", "steps", "path", "certificate"}
    return bool(listing) and not other and ask.form == "open" and not said(ask, *_DISEASES)


def wants_more_papers(ask: Ask) -> bool:
    """有些病还要加材料,冠心病要什么: papers, and no money."""
    return "materials" in ask.cues and not ask.cues & {*_FIGURE_CUES, "pay", "covered"}


def of_own_papers(ask: Ask) -> bool:
    """慢性肾炎想申请慢病,化验单上要看到啥: what the filing of one chronic disease wants."""
    chronic = said(ask, "other-disease") and "chronic-kind" in ask.cues
    return chronic and bool(ask.cues & {"certificate", "materials"}) and not said(ask, "disease")


def pays_only(ask: Ask) -> bool:
    """What is paid, and not how it is filed."""
    return bool(ask.cues & {"pay", "howmuch"}) and "apply" not in ask.cues


def is_treated(ask: Ask) -> bool:
    """附一院这种三级的呢: where somebody is treated, not where it is filed."""
    return said(ask, "hospital") and not ask.cues & {"apply", "doctor", "must", "where", "office"}
