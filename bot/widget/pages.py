"""The addresses of the widget, of its pages, and of the files that they load."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache, partial
from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import agents
from bot.compose.figures import month
from bot.errors import StoreError
from bot.requests import resources_of
from bot.resources import Resources
from bot.traditional import HANT, converted
from bot.widget import chat, printing
from bot.widget.frame import FOLDER, language_wanted, page
from bot.widget.privacy import privacy
from bot.widget.script import script
from bot.widget.wording import say
from knowledge.pack import Pack

_KEPT = "public, max-age=600, stale-while-revalidate=86400"  # a new release arrives in minutes
_JAVASCRIPT = "text/javascript; charset=utf-8"
_FACTS = ("diseases", "benefits", "offices", "materials", "faqs")
_TAG = re.compile(r'"[^"]*"')  # a proxy may have made it weak
_FILES = {
    "pages.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "demo.js": _JAVASCRIPT,
    "example.js": _JAVASCRIPT,
    "print.js": _JAVASCRIPT,
}


async def widget(request: Request) -> Response:
    """widget.js, the one file that a page loads."""
    state = request.app.state
    if not hasattr(state, "widget"):  # made once a process
        state.widget = script(resources_of(request)).encode()
    return _file(request, state.widget, _JAVASCRIPT)


async def asset(request: Request) -> Response:
    """A file that the pages of the project load."""
    name = request.path_params["name"]
    if name not in _FILES:
        raise HTTPException(404)
    return _file(request, (FOLDER / name).read_bytes(), _FILES[name])


def _file(request: Request, content: bytes, media: str) -> Response:
    """A file, packed where the browser takes that; nothing of it where the browser has it."""
    packed = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}{"-gzip" if packed else ""}"'
    headers = {"ETag": tag, "Cache-Control": _KEPT, "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in _TAG.findall(known):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(_packed(content) if packed else content, 200, headers, media)


@cache
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


async def demo(request: Request) -> Response:
    """What this is, what it knows, and the widget as on any page."""
    resources = resources_of(request)
    language = language_wanted(request)
    region = resources.service.region or ""
    heads = say("demo_region_head", language).split("|")
    asks = say("demo_ask_list", language).split("|")
    fields = {
        "region": escape(region),
        "region_head": "".join(f'<th scope="col">{escape(head)}</th>' for head in heads),
        "regions": "\n".join(_region_row(pack, language) for pack in _packs(resources)),
        "desk": _desk_link(language) if await _has_desk(resources) else "",
        "asks": "".join(
            f'<button name="text" value="{escape(one)}">{escape(one)}</button>' for one in asks
        ),
    }
    return page("demo.html", language, fields)


async def _has_desk(resources: Resources) -> bool:
    """Whether anybody works at the desk; where that cannot be known it is not spoken of."""
    store = resources.store
    try:
        return await store.run(partial(agents.any_, store))
    except StoreError:
        return False


def _desk_link(language: str) -> str:
    name, what = (escape(say(one, language)) for one in ("page_desk", "demo_desk_what"))
    return f'<li><a href="desk">{name}</a><span>{what}</span></li>'


def _packs(resources: Resources) -> list[Pack]:
    """The packs, the one that says most first."""
    packs = resources.service.library.packs
    return sorted(packs, key=lambda p: (len(p.benefits), len(p.diseases)), reverse=True)


def _region_row(pack: Pack, language: str) -> str:
    counts = [(name, len(getattr(pack, name))) for name in _FACTS]
    facts = [say(f"demo_fact_{name}", language, count=count) for name, count in counts if count]
    sources = [
        say("demo_source", language, title=one.title, issued=month(one.issued))
        for one in pack.sources
    ]
    name = pack.region.name
    if language == HANT:
        name, sources = converted(name), [converted(one) for one in sources]
    joint = say("demo_and", language)
    cells = f"<td>{escape(joint.join(facts))}</td><td>{escape(joint.join(sources))}</td>"
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


async def example(request: Request) -> Response:
    """How a page takes the widget in, and drives it."""
    language = language_wanted(request)
    lines = say("example_attribute_list", language).split("/")
    fields = {
        "origin": escape(str(request.base_url).rstrip("/")),
        "attributes": "".join(f"<li>{escape(line)}</li>" for line in lines),
    }
    return page("example.html", language, fields)


ROUTES = [
    Route("/", demo),
    Route("/chat", chat.chat, methods=["GET"]),
    Route("/chat", chat.asked, methods=["POST"]),
    Route("/print", printing.chosen, methods=["GET"]),
    Route("/print", printing.sent, methods=["POST"]),
    Route("/example", example),
    Route("/privacy", privacy),
    Route("/widget.js", widget),
    Route("/widget/{name}", asset),
]
