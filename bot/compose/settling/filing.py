"""Asks about a filing and what becomes of it: who files, where, refusals, changes, hospitals."""

from __future__ import annotations

from bot.compose.part import schemes
from bot.compose.settling.money import figures
from bot.compose.settling.told import DISEASES, FIGURE_CUES, WAYS, said
from intents.amounts import MONEY
from intents.slots import CANCER
from intents.understanding import Ask

NEAR = 0.7  # a phrasing this near to a question is worth an answer of its own
# 居民高血压、糖尿病 are filed at a community clinic, whatever doctor or hospital is asked about.
COMMUNITY = frozenset({"hypertension", "diabetes"})
# What may stand beside whether one files at all.
_PLAIN = frozenset(
    {"apply", "yn", "gate", "special-kind", "chronic-kind", "first", "exempt", "before", "request"}
)


def is_awaited(ask: Ask) -> bool:
    """几天有信儿, 要一个月才知道结果对吧: how long it takes, not where it is seen."""
    asked = bool(ask.cues & {"howlong", "days", "when"}) and "where" not in ask.cues
    return asked or (said(ask, "days") and ask.form == "yes_no")


def is_too_late(ask: Ask) -> bool:
    """我过了七个月是不是就亏了: time that is over, and no money."""
    return said(ask, "days") and not said(ask, *MONEY) and not ask.cues & {"limit", "rate"}


def is_late(ask: Ask) -> bool:
    """确诊刚满三个月,现在申请算过期了没: the term for filing, and no end of a benefit."""
    return said(ask, "days") and "apply" in ask.cues and not said(ask, "disease")


def is_of_age(ask: Ask) -> bool:
    """我爸57,中风大半年了,能建家庭病床不: whether somebody is old enough, however long ill."""
    return said(ask, "age") and said(ask, "disease") and not ask.cues & {"apply", "before"}


def is_ill_again(ask: Ask) -> bool:
    """骨转移,还能不能重新享受治疗期的待遇: a cancer that is back, and no other hospital."""
    back = "phase" in ask.cues or "转移癌" in ask.values("tumour")
    return back and "again" in ask.cues and not ask.cues & {"hospital", "moved"}


def is_wanted_again(ask: Ask) -> bool:
    """又长到肝上了,那档还能再享受一轮吗: a benefit that begins anew, where a region says how."""
    told = any(c.topic == "relapse" and c.score >= NEAR for c in ask.others)
    return told and "again" in ask.cues and ask.form == "yes_no" and not said(ask, *MONEY)


def of_no_cancer(ask: Ask) -> bool:
    """洗肾想转第二间,要重新登记吗: what is filed anew is no cancer."""
    ill = set(ask.values("disease"))
    return bool(ill) and ill.isdisjoint(CANCER) and not said(ask, "tumour")


def goes_elsewhere(ask: Ask) -> bool:
    """要先办异地备案吗: a filing, and no difference between places."""
    return {"offsite", "apply"} <= ask.cues


def is_past_term(ask: Ask) -> bool:
    """过了半年没申请,这辈子就办不了了: whether it is too late to file."""
    late = not ask.cues.isdisjoint({"cannot", "beyond", "expiry"})
    ripe = "before" in ask.cues or (not said(ask, "disease") and "cannot" in ask.cues)
    return said(ask, "days") and ripe and late


def is_needed(ask: Ask) -> bool:
    """要不要备案, 不用登记吧: whether one files at all, whatever the disease."""
    wanted = ask.stance is not None and ask.stance.subject == "needs" and ask.form == "yes_no"
    about = {slot.name for slot in ask.slots} - {"region"}
    filed = not ask.cues.isdisjoint({"apply", "exempt"})
    return wanted and filed and not about and not ask.strange and ask.cues <= _PLAIN


def is_registered_again(ask: Ask) -> bool:
    """医院太远想调到另一家,阿要再去登记: whether one files anew for another hospital."""
    return ask.form == "yes_no" and "again" in ask.cues


def is_way(ask: Ask) -> bool:
    """肾移植要怎么备案, after what a cost came to: how it is filed, and no figure."""
    asked = ask.form == "open" and {"how", "apply"} <= ask.cues
    return asked and not ask.cues & (FIGURE_CUES | {"pay", "switch", "change"})


def is_changing(ask: Ask) -> bool:
    """想改成家旁边那家,非得到现场改吗: where a region says how it is changed."""
    told = any(c.topic == "change" and c.entry and c.score >= NEAR for c in ask.others)
    return told and "change" in ask.cues


def of_two_diseases(ask: Ask) -> bool:
    """居民的高血压是大医院登记还是家门口登记: where residents file it."""
    ill = {slot for slot in ask.slots if slot.name == "disease"}
    told = all(slot.how == "carried" for slot in ill)
    if told and any(s.name == "district" and s.how != "carried" for s in ask.slots):
        return False  # 园区在哪办, whatever was spoken of before
    named = any("两病" in slot.said for slot in ill) or schemes(ask) == {"resident"}
    placed = not ask.cues.isdisjoint({"where", "which", "address", "local", "hospital", "or"})
    alike = {slot.value for slot in ill} <= COMMUNITY | {"hypertension-diabetes"}
    return bool(ill) and alike and named and placed and "apply" in ask.cues


def of_level(ask: Ask) -> bool:
    """卫生院的大夫写的诊断算数不: of which hospital, where no rank is named."""
    named = said(ask, "hospital") and not said(ask, "title")
    return named and ask.form == "yes_no"


def of_paper_from(ask: Ask) -> bool:
    """社区医院开的证明管用吗: of which hospital a paper is taken, and not what is on it."""
    paper = said(ask, "material") or not ask.cues.isdisjoint({"doctor", "fill"})
    return of_level(ask) and paper and "stamp" not in ask.cues


def of_diagnosis_at(ask: Ask) -> bool:
    """只在卫生站诊断过,够格吗: of which hospital a diagnosis is taken."""
    return of_level(ask) and said(ask, "material") and "covered" in ask.cues


def is_paid_abroad(ask: Ask) -> bool:
    """在上海透析,苏州医保能报吗: that the disease is paid at home says no yes to this."""
    return {"abroad", "pay"} <= ask.cues and ask.verb == "can"


def goes_elsewhere_now(ask: Ask) -> bool:
    """已经转到另一家透了,不用再登记吧: a hospital that was left, and no way to come."""
    filed = not ask.cues.isdisjoint({"apply", "again"})
    return filed and "elsewhere" in ask.cues and "dialysis" in ask.values("disease")


def is_result_awaited(ask: Ask) -> bool:
    """听说要等半个月才有结果: how long it takes, and not from when it holds."""
    return said(ask, "days") and "result" in ask.cues


def may_send(ask: Ask) -> bool:
    """拿她社保卡替她办可以吗: whether another one may file."""
    put = ask.stance
    return "proxy" in ask.cues and put is not None and put.kind == "can" and not put.without


def of_diagnosing(ask: Ask) -> bool:
    """二级医院的诊断一律不算吧: of which hospital the diagnosis is taken."""
    return said(ask, "hospital") and "diagnosis" in ask.cues


def is_any_way(ask: Ask) -> bool:
    """帕金森能办吗: whether a disease can be filed, not by which way or with which paper."""
    plain = not (ask.cues & WAYS or said(ask, "material"))
    return plain and ask.form == "yes_no" and said(ask, "disease")


def of_ways(ask: Ask) -> bool:
    """在医院办和去窗口办有什么不同: the ways of filing, where nothing with a figure is named."""
    figures = said(ask, *DISEASES, "scheme", "population") or "scheme-rule" in ask.cues
    return not figures and bool(ask.cues & {"window", "online", "mail", "apply", "at-hospital"})


def filed_in_community(ask: Ask) -> bool:
    """A disease that residents file at a community clinic."""
    return bool(set(ask.values("disease")) & COMMUNITY) and ask.slot("scheme") != "employee"


def of_designated(ask: Ask) -> bool:
    """The hospital that was chosen for a disease."""
    return said(ask, "disease") and "designated" in ask.cues


def was_elsewhere(ask: Ask) -> bool:
    """透析 done in another hospital than the one chosen, and the wonder that nothing was paid."""
    dialysis = "dialysis" in ask.values("disease") and "elsewhere" in ask.cues
    asked = ask.cues & {"why", "cannot", "wrong", "refusal", "result"} or ask.form == "yes_no"
    return dialysis and bool(asked or ask.negated) and not is_registered_again(ask)


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


def of_other_kind(ask: Ask) -> bool:
    """选了血透,以后想改成腹透行不行: what becomes of the filing, not what is paid."""
    changed = ask.cues & {"switch", "change", "again"} and said(ask, "member") and not figures(ask)
    asked = ask.form == "yes_no" or "how" in ask.cues
    return bool(changed) and asked and of_no_cancer(ask)


def is_refiled(ask: Ask) -> bool:
    """填错了没通过,能改了再交吗: what was refused is put right, nothing filed is changed."""
    return {"refusal", "submit"} <= ask.cues or {"refusal", "again"} <= ask.cues


def was_moved(ask: Ask) -> bool:
    """想换成附近的医院,怎么操作: how to change, not how to file."""
    return "moved" in ask.cues and not said(ask, "district")


def is_anywhere(ask: Ask) -> bool:
    """腹透是不是随便哪家医院做都给报: whether the hospital matters, and no figure."""
    wide = {"all", "designated", "hospital"} <= ask.cues and ask.form == "yes_no"
    return wide and "dialysis" in ask.values("disease") and not said(ask, *MONEY, "percent")


def moves_outright(ask: Ask) -> bool:
    """想换一家透,直接过去就可以吗: whether a change must be filed, and nothing that is paid."""
    return {"moved", "enough"} <= ask.cues and "dialysis" in ask.values("disease")


def is_local(ask: Ask) -> bool:
    """人就在本市看病,异地备案要点吗: whether a step for others is for those who stay."""
    return {"offsite", "locally"} <= ask.cues and ask.form == "yes_no"


def of_others(ask: Ask) -> bool:
    """A disease that is not filed at a community clinic."""
    named = set(ask.values("disease"))
    return bool(named) and not named & COMMUNITY and "hypertension-diabetes" not in named


def of_self(ask: Ask) -> bool:
    """需要本人去交吗: whether one must come, not who else may."""
    return "in-person" in ask.cues and "proxy" not in ask.cues


def may_file(ask: Ask) -> bool:
    """两只眼都打能走特殊门诊吗: whether it is filed, not what the disease takes in."""
    asked = ask.verb == "can" and {"yn", "gate"} <= ask.cues
    return asked and said(ask, "disease") and not said(ask, "other-disease")


def is_treated(ask: Ask) -> bool:
    """附一院这种三级的呢: where somebody is treated, not where it is filed."""
    return said(ask, "hospital") and not ask.cues & {"apply", "doctor", "must", "where", "office"}
