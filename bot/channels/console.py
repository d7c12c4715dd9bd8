"""A conversation in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TextIO

from msgspec import structs

from bot.answers import block_text, options_text, source_lines
from bot.conversing import PLACES
from bot.days import today
from bot.errors import InputError
from bot.messages import Answer
from bot.reasons import why
from bot.regions import known_regions, region_id, region_label
from bot.scores import first_line
from bot.service import Service, Turn, turn
from bot.terminal import tell
from intents.dialogue import State

PROMPT, LEAD, FAINT, CHOICE = "1;36", "1", "2", "36"  # colours, as SGR parameters
_SLASHES = ("/", "／")  # the second is what a Chinese keyboard types
Paint = Callable[[str, str], str]


def plainly(text: str, _colour: str) -> str:
    """A text without colour."""
    return text


def coloured(text: str, colour: str) -> str:
    """A text in a colour."""
    return f"\x1b[{colour}m{text}\x1b[0m" if text else text


def paint_for(stream: TextIO, environment: Mapping[str, str]) -> Paint:
    """Colour where the stream is a terminal that has it, and nobody set NO_COLOR."""
    dull = "NO_COLOR" in environment or environment.get("TERM") == "dumb"
    return plainly if dull or not stream.isatty() else coloured


def rendered(answer: Answer, paint: Paint) -> str:
    """An answer: its first line stands out, the sources recede, the choices can be seen."""
    text = "\n".join(block_text(block) for block in answer.blocks)
    first, *rest = text.split("\n", 1)
    sources = [paint(line, FAINT) for line in source_lines(answer.citations)]
    choices = paint(options_text(answer.options), CHOICE)
    return "\n".join(part for part in (paint(first, LEAD), *rest, *sources, choices) if part)


class Console:
    """One conversation: its state, its region, and what was said so far."""

    def __init__(
        self, served: Service, *, paint: Paint = plainly, day: Callable[[], date] = today
    ) -> None:
        self.served = served
        self.region = served.region
        self.paint = paint
        self.day = day
        self.state = State()
        self.last: Turn | None = None
        self.said: list[tuple[str, str]] = []
        self.commands: dict[str, Callable[[str], str]] = {
            "why": self.why,
            "region": self.place,
            "reset": self.reset,
            "history": self.history,
            "help": self.help,
        }

    def greeting(self) -> str:
        """What is said first: which regions there are, and which one is set."""
        known = tell("chat_regions", known=known_regions(self.served.library))
        return "\n".join([tell("chat_hello"), known, self.where()])

    def where(self) -> str:
        """Which region is set."""
        if self.region is None:
            return tell("chat_no_region")
        region = self.served.library.pack(self.region).region
        return tell("chat_region", region=region_label(region))

    def respond(self, line: str) -> str | None:
        """What comes back to a line; None where the person leaves."""
        if not line.startswith(_SLASHES):
            return self.answer(line)
        name, _, rest = line[1:].partition(" ")
        if name.casefold() in {"quit", "exit", "q"}:
            return None
        command = self.commands.get(name.casefold())
        return (
            command(rest.strip())
            if command
            else tell("chat_unknown", command=f"/{self._bare(name)}")
        )

    def _bare(self, text: str) -> str:
        return self.served.redacted(text).text[:40]

    def answer(self, text: str) -> str:
        """Answer a message."""
        self.last = turn(self.served, self.state, text, day=self.day(), region=self.region)
        self.state = self.last.state
        shown = rendered(self.last.answer, self.paint)
        self.said.append((self.last.asked, first_line(rendered(self.last.answer, plainly))))
        return shown

    def why(self, _rest: str) -> str:
        """How the last message was read."""
        lines = why(self.last) if self.last else ()
        return "\n".join(lines) or tell("chat_no_why")

    def place(self, said: str) -> str:
        """Set the region; without a name, say which one is set."""
        if not said:
            return (
                f"{tell('chat_regions', known=known_regions(self.served.library))}\n{self.where()}"
            )
        try:
            self.region = region_id(self.served.library, said)
        except InputError as error:
            return str(error)
        kept = tuple(slot for slot in self.state.slots if slot.name not in PLACES)
        self.state = structs.replace(self.state, slots=kept)
        region = self.served.library.pack(self.region).region
        return tell("chat_region_set", region=region_label(region))

    def reset(self, _rest: str) -> str:
        """Forget the conversation; the region stays."""
        self.state, self.last = State(), None
        self.said.clear()
        return tell("chat_reset")

    def history(self, _rest: str) -> str:
        """What was asked, with the first line of each answer."""
        asked = (
            f"{number}. {text}\n   {self.paint(first, FAINT)}"
            for number, (text, first) in enumerate(self.said, 1)
        )
        return "\n".join(asked) or tell("chat_no_history")

    def help(self, _rest: str) -> str:
        """What can be typed."""
        return tell("chat_help")


def talk(console: Console, lines: Iterator[str], write: Callable[[str], object]) -> None:
    """Greet, then answer line after line until the person leaves."""
    write(f"{console.greeting()}\n")
    for line in lines:
        response = console.respond(line)
        if response is None:
            return
        write(f"{response}\n")


def typed(paint: Paint) -> Iterator[str]:
    """The lines that a person types, or that come through a pipe; none of them blank."""
    read = _prompted(paint) if sys.stdin.isatty() and sys.stdout.isatty() else iter(sys.stdin)
    return (line.strip() for line in read if line.strip())


def _prompted(paint: Paint) -> Iterator[str]:
    """Lines at a prompt, with the arrow keys where readline is there.

    The history is never written to disk: people type about their illnesses.
    """
    prompt = tell("chat_prompt")
    try:
        import readline

        # Marks for readline: what stands between them takes no room on the line.
        before, after = paint(prompt, PROMPT).split(prompt)
        prompt = f"\x01{before}\x02{prompt}\x01{after}\x02" if before else prompt
        readline.set_auto_history(True)
    except ImportError:
        prompt = paint(prompt, PROMPT)
    while True:
        try:
            yield input(prompt)
        except (EOFError, KeyboardInterrupt):
            return
