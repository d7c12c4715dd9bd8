"""Questions → answers: one composer a topic, and their parts put together."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from bot.compose import aggregates, benefit, calculation, decline, entries, filing, offices
from bot.compose.part import Context, Part
from bot.compose.wording import say
from bot.messages import Block, Status, Text
from intents.dialogue import SCHEMES
from intents.understanding import Ask

# Topics that come down to an address once a district is named with a word for a place.
_WHERE = frozenset({"filing", "in_person", "hospital", "proxy"})
# 居民高血压、糖尿病 are filed at a community clinic, whatever doctor or hospital is asked about.
_COMMUNITY = frozenset({"hypertension", "diabetes"})
# Topics in which a disease that no document lists is declined by its name.
_OF_DISEASE = frozenset({"benefit", "coverage", "age", "definition", "calculate", "filing", "materials"})
_WAYS = frozenset({"online", "window", "at-hospital", "community", "web", "mail", "platform", "path", "must"})
# Topics of what comes later, in which a figure asked for is still the cell's.
_LATER = frozenset({"expiry", "relapse", "designated", "two_diseases", "effective", "definition", "deadline"})
_FIGURE_CUES = frozenset({"limit", "unlimited", "rate", "deductible", "period", "selfpay", "beyond", "howmuch"})
_FILING = frozenset({"filing", "materials", "in_person"})
_FIGURES = frozenset({"filing", "benefit", "coverage", "calculate", "ceiling"})
_PLACES = frozenset({"address", "account", "hotline", "hours", "local_hall", "exemption"})
_ONLINE = frozenset({"account", "online", "web", "alipay", "platform", "download", "login", "shared"})
_PASSES = 4  # one settled topic may lead to another, never in a circle for long
_LARGE = 300_000  # yuan from which a question without a disease is about the yearly ceiling
Composer = Callable[[Context, Ask], Part]

COMPOSERS: dict[str, Composer] = {
    "benefit": benefit.benefit,
    "coverage": benefit.coverage,
    "age": benefit.coverage,
    "calculate": calculation.calculate,
    "ranking": aggregates.ranking,
    "diseases": aggregates.diseases,
    "compare": aggregates.compare,
    "definition": aggregates.definition,
    "address": offices.address,
    "account": offices.account,
    "filing": filing.filing,
    "materials": filing.materials,
    "outside": decline.outside,
    "ceiling": aggregates.ceiling,
    "photos": filing.photos,
    "scheme_difference": aggregates.compare,
    "hotline": offices.hotline,
    "shared_account": offices.shared_account,
    "exemption": filing.exemption,
    "effective": entries.effective,
}


def composed(context: Context, ask: Ask) -> Part:
    """The part of the answer that one ask comes to."""
    regions = tuple(dict.fromkeys(ask.values("region")))
    if len(regions) > 1:
        return _by_region(context, ask, regions)
    listing = context.pack is not None and context.pack.diseases
    stranger = ask.values("other-disease") and not ask.values("disease")
    if listing and stranger and ask.topic in _OF_DISEASE:
        if unlisted := decline.unlisted(context, ask):
            return unlisted
    if ask.topic in context.silent:
        return decline.silent(context, context.silent[ask.topic])
    return COMPOSERS.get(ask.topic, entries.rule)(context, ask)


def _by_region(context: Context, ask: Ask, regions: tuple[str, ...]) -> Part:
    """The same question for several regions, each labelled; two sets of rules, never mixed."""
    topic = "platforms" if ask.topic == "compare" and not ask.values("disease") else ask.topic
    topic = "benefit" if topic == "compare" else topic
    rest = tuple(slot for slot in ask.slots if slot.name != "region")
    parts = []
    blocks: list[Block] = []
    for region in regions:
        there = structs.replace(context, region=region)
        parts.append(composed(there, settled(structs.replace(ask, topic=topic, slots=rest))))
        name = context.library.pack(region).region.name
        blocks += [Text(say("region_label", region=name)), *parts[-1].blocks]
    answered = [part for part in parts if part.status.startswith("answered")]
    status: Status = parts[0].status
    if answered:
        status = "answered" if len(answered) == len(parts) else "answered_partly"
    return Part(status, tuple(blocks), tuple(c for part in parts for c in part.citations))


def settled(ask: Ask) -> Ask:
    """An ask with the topic that its slots and cues come down to."""
    for _ in range(_PASSES):
        before, ask = ask, _settled(ask)
        if ask.topic == before.topic:
            break
    return ask


def _settled(ask: Ask) -> Ask:
    """The same words mean a calculation once an amount is spent, a definition beside a stranger."""
    if ask.topic in _WHERE and (ask.values("district") or ask.values("landmark")) and _where(ask):
        return structs.replace(ask, topic="address")
    figures = ask.cues & {"rate", "limit"} or {"howmuch", "pay"} <= ask.cues
    if ask.topic in _LATER and ask.values("disease") and figures:
        return structs.replace(ask, topic="benefit")
    if ask.topic == "benefit" and ask.form == "yes_no" and not ask.cues & _FIGURE_CUES and not _claims(ask):
        return structs.replace(ask, topic="coverage")
    if ask.topic == "period" and ask.values("disease") and "pay" in ask.cues and not _is_expense(ask):
        return structs.replace(ask, topic="benefit")
    if ask.topic == "account" and ask.values("district") and not ask.cues & _ONLINE:
        return structs.replace(ask, topic="address")
    if ask.topic == "compare" and "compare" not in ask.cues and not _plural(ask):
        return structs.replace(ask, topic="benefit")
    if ask.topic == "benefit" and not ask.values("disease") and len(_schemes(ask)) > 1:
        return structs.replace(ask, topic="compare")
    if ask.topic == "account" and ask.values("account") and not ask.values("district"):
        return structs.replace(ask, topic="shared_account")
    if ask.topic in {"benefit", "coverage", "age", "ceiling", "period"} and _is_expense(ask):
        return structs.replace(ask, topic="calculate")
    if ask.values("exempt") and ask.topic not in _PLACES:
        return structs.replace(ask, topic="exemption")
    if ask.topic in {"doctor", "hospital"} and set(ask.values("disease")) & _COMMUNITY and ask.slot("scheme") != "employee":
        return structs.replace(ask, topic="two_diseases", ranked=())
    if ask.topic == "two_diseases" and (ask.values("yuan") or ask.values("spent")):
        return structs.replace(ask, topic="calculate")
    if ask.topic == "two_diseases" and ask.cues & {"pay", "rate", "limit", "howmuch"} and "apply" not in ask.cues:
        return structs.replace(ask, topic="benefit")
    if ask.topic == "definition" and ask.values("disease") and ask.cues & {"limit", "rate"}:
        return structs.replace(ask, topic="benefit")
    if ask.topic == "coverage" and "covered" in ask.cues and (ask.values("member") or "what" in ask.cues):
        return structs.replace(ask, topic="definition", ranked=())
    sums = [float(value) for value in ask.values("yuan") + ask.values("spent")]
    large = bool(sums) and min(sums) >= _LARGE
    if large and ask.topic in _FIGURES and ("beyond" in ask.cues or not ask.values("disease")):
        return structs.replace(ask, topic="ceiling", ranked=())
    if ask.topic == "platforms" and ask.values("district") and not ask.values("platform"):
        return structs.replace(ask, topic="account")
    if ask.topic == "filing" and ask.form == "yes_no" and ask.values("disease") and not ask.cues & _WAYS:
        return structs.replace(ask, topic="coverage")
    if ask.topic == "coverage" and ask.form == "open" and "apply" in ask.cues and not ask.cues & {"pay", "covered"}:
        return structs.replace(ask, topic="filing")
    if ask.topic == "coverage" and ask.values("disease") and ask.values("other-disease"):
        return structs.replace(ask, topic="definition", ranked=())
    return ask


def _plural(ask: Ask) -> bool:
    """Whether two things of a kind are named that can be compared."""
    kinds = ("disease", "scheme", "population", "hospital", "region")
    return any(len(ask.values(kind)) > 1 for kind in kinds)


def _schemes(ask: Ask) -> set[str]:
    """The schemes an ask names, or that its populations belong to."""
    return set(ask.values("scheme")) | {SCHEMES[one] for one in ask.values("population")}


def _claims(ask: Ask) -> bool:
    return bool(ask.values("yuan") or ask.values("percent"))


def _where(ask: Ask) -> bool:
    """Whether the words ask for a place."""
    return bool(ask.cues & {"where", "address", "office", "floor"}) and not ask.cues & {"online", "mail"}


def _is_expense(ask: Ask) -> bool:
    """An amount that was spent, not one that is claimed or exceeded, and a wish to know what comes back."""
    claimed = ask.form == "yes_no" or ask.cues & {"beyond", "claimed", "unlimited"}
    claimed = claimed or (ask.cues & {"limit", "deductible"} and not {"pay", "howmuch"} <= ask.cues)
    return bool((ask.values("yuan") or ask.values("spent")) and ask.cues & {"howmuch", "pay", "selfpay", "calculate"} and not claimed)
