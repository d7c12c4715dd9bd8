"""Where to go: addresses, halls, windows and online accounts."""

from __future__ import annotations

from msgspec import structs

from bot.compose import decline
from bot.compose.entries import rule
from bot.compose.part import Context, Part, cited, is_general
from bot.compose.wording import answered, say
from bot.messages import Block, Option, Spot, Table, Text
from intents.quantities import floors
from intents.understanding import Ask, Slot
from knowledge.pack import GENERAL, Pack
from knowledge.schema import Hotline, Office


def address(context: Context, ask: Ask) -> Part:
    """The address of the office of a district, or the question which district."""
    return _offices(context, ask, online=False)


def account(context: Context, ask: Ask) -> Part:
    """The online account of a district."""
    return _offices(context, ask, online=True)


def _offices(context: Context, ask: Ask, *, online: bool) -> Part:
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    if not pack.offices:
        return _without_offices(context, pack, ask, online=online)
    wanted = ask.values("district") or ask.values("landmark")
    found = tuple(office for office in pack.offices if office.district in wanted)
    if found:
        blocks = [block for office in found for block in _blocks(pack, office, online=online)]
        claimed = ask.form == "yes_no" or "claimed" in ask.cues
        if claimed and (verdict := _right_place(ask, found)):
            blocks.insert(0, Text(verdict + _others(pack, ask, found)))
        elif ask.form == "yes_no" and online and ask.verb == "can":
            blocks.insert(0, Text(answered("can", yes=True)))  # 昆山能在手机上办吗
        if "phone" in ask.cues and not online:
            blocks.append(Text(say("no_hotline", region=pack.region.name)))
        cites = cited(context.library, pack.region.id, [office.cite for office in found])
        return Part("answered", tuple(blocks), cites)
    if not online and (there := _on_floors(pack.offices, ask)):
        return _listed(context, pack, there, say("offices_there", count=len(there)))
    if ask.cues & {"count", "every"}:
        return _listed(context, pack, pack.offices, say("offices_count", count=len(pack.offices)))
    return _which(context, pack, ask, online=online)


def _on_floors(offices: tuple[Office, ...], ask: Ask) -> tuple[Office, ...]:
    """The offices on the floors that were named: 哪几个区在二楼办."""
    wanted = set(ask.values("floor"))
    return tuple(one for one in offices if wanted & floors_of(one))


def floors_of(office: Office) -> set[str]:
    """The floors that an address names, as numbers."""
    return set(map(str, floors(place_text(office))))


def _right_place(ask: Ask, found: tuple[Office, ...]) -> str:
    """Whether the building or account that was named is the district's; empty where none was."""
    buildings, accounts = ask.values("landmark"), ask.values("account")
    storeys = set(ask.values("floor"))
    there = set(buildings) <= {one.district for one in found}
    if storeys:
        return answered("is", yes=there and all(storeys <= floors_of(one) for one in found))
    if not buildings and not accounts:
        return _right_kind(ask, found)
    right = there and set(accounts) <= {one.account.name for one in found}
    return say("office_yes" if right else "office_no")


def _others(pack: Pack, ask: Ask, found: tuple[Office, ...]) -> str:
    """Whose building it is that was named for another district; empty where none was."""
    own = {one.district for one in found}
    wrong = [s for s in ask.slots if s.name == "landmark" and s.value not in own]
    return "".join(
        say("office_others", building=slot.said, district=district_name(pack, slot.value))
        for slot in wrong
    )


def _right_kind(ask: Ask, found: tuple[Office, ...]) -> str:
    """Whether the account is of the kind that was named: 昆山是不是非得装APP."""
    named = {kind for kind in ("app", "wechat") if f"of {kind}" in ask.cues}
    if ask.topic != "account" or len(named) != 1 or ask.verb not in {"is", "needs"}:
        return ""
    right = all(one.account.kind in named for one in found)
    return answered("is" if right else ask.verb, yes=right)


def _without_offices(context: Context, pack: Pack, ask: Ask, *, online: bool) -> Part:
    """A region whose document names no office: its platforms where online was asked."""
    if online or pack.region.id == "general":
        return rule(context, structs.replace(ask, topic="platforms" if online else "filing"))
    text = say("no_offices", region=pack.region.name) + decline.pointer(pack)
    return Part("declined_unknown", (Text(text),))


def in_person(context: Context, ask: Ask) -> Part:
    """Whether one must come oneself; where a district has halls of its own (各镇), also that."""
    part = rule(context, ask)
    pack = context.pack
    wanted = {*ask.values("district"), *ask.values("landmark")}
    notes = (
        [one.note for one in pack.offices if one.district in wanted and one.note] if pack else []
    )
    if not notes or not part.status.startswith("answered"):
        return part
    more = tuple(Text(note.says) for note in notes)
    return structs.replace(part, blocks=part.blocks + more)


def shared_account(context: Context, ask: Ask) -> Part:
    """Whether two districts use one account; without two districts the rule as written."""
    pack = context.pack
    wanted = ask.values("district")
    found = [office for office in pack.offices if office.district in wanted] if pack else []
    if pack is None or len(found) < 2:
        return rule(context, ask)
    same = len({office.account.name for office in found}) == 1
    lines: list[Block] = [Text(say("account_same" if same else "account_differ"))]
    lines += [block for office in found for block in _blocks(pack, office, online=True)]
    return Part(
        "answered", tuple(lines), cited(context.library, pack.region.id, [o.cite for o in found])
    )


def hotline(context: Context, ask: Ask) -> Part:
    """What a number is for, where a number was named; else the number to call."""
    wanted = ask.values("hotline")
    for pack in context.library.packs:
        found = [one for one in pack.hotlines if one.id in wanted]
        if found:
            lines = [say("hotline_line", number=h.number, name=h.name, use=h.use) for h in found]
            cites = cited(context.library, pack.region.id, [h.cite for h in found])
            part = Part("answered", tuple(Text(line) for line in lines), cites)
            more = _of_place(context, ask, found)
            blocks = (
                (part.blocks, more.blocks) if ask.form == "open" else (more.blocks, part.blocks)
            )
            return Part("answered", sum(blocks, ()), cites + more.citations)
    part = rule(context, structs.replace(ask, ranked=()) if ask.values("place") else ask)
    own = context.pack
    if own is None or own.region.id == GENERAL or not is_general(part):
        return part
    silent = Text(say("no_hotline", region=own.region.name))
    return structs.replace(part, blocks=(silent, *part.blocks))


def _of_place(context: Context, ask: Ask, found: list[Hotline]) -> Part:
    """What more is told of the numbers of a place; nothing where no place was named or has one."""
    places = ask.values("place") or tuple(one.place for one in found if one.place)
    if not places:
        return Part("answered", ())
    slots = tuple(Slot("place", place, "", (0, 0), "inferred") for place in places)
    rest = tuple(slot for slot in ask.slots if slot.name != "place")
    return rule(context, structs.replace(ask, slots=(*rest, *slots)))


def district_name(pack: Pack, district: str) -> str:
    """The name of a district."""
    return next(one.name for one in pack.districts if one.id == district)


def place_text(office: Office) -> str:
    """Address, hall and window in one."""
    return " ".join(part for part in (office.address, office.hall, office.window) if part)


def _blocks(pack: Pack, office: Office, *, online: bool) -> list[Block]:
    name = district_name(pack, office.district)
    kind = office.account.kind
    note = office.note.says if office.note else None
    if online:
        return [Text(say(f"account_lead_{kind}", district=name, name=office.account.name))]
    lead = say("office_lead", name=name)
    return [Spot(lead, place_text(office), say(f"account_{kind}", name=office.account.name), note)]


def _which(context: Context, pack: Pack, ask: Ask, *, online: bool) -> Part:
    """The question which district; before it what holds in all of them."""
    names = [district_name(pack, office.district) for office in pack.offices]
    options = tuple(Option(name, name) for name in names)
    if online:
        part = rule(context, structs.replace(ask, topic="platforms", ranked=()))
        blocks = (*part.blocks, Text(say("which_account")))
        return structs.replace(part, blocks=blocks, options=options, asking="district")
    text = say("office_general") + say("which_district")
    return Part("clarify_slot", (Text(text),), options=options, asking="district")


def _listed(context: Context, pack: Pack, offices: tuple[Office, ...], lead: str) -> Part:
    rows = tuple((district_name(pack, office.district), place_text(office)) for office in offices)
    cites = cited(context.library, pack.region.id, [office.cite for office in offices])
    return Part("answered", (Text(lead), Table(("", ""), rows)), cites)
