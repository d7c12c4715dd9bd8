"""widget.js as it is served: one file with its style, its sentences and its settings inside."""

from __future__ import annotations

import re
from collections import Counter
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
_LOOSE = re.compile(r"\s*([{};,])\s*|(?<=:) ")  # blanks of a style that mean nothing
# A text in quotes, kept as it is, or an operator with blanks around it. Neither + nor -: two of
# them side by side would be another operator.
_LITERAL = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
_ROOMY = re.compile(rf"(?P<kept>{_LITERAL})| *(?P<sign>=>|[=!]==|&&|\|\||[=:{{}},;()<>]) *")


def script(resources: Resources) -> str:
    """The whole script for one deployment; only the map and the regions depend on it."""
    packs = resources.service.library.packs
    names = {pack.region.id: pack.region.name for pack in packs}
    said = browser_sentences(HANS)
    there = {name: converted(text) for name, text in names.items()}
    given = {
        "style": style(),
        "sentences": said,
        "regions": names,
        "hant": pairs({**said, **names}, {**browser_sentences(HANT), **there}),
        "printable": PRINTABLE,
        "map": resources.settings.map_url,
    }
    content = msgspec.json.encode(given).decode()
    parts = "\n".join((FOLDER / name).read_text("utf-8") for name in _PARTS)
    return f'(() => {{\n"use strict";\nconst GIVEN = {content};\n{_close(parts)}\n}})();\n'


def pairs(plain: dict[str, str], other: dict[str, str]) -> tuple[str, dict[str, str]]:
    """How the browser writes texts in the other script, so that it need not load them twice.

    Pairs of characters, and by name those texts that pairs would get wrong.
    """
    ways: dict[str, Counter[str]] = {}
    for name, text in plain.items():
        if len(text) == len(other[name]):
            for one, two in zip(text, other[name], strict=True):
                ways.setdefault(one, Counter())[two] += 1
    usual = {one: found.most_common(1)[0][0] for one, found in ways.items()}
    written = {name: "".join(usual.get(one, one) for one in text) for name, text in plain.items()}
    whole = {name: text for name, text in other.items() if text != written[name]}
    return "".join(one + two for one, two in usual.items() if one != two), whole


def style() -> str:
    """The style inside the widget, without what only its reader needs."""
    text = _REMARK.sub("", (FOLDER / "widget.css").read_text("utf-8"))
    return _LOOSE.sub(r"\1", _SPACE.sub("\n", text)).strip()


def _close(text: str) -> str:
    """Script without the comments that have a line of their own, and without needless blanks."""
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    whole = "\n".join(line for line in lines if line)
    return _ROOMY.sub(lambda found: found["kept"] or found["sign"], whole)
