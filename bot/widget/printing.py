"""The page of the sheet to take along, and the choice of what it is for."""

from __future__ import annotations

from datetime import date
from functools import partial
from html import escape
from http import HTTPStatus

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from bot import sessions
from bot.answers import source_lines
from bot.days import today
from bot.errors import StoreError
from bot.messages import Block, Items
from bot.problems import Problem
from bot.requests import resources_of
from bot.resources import Resources
from bot.service import Service
from bot.traditional import HANS, HANT, converted
from bot.widget.forms import fields_of, region_named
from bot.widget.frame import language_wanted, page
from bot.widget.rendering import block_html, hidden
from bot.widget.sheet import Case, Sheet, case_of, sheet, told
from bot.widget.wording import say
from intents.dialogue import State
from knowledge.pack import GENERAL, Pack

_CHOICES = {"disease": "diseases", "district": "districts"}  # and the field of a pack


class Wanted(Struct, frozen=True):
    """Which sheet in which script; `unknown` is what was named and is not there."""

    case: Case
    language: str
    unknown: tuple[str, ...] = ()


async def chosen(request: Request) -> Response:
    """The sheet of the region, disease and district in the address; without them the choice."""
    served = resources_of(request).service
    return _page(served, _named(request, resources_of(request)))


async def sent(request: Request) -> Response:
    """The sheet of the conversation whose session the form sends."""
    resources = resources_of(request)
    try:
        fields = await fields_of(request)
    except Problem:
        fields = {}
    language = HANT if fields.get("language") == HANT else HANS
    region = region_named(resources, fields.get("region"))
    session = fields.get("session", "")
    state = State()
    try:
        if sessions.is_id(session):
            store = resources.store
            state = (await store.run(partial(sessions.load, store, session))).state
    except StoreError:
        pass  # the sheet of the region can be had without the conversation
    return _page(resources.service, Wanted(case_of(resources.service, state, region), language))


def _named(request: Request, resources: Resources) -> Wanted:
    """What the address names, by id."""
    language = language_wanted(request)
    said = {key: request.query_params.get(key, "").strip() for key in ("region", *_CHOICES)}
    region = region_named(resources, said["region"])
    unknown = [said["region"]] if said["region"] and region is None else []
    if region is None:
        return Wanted(Case(resources.service.region), language, tuple(unknown))
    pack = resources.service.library.pack(region)
    found: dict[str, str | None] = {}
    for key, field in _CHOICES.items():
        here = {record.id for record in getattr(pack, field)}
        packs = resources.service.library.packs
        anywhere = {record.id for one in packs for record in getattr(one, field)}
        found[key] = said[key] if said[key] in here else None  # another region's is left out
        if said[key] and said[key] not in anywhere:
            unknown.append(said[key])
    return Wanted(told(region, **found), language, tuple(unknown))


def _page(served: Service, wanted: Wanted) -> Response:
    day, language = today(), wanted.language
    case = wanted.case
    pack = served.valid(day).pack(case.region) if case.region else None
    made = sheet(served, pack, case, day=day, language=language) if pack else None
    unknown = [say("sheet_unknown", language, said=one[:40]) for one in wanted.unknown]
    notices = "".join(f'<p class="notice" role="alert">{escape(one)}</p>' for one in unknown)
    fields = {
        "chooser": f'<div class="chooser">{notices}{_chooser(served, pack, wanted)}</div>',
        "sheet": _sheet(made, day, language) if made else "",
    }
    kept = {"region": case.region}
    kept |= {key: next(iter(case.values(key)), None) for key in _CHOICES}
    response = page("print.html", language, fields, kept=kept)
    response.status_code = HTTPStatus.NOT_FOUND if wanted.unknown else HTTPStatus.OK
    return response


def _chooser(served: Service, pack: Pack | None, wanted: Wanted) -> str:
    language = wanted.language
    regions = [(one.region.id, one.region.name) for one in served.library.packs]
    regions = [one for one in regions if one[0] != GENERAL]
    selects = _select("region", "sheet_choose", regions, (wanted.case.region,), language)
    for key, field in _CHOICES.items():
        records = getattr(pack, field) if pack else ()
        if records:
            named = [(record.id, getattr(record, "short", record.name)) for record in records]
            given = wanted.case.values(key)
            selects += _select(key, f"sheet_{key}", [("", "sheet_any"), *named], given, language)
    kept = hidden({"language": HANT if language == HANT else None})
    update = f"<button>{escape(say('sheet_update', language))}</button>"
    form = f'<form method="get" action="print" class="ways">{kept}{selects}{update}'
    if pack is None:
        return f"{_lead(language)}{form}</form>"
    word, hint = (escape(say(name, language)) for name in ("sheet_print", "sheet_print_hint"))
    button = f'<button type="button" id="print" class="main" hidden>{word}</button>'
    return f'{form}{button}</form><p class="fine">{hint}</p>'


def _lead(language: str) -> str:
    title, lead = (escape(say(name, language)) for name in ("sheet_title", "sheet_choose_lead"))
    return f"<h1>{title}</h1><p>{lead}</p>"


def _select(
    name: str,
    label: str,
    choices: list[tuple[str, str]],
    given: tuple[str | None, ...],
    language: str,
) -> str:
    options = ""
    for value, shown in choices:
        text = say(shown, language) if not value else _in(language, shown)
        mark = " selected" if value and value in given else ""
        options += f'<option value="{escape(value)}"{mark}>{escape(text)}</option>'
    word = escape(say(label, language))
    return f'<label>{word} <select name="{name}">{options}</select></label>'


def _in(language: str, text: str) -> str:
    return converted(text) if language == HANT else text


def _sheet(made: Sheet, day: date, language: str) -> str:
    """The paper itself, as HTML."""
    disease = _in(language, "、".join(made.diseases))
    title = say("sheet_title_of", language, disease=disease) if disease else ""
    title = title or say("sheet_title", language)
    region = say("sheet_region", language, region=_in(language, made.region))
    printed = say("sheet_printed", language, year=day.year, month=day.month, day=day.day)
    sources = "".join(
        f"<p>{escape(_in(language, line))}</p>" for line in source_lines(made.citations)
    )
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(region)}　{escape(printed)}</p>",
        _part("sheet_materials", _checklist(made.materials), language),
        _part("sheet_steps", _blocks(made.steps), language),
        _part("sheet_office", _blocks(made.office), language)
        or f'<p class="screen">{escape(say("sheet_which_office", language))}</p>',
        f"<footer>{_blocks(made.notes)}{sources}</footer>",
    ]
    return f'<article class="sheet">{"".join(parts)}</article>'


def _part(title: str, content: str, language: str) -> str:
    """A part under its title; nothing where it holds nothing."""
    if not content:
        return ""
    return f"<section><h2>{escape(say(title, language))}</h2>{content}</section>"


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "".join(block_html(block) for block in blocks)


def _checklist(blocks: tuple[Block, ...]) -> str:
    """Blocks whose lists have a box to tick before each point."""
    return "".join(
        '<ul class="check">' + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>"
        if isinstance(block, Items)
        else block_html(block)
        for block in blocks
    )
