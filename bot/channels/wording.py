"""The sentences that every channel says, by name, from channels.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.compose.figures import joined, month
from bot.compose.wording import say
from bot.sentences import filled, sentences_of
from bot.settings import Settings
from knowledge.pack import Library

FILE = Path(__file__).parent / "channels.yaml"


def line(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(sentences_of(FILE)[name], fields)


def hello(library: Library) -> str:
    """What is said to who comes for the first time."""
    return line("hello", regions=_regions(library))


def help_text(library: Library, settings: Settings) -> str:
    """What can be asked, and what becomes of what was said."""
    told = line("help", help=say("help", regions=_regions(library)))
    return f"{told}\n{privacy_text(settings)}"


def privacy_text(settings: Settings) -> str:
    """What is kept and how it is deleted; with the page that says more where its address is known.

    The only public address of the server that its settings know is the one that Telegram calls.
    """
    told = line("privacy", days=settings.retention_days)
    telegram = settings.accounts.telegram
    if telegram is None or telegram.webhook_url is None:
        return told
    url = telegram.webhook_url.rpartition("/")[0] + "/privacy"
    return f"{told}\n{line('privacy_more', url=url)}"


def sources_text(library: Library) -> str:
    """The documents that answers stand on, a line each."""
    lines = [
        line(
            "sources_line",
            title=source.title,
            issuer=source.issuer or say("no_issuer"),
            issued=month(source.issued),
            region=pack.region.name,
        )
        for pack in library.packs
        for source in pack.sources
    ]
    return "\n".join([line("sources"), *dict.fromkeys(lines)])


def _regions(library: Library) -> str:
    return joined([pack.region.name for pack in library.local])
