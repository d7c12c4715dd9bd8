# ruff: noqa: INP001 - run by itself
"""Draw the picture of a conversation in the READMEs from what the program really replies.

    python docs/conversation.py

writes docs/conversation.svg: the lines of `yiwentong chat`, in the colours of the terminal.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from unicodedata import east_asian_width

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # so that it runs without being installed

from bot.channels.console import PROMPT, Console, coloured  # noqa: E402
from bot.service import service  # noqa: E402
from bot.terminal import tell  # noqa: E402
from knowledge.pack import load  # noqa: E402

PICTURE = HERE / "conversation.svg"
REGION = "suzhou"
DAY = date(2026, 11, 22)  # fixed, so that drawing it again changes nothing but what is said
QUESTIONS = (
    "透析职工报多少",
    "退休的呢",
    "要带什么材料",
    "昆山在哪办",
    "我花了5万能报多少",
)

SIZE, LEADING, MARGIN, BAR = 14, 23, 22, 36  # in pixels
WIDTH = 62  # of a line, in Chinese characters
NARROW = 0.6  # what a Latin character takes of that
# What a line does not begin with.
CLOSING = frozenset("，。、；：？！）》”　")
SGR = re.compile(r"\x1b\[([\d;]+)m(.*?)\x1b\[0m|([^\x1b]+)")
STYLES = {"1;36": "you", "1": "lead", "2": "faint", "36": "choice"}
Span = tuple[str, str]  # a class and the text in it

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">
<title id="title">{title}</title>
<style>
text {{ font: {size}px "Noto Sans Mono CJK SC", "Source Han Mono SC", "Sarasa Mono SC", Menlo, \
"PingFang SC", Consolas, "Microsoft YaHei", monospace; fill: #c9d1d9; white-space: pre; }}
.you {{ fill: #56d4dd; font-weight: bold; }}
.lead {{ fill: #ffffff; font-weight: bold; }}
.faint {{ fill: #8b949e; }}
.choice {{ fill: #56d4dd; }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>
<rect width="{width}" height="{bar}" rx="8" fill="#21262d"/>
<rect y="{half}" width="{width}" height="{half}" fill="#21262d"/>
<circle cx="20" cy="{half}" r="6" fill="#ff5f56"/>
<circle cx="40" cy="{half}" r="6" fill="#ffbd2e"/>
<circle cx="60" cy="{half}" r="6" fill="#27c93f"/>
"""


def conversation() -> Iterator[str]:
    """The lines of the terminal, with their colours."""
    console = Console(service(load(), region=REGION), paint=coloured, day=lambda: DAY)
    prompt = coloured(tell("chat_prompt"), PROMPT)
    for question in QUESTIONS:
        yield f"{prompt}{question}"
        yield from (console.respond(question) or "").split("\n")
        yield ""


def spans(line: str) -> Iterator[Span]:
    """A line of the terminal → its stretches of one colour."""
    for found in SGR.finditer(line):
        yield (STYLES[found[1]], found[2]) if found[1] else ("", found[3])


def width_of(char: str) -> float:
    """The width of a character, in Chinese characters."""
    return 1.0 if east_asian_width(char) in "WFA" else NARROW


def wrapped(line: str) -> Iterator[list[Span]]:
    """A line as the lines that it takes, none wider than the terminal."""
    row: list[Span] = []
    taken = 0.0
    for style, text in spans(line):
        begun = 0
        for at, char in enumerate(text):
            if taken + width_of(char) > WIDTH and char not in CLOSING:
                yield [*row, (style, text[begun:at])]
                row, begun, taken = [], at, 0.0
            taken += width_of(char)
        row.append((style, text[begun:]))
    yield row


def drawn(lines: list[list[Span]]) -> str:
    """The lines as a picture."""
    width = (WIDTH + 1) * SIZE + 2 * MARGIN
    height = BAR + MARGIN + len(lines) * LEADING
    title = "一问通：" + " → ".join(QUESTIONS)
    made = [
        HEAD.format(
            width=width, height=height, size=SIZE, bar=BAR, half=BAR // 2, title=escape(title)
        ).rstrip()
    ]
    command = f"yiwentong chat --region {REGION}"
    made.append(f'<text class="faint" x="84" y="{BAR // 2 + 5}">{command}</text>')
    for number, line in enumerate(lines, 1):
        if any(text for _, text in line):
            pieces = "".join(_piece(style, text) for style, text in line if text)
            made.append(f'<text x="{MARGIN}" y="{BAR + number * LEADING}">{pieces}</text>')
    return "\n".join([*made, "</svg>", ""])


def _piece(style: str, text: str) -> str:
    return f'<tspan class="{style}">{escape(text)}</tspan>' if style else escape(text)


def main() -> None:
    """Write the picture."""
    lines = [row for line in conversation() for row in wrapped(line)]
    PICTURE.write_text(drawn(lines[:-1]), "utf-8")


if __name__ == "__main__":
    main()
