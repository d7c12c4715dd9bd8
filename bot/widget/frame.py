"""What every page of the project shares: its skeleton, its language, and its strict policy."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.traditional import HANS, HANT, language_of
from bot.widget.wording import sentences

FOLDER = Path(__file__).parent
# No script, style or form of anybody else; no markup made of strings either (trusted types).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; "
    "require-trusted-types-for 'script'"
)


def language_wanted(request: Request) -> str:
    """The script a page is wanted in: `?language=` first, then what the browser prefers."""
    said = request.query_params.get("language")
    if said is not None:
        return HANT if said == HANT else HANS
    return language_of(request.headers.get("accept-language", ""))


def page(
    name: str,
    language: str,
    fields: dict[str, str],
    *,
    kept: dict[str, str | None] | None = None,
    framed_by: tuple[str, ...] | None = None,
) -> Response:
    """A page from its template; `fields` hold HTML, every sentence is escaped here.

    `kept` is what the address of the page in the other script takes along. `framed_by` are the
    origins that may show the page in a frame beside our own; None lets nobody.
    """
    query = {key: value for key, value in (kept or {}).items() if value}
    query["language"] = HANS if language == HANT else HANT
    said = {key: escape(sentence) for key, sentence in sentences(language).items()}
    body = _template(name).substitute(said, language=language, **fields)
    html = _template("frame.html").substitute(
        said,
        language=language,
        title=said[f"{name.partition('.')[0]}_title"],
        body=body,
        page=name.partition(".")[0],
        switch_to=query["language"],
        switch_query=escape(urlencode(query)),
        switch=said["page_language_back" if language == HANT else "page_language"],
    )
    ancestors = "'none'" if framed_by is None else " ".join(("'self'", *framed_by))
    headers = {
        "Content-Security-Policy": POLICY.format(ancestors=ancestors),
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
    }
    if framed_by is None:
        headers["X-Frame-Options"] = "DENY"
    return HTMLResponse(html, headers=headers)


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text("utf-8"))
