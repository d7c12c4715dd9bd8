"""Asks about papers: forms, proofs, photographs, and who signs them."""

from __future__ import annotations

from bot.compose.settling.told import DISEASES, FIGURE_CUES, said
from intents.understanding import Ask


def of_sheets(ask: Ask) -> bool:
    """大夫要填两张单子,叫啥: the names of the forms, and no rank."""
    asked = ask.form == "open" and "form" in ask.cues and not said(ask, "title")
    named = said(ask, "material") and not ask.cues & {"who", "which", "fill"}  # 全名怎么叫
    return asked and ("doctor" in ask.cues or ("how" in ask.cues and named))


def of_kind(ask: Ask) -> bool:
    """疾病诊断材料具体指些啥单子: what a kind of papers takes in."""
    named = [slot.said for slot in ask.slots if slot.name == "material"]
    kind = any(not said.endswith(("表", "单")) for said in named)
    return kind and {"definition", "what"} <= ask.cues


def wants_papers(ask: Ask) -> bool:
    """去窗口都得揣上啥: what to bring there."""
    return ask.form == "open" and "materials" in ask.cues


def of_rank(ask: Ask) -> bool:
    """主治开的诊断证明算数吗: whether a doctor of a rank will do, and not what the paper is of."""
    papers = said(ask, "material") or bool(ask.cues & {"diagnosis", "certificate", "form"})
    put = ask.stance
    papers |= put is not None and put.kind == "is" and "covered" in ask.cues  # 主治开的够格吗
    return said(ask, "title") and ask.form == "yes_no" and papers


def of_papers(ask: Ask) -> bool:
    """除了诊断证明和申报表还要别的吗: all the papers, not each of those named."""
    return "materials" in ask.cues and len(ask.values("material")) > 1


def is_needed(ask: Ask) -> bool:
    """要不要带申请表: whether the form is among the papers, and nothing else about it."""
    plain = ask.cues <= {"form", "yn", "materials", "apply", "gate", "request"}
    return plain and ask.form == "yes_no" and said(ask, "material")


def at_counter(ask: Ask) -> bool:
    """去窗口办要带啥: what to bring, and not what is done there."""
    brought = {"materials", "window"} <= ask.cues and ask.form == "open"
    return brought and ask.cues.isdisjoint({"how", "steps", "where"})


def of_writer(ask: Ask) -> bool:
    """换肾以后的申请表,主治医生签的算数吗: who may write it, and not whether it is paid for."""
    return said(ask, "title") and bool(ask.cues & {"sign", "form", "fill"})


def which_papers(ask: Ask) -> bool:
    """要上传什么材料: the papers, not their format."""
    which = ask.form == "open" and not ask.cues & {"how", "where", "photo"}
    return which and "materials" in ask.cues and "format" not in ask.cues


def of_photos(ask: Ask) -> bool:
    """Whether a photograph is the only paper that is asked about."""
    papers = ask.values("material")
    return bool(papers) and ask.form == "yes_no" and all("照片" in paper for paper in papers)


def of_stamp(ask: Ask) -> bool:
    """医院还要再盖章: what the form wants, not where one is diagnosed."""
    return "stamp" in ask.cues and "diagnosis" not in ask.cues


def is_all_there_is(ask: Ask) -> bool:
    """光凭这张卡就给办吗: whether one paper is all that is asked for."""
    card = bool(ask.cues & {"card", "certificate"}) or said(ask, "material")
    return card and "enough" in ask.cues and ask.form == "yes_no"


def of_any_hospital(ask: Ask) -> bool:
    """诊断证明是不是哪家医院开都成: whether the hospital matters that makes it out."""
    wide = {"all", "hospital"} <= ask.cues and ask.form == "yes_no"
    return wide and said(ask, "material")


def lacks_stamp(ask: Ask) -> bool:
    """副主任写好了,章没盖,这样能办吗: whether it can be done without a stamp, and no rank."""
    put = ask.stance
    return "stamp" in ask.cues and put is not None and put.kind == "can" and put.without


def is_paper(ask: Ask) -> bool:
    """出院小结能当诊断材料吗: whether a paper is in the list."""
    return said(ask, "material") and ask.form == "yes_no" and "materials" in ask.cues


def lacks_paper(ask: Ask) -> bool:
    """病理报告没带,给办吗: whether it can be done without a paper."""
    put = ask.stance
    return said(ask, "material") and put is not None and put.kind == "can" and put.without


def is_signature(ask: Ask) -> bool:
    """医生不签字行吗: whether a form is signed, not by what rank."""
    return "sign" in ask.cues and not said(ask, "title") and not ask.cues & {"which", "what", "who"}


def of_papers_only(ask: Ask) -> bool:
    """卡证、表、病历,到底收哪几样: which papers, and no list of diseases."""
    papers = ask.values("material")
    listing = len(papers) > 1 or (bool(papers) and "what" in ask.cues)
    return listing and ask.form == "open" and not said(ask, *DISEASES)


def wants_more_papers(ask: Ask) -> bool:
    """有些病还要加材料,冠心病要什么: papers, and no money."""
    return "materials" in ask.cues and not ask.cues & {*FIGURE_CUES, "pay", "covered"}


def of_own_papers(ask: Ask) -> bool:
    """慢性肾炎想申请慢病,化验单上要看到啥: what the filing of one chronic disease wants."""
    chronic = said(ask, "other-disease") and "chronic-kind" in ask.cues
    return chronic and bool(ask.cues & {"certificate", "materials"}) and not said(ask, "disease")
