"""Not answering, by name of the reason and with where to ask; and asking back."""

from __future__ import annotations

from bot.compose.figures import month
from bot.compose.part import Context, Part, cited
from bot.compose.wording import known, say
from bot.messages import Option, Status, Text
from intents.understanding import Ask, Slot
from knowledge.pack import Pack
from knowledge.schema import Citation

_REASONS: dict[str, Status] = {
    "out_of_scope": "declined_out_of_scope",
    "medical": "declined_medical",
    "personal": "declined_personal",
}


def pointer(pack: Pack | None) -> str:
    """Where to ask when the documents are silent."""
    return pack.region.pointer.says if pack else say("pointer_default")


def before_all(context: Context) -> Part | None:
    """On a day before the first document of the region nothing is known; None on any other day."""
    pack = context.pack
    if pack is None:
        return None
    first = min(pack.sources, key=lambda source: source.since)
    if context.day >= first.since:
        return None
    text = say("past_day", day=context.day.isoformat(), issued=month(first.issued))
    return Part("declined_unknown", (Text(text + pointer(pack)),))


def clarify_region(context: Context) -> Part:
    """Ask where the person is insured."""
    options = tuple(Option(pack.region.name, pack.region.name) for pack in context.library.local)
    return Part("clarify_region", (Text(say("clarify_region")),), options=options, asking="region")


def offering(context: Context, part: Part) -> Part:
    """What holds in general, with the offer to say what holds where the person is insured."""
    more = (*part.blocks, Text(say("offer_region")))
    return Part(part.status, more, part.citations, clarify_region(context).options, "region")


def no_disease() -> Part:
    """Ask which disease is meant."""
    return Part("clarify_slot", (Text(say("which_disease")),), asking="disease")


def unlisted(context: Context, ask: Ask) -> Part | None:
    """A disease that the region's document does not list; None where no disease was named."""
    pack = context.pack
    named = (s for s in ask.slots if s.name in {"other-disease", "tumour", "disease"})
    said = next((_disease_name(context, slot) for slot in named), None)
    if pack is None or said is None:
        return None
    if not pack.diseases:
        text = say("no_figures", region=pack.region.name, what=say("figures"))
        return Part("declined_unknown", (Text(text + pointer(pack)),))
    kinds = {disease.kind for disease in pack.diseases}
    name = "not_listed_mainly" if kinds == {"filing"} else "not_listed"
    source = pack.region.default_source
    place = pack.diseases[0].cite.place
    cites = cited(context.library, pack.region.id, [Citation(source=source, place=place)])
    word = say("not_listed_word") if ask.form == "yes_no" else ""
    text = word + say(name, region=pack.region.name, disease=said)
    # Whether a list has what is on another one it answers itself; whether one can file what a list
    # of what there mainly is has not, it does not.
    whole = name == "not_listed" or "covered" in ask.cues
    listed = bool(word) and whole and bool(ask.values("disease"))
    status: Status = "answered" if listed else "declined_unknown"
    return Part(status, (Text(text + pointer(pack)),), cites)


def _disease_name(context: Context, slot: Slot) -> str:
    """The name of a disease in whichever pack has it, however it was spelt; else what was typed."""
    known = (disease for pack in context.library.packs for disease in pack.diseases)
    return next((one.short for one in known if one.id == slot.value), slot.said or slot.value)


def outside(context: Context, ask: Ask) -> Part:
    """What lies outside: other benefits, medical advice, a person's own account."""
    value = next((slot.value for slot in ask.slots if slot.name == "outside"), "")
    reason, label = context.outside[value]
    if known(value):
        return Part(_REASONS[reason], (Text(say(value)),))
    text = say(_REASONS[reason], label=label)
    return Part(_REASONS[reason], (Text(text + pointer(context.pack)),))


def other_place(ask: Ask) -> Part:
    """A city or province whose rules are not in the packs."""
    place = next(s.said for s in ask.slots if s.name in {"other-place", "place"})
    return Part("declined_out_of_scope", (Text(say("declined_place", place=place)),))


def silent(context: Context, label: str) -> Part:
    """A topic that the region's document does not speak of, declined by its name."""
    pack = context.pack
    if pack is None or not label:
        return unknown(context)
    text = say("declined_silent", region=pack.region.name, label=label)
    return Part("declined_unknown", (Text(text + pointer(pack)),))


def unknown(context: Context) -> Part:
    """Understood as within the field, but not written anywhere."""
    return Part("declined_unknown", (Text(say("declined_unknown") + pointer(context.pack)),))
