"""widget.js as it is served: one file with its style, its sentences and its settings inside."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from bot.resources import Resources
from bot.traditional import HANS, HANT, converted
from bot.widget.rendering import PRINTABLE
from bot.widget.wording import browser_sentences

FOLDER = Path(__file__).parent
# In the order in which one needs the other.
_PARTS = ("keeping.js", "blocks.js", "calls.js", "speech.js", "actions.js", "parts.js",
          "relay.js", "widget.js")  # fmt: skip
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


def script(resources: Resources) -> str:
    """The whole script for one deployment; only the map and the regions depend on it."""
    packs = resources.service.library.packs
    names = {pack.region.id: pack.region.name for pack in packs}
    given = {
        "style": style(),
        "sentences": {language: browser_sentences(language) for language in (HANS, HANT)},
        "regions": {HANS: names, HANT: {id_: converted(name) for id_, name in names.items()}},
        "printable": PRINTABLE,
        "map": resources.settings.map_url,
    }
    content = msgspec.json.encode(given).decode()
    parts = "\n".join((FOLDER / name).read_text("utf-8") for name in _PARTS)
    return f'(() => {{\n"use strict";\nconst GIVEN = {content};\n{_close(parts)}\n}})();\n'


def style() -> str:
    """The style inside the widget, without what only its reader needs."""
    text = _REMARK.sub("", (FOLDER / "widget.css").read_text("utf-8"))
    return _SPACE.sub("\n", text).strip()


def _close(text: str) -> str:
    """Script without the comments that have a line of their own, indentation and blank lines."""
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)
