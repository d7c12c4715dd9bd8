"""The source documents as they came, read past their dirt: one text, cut into places and rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import opencc

from knowledge.schema import Place, Source

# The Beijing document repeats many characters' pinyin after them: 通過(guò). Real brackets hold
# Chinese, capitals or figures and stay.
PINYIN = re.compile(r"(?<=[㐀-鿿])[(（][a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,7}[)）]")
FIGURE = re.compile(r"(\d+(?:\.\d+)?)(万)?元")
PERCENT = re.compile(r"(\d+)%")
DAYS = re.compile(r"(\d+)天")


class Text(NamedTuple):
    """A cleaned text twice: in lines with tabs between cells, and with no white space at all."""

    lines: tuple[str, ...]
    flat: str

    def holds(self, words: str) -> bool:
        """Tell whether cleaned words stand in the text; 8000元 does not stand in 18000元."""
        pattern = bounded(words)
        return any(map(pattern.search, self.lines)) or bool(pattern.search(self.flat))


@cache
def simplifier() -> opencc.OpenCC:
    """Return the one converter from traditional to simplified."""
    return opencc.OpenCC("t2s")


def clean(text: str) -> str:
    """Read past the dirt of an original: NFKC, no pinyin, simplified, no white space."""
    return "".join(unspaced(text).split())


def unspaced(text: str) -> str:
    """Clean a text but keep its lines, and the tabs that separate cells."""
    bare = PINYIN.sub("", unicodedata.normalize("NFC", text))
    folded = simplifier().convert(unicodedata.normalize("NFKC", bare))
    return re.sub(r"[^\S\t\n]+", "", folded.replace("\r\n", "\n"))


def bounded(words: str) -> re.Pattern[str]:
    """Match words literally, but never inside a longer figure."""
    before = r"(?<!\d)(?<!\d\.)" if words[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if words[-1:].isdigit() else ""
    return re.compile(before + re.escape(words) + after)


def text_of(cleaned: str) -> Text:
    """Make a Text of what `unspaced` returned."""
    lines = tuple(line for line in cleaned.split("\n") if line.strip())
    return Text(lines, "".join(cleaned.split()))


def open_document(folder: Path, source: Source) -> str | None:
    """Return a source's document, cleaned in lines; None where its file is absent."""
    path = folder / source.file
    return unspaced(path.read_text(encoding="utf-8")) if path.is_file() else None


@lru_cache(maxsize=256)
def slice_place(cleaned: str, place: Place) -> Text | str:
    """Cut a place out of a document; a plain sentence where an anchor is not found."""
    flat = "".join(cleaned.split())
    begins = clean(place.begins)
    start = flat.find(begins)
    if start < 0:
        return f"the place's begins {place.begins!r} is not in the document"
    end = len(flat) if place.ends is None else flat.find(clean(place.ends), start + len(begins))
    if end < 0:
        return f"the place's ends {place.ends!r} does not follow its begins"
    kept = [index for index, character in enumerate(cleaned) if not character.isspace()]
    return text_of(cleaned[kept[start] : kept[end - 1] + 1])


def rows(place: Text, row: str) -> Text | None:
    """Return the lines of a place that are the row: first cell equal, else starting with it."""
    wanted = clean(row)
    # The continued row of a merged cell begins with tabs, that of a table or list with a sign.
    bare = [(line.lstrip("\t|-•"), line) for line in place.lines]
    exact = [line for start, line in bare if re.split(r"[\t|]", start)[0] == wanted]
    found = exact or [line for start, line in bare if start.startswith(wanted)]
    return text_of("\n".join(found)) if found else None


def yuan(words: tuple[str, ...]) -> Iterator[int]:
    """Return the amounts that words hold: 8000元 is 8000, 2.2万元 is 22000."""
    for figure, myriad in FIGURE.findall("\n".join(map(clean, words))):
        yield round(float(figure) * (10_000 if myriad else 1))


def percents(words: tuple[str, ...]) -> tuple[int, ...]:
    """Return the percentages that words hold."""
    return tuple(map(int, PERCENT.findall("\n".join(map(clean, words)))))


def days(words: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of days that words hold."""
    return tuple(map(int, DAYS.findall("\n".join(map(clean, words)))))
