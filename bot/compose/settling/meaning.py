"""Asks about what a disease takes in: its members, phases and diagnoses."""

from __future__ import annotations

from bot.compose.settling.money import figures
from bot.compose.settling.told import said
from intents.understanding import Ask


def of_diagnoses(ask: Ask) -> bool:
    """哪些诊断算严重精神障碍: what a disease takes in, not where it is diagnosed."""
    return said(ask, "disease") and {"covered", "what"} <= ask.cues and "hospital" not in ask.cues


def of_phase(ask: Ask) -> bool:
    """内分泌治疗算治疗期还是康复期: what a treatment is part of."""
    return said(ask, "member") and "covered" in ask.cues


def is_past(ask: Ask) -> bool:
    """等康复期也过了呢: what comes after the last phase."""
    return {"beyond", "phase"} <= ask.cues and "cancer-recovery" in ask.values("disease")


def of_length(ask: Ask) -> bool:
    """康复期算几年: how long a phase lasts, and no figure."""
    phase = {"cancer-recovery", "cancer-treatment"} & set(ask.values("disease"))
    return bool(phase) and "howlong" in ask.cues and not figures(ask)


def of_covering(ask: Ask) -> bool:
    """Whether a disease is among those that are meant, whatever is told around it."""
    asked = bool(ask.cues & {"yn", "these", "where", "which"})
    return said(ask, "disease") and "covered" in ask.cues and asked


def of_membership(ask: Ask) -> bool:
    """医生写的重症抑郁症,归不归严重精神障碍: whether it is part of a disease, whoever wrote it."""
    named = said(ask, "member") and said(ask, "disease")
    return named and ask.form == "yes_no" and "covered" in ask.cues


def of_another_disease(ask: Ask) -> bool:
    """焦虑症能不能按严重精神障碍那档全报: whether a disease is part of the one that is paid so."""
    both = said(ask, "other-disease") and said(ask, "disease")
    return both and ask.form == "yes_no" and "full" in ask.cues


def is_mild(ask: Ask) -> bool:
    """抑郁,轻度的: what is listed is the severe form."""
    return "mild" in ask.cues and said(ask, "other-disease") and said(ask, "disease")


def of_part(ask: Ask) -> bool:
    """癫痫归在严重精神障碍里,是哪种: whether a disease that no table lists is part of one."""
    part = said(ask, "other-disease") and said(ask, "disease")
    return part and (ask.form == "yes_no" or "these" in ask.cues) and not figures(ask)


def of_members(ask: Ask) -> bool:
    """严重精神障碍包含哪几类: what a disease takes in."""
    listing = bool(ask.cues & {"disease-list", "definition"}) and "covered" in ask.cues
    open_ = ask.form == "open" and "gate" not in ask.cues  # 特殊门诊包括哪些病 asks for all
    return listing and len(ask.values("disease")) == 1 and open_
