"""What somebody sent or did on WeChat or WeCom → what they are told, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection

from bot import leftovers, sessions
from bot.channels.wechat_menu import button_of
from bot.channels.wechat_messages import EVENT, Incoming
from bot.channels.wechat_rendering import messages_of, parted, tapped, with_more
from bot.channels.wechat_wording import asks_for_more, line
from bot.channels.wording import hello, help_text, sources_text
from bot.conversing import placed, taken
from bot.messages import Message
from bot.resources import Resources
from intents.dialogue import State
from knowledge.pack import GENERAL, Library
from knowledge.schema import Region

_SCENE = "qrscene_"  # in front of what a QR code carries, where it was scanned by a new follower


class Place(Struct, frozen=True):
    """Where people are answered.

    The channel, the account's own id, whether choices can be tapped there, and whether all
    messages of an answer can be sent at once.
    """

    resources: Resources
    channel: str
    account: str
    links: bool = False
    sends_all: bool = False

    def name(self, purpose: str, *parts: str) -> str:
        """A name for something of this place that tells nobody whose it is."""
        return self.resources.keyring.name(purpose, self.channel, self.account, *parts)


def told(place: Place, connection: Connection, incoming: Incoming) -> tuple[str, ...]:
    """The messages that answer, in order; none where nothing is to be said.

    Unless the place sends all of them there is one at most, and the rest is kept until it is
    asked for. Raises Moved where another turn of the conversation was kept meanwhile.
    """
    turn = _Turn(place, connection, place.name("session", incoming.user))
    if incoming.kind.startswith(EVENT):
        return _event(turn, incoming.kind.removeprefix(EVENT), incoming.key)
    if (text := incoming.question) is None:
        return (line(incoming.sentence),)
    if asks_for_more(text):
        return _more(turn)
    return _placed_by_hand(turn, text) or _asked(turn, text)


class _Turn(Struct, frozen=True):
    """One turn: where, on which connection, in which conversation."""

    place: Place
    connection: Connection
    session: str

    @property
    def library(self) -> Library:
        return self.place.resources.service.library


def _asked(turn: _Turn, text: str) -> tuple[str, ...]:
    place = turn.place
    message = Message("", place.channel, turn.session, text, datetime.now(UTC))
    answer = taken(place.resources, turn.connection, message)
    return _given(turn, messages_of(answer, links=place.links))


def _given(turn: _Turn, messages: tuple[str, ...]) -> tuple[str, ...]:
    """What is told now of these messages; the rest is kept."""
    if turn.place.sends_all:
        leftovers.keep(turn.connection, turn.session, ())
        return (with_more(messages, "coming"), *messages[1:])
    leftovers.keep(turn.connection, turn.session, messages[1:])
    return (with_more(messages),)


def _more(turn: _Turn) -> tuple[str, ...]:
    """The next message of what is left."""
    messages = leftovers.of(turn.connection, turn.session)
    if not messages:
        return (line("no_more"),)
    leftovers.keep(turn.connection, turn.session, messages[1:])
    return (with_more(messages),)


def _event(turn: _Turn, event: str, key: str) -> tuple[str, ...]:
    match event:
        case "subscribe":
            return _given(turn, parted([hello(turn.library), *_scene(turn, key)]))
        case "scan":
            return _scene(turn, key) or (line("welcome_back"),)
        case "click":
            return _clicked(turn, key)
        case "enter_agent":
            return _entered(turn)
        case "unsubscribe":
            sessions.drop(turn.connection, turn.session)
            leftovers.keep(turn.connection, turn.session, ())
    return ()


def _scene(turn: _Turn, key: str) -> tuple[str, ...]:
    """What a QR code does that carries the id of a region: one put up in a hall of Suzhou."""
    region = _regions(turn).get(key.removeprefix(_SCENE))
    return _placed(turn, region) if region else ()


def _entered(turn: _Turn) -> tuple[str, ...]:
    """WeCom tells each time that somebody opens the application: they are greeted once."""
    found = sessions.read(turn.connection, turn.session)
    if found.version:
        return ()
    sessions.write(turn.connection, found, State())
    return _given(turn, parted([hello(turn.library)]))


def _clicked(turn: _Turn, key: str) -> tuple[str, ...]:
    button = button_of(key)
    if button is None:
        return (line("menu_old"),)
    if button.say:
        return _asked(turn, button.say)
    shown = {"help": help_text, "sources": sources_text}.get(button.show or "")
    return _given(turn, parted([shown(turn.library)] if shown else _choices(turn)))


def _choices(turn: _Turn) -> list[str]:
    """The regions to choose from."""
    wanted = [line("words_for_region", region=one.name) for one in _regions(turn).values()]
    if turn.place.links:
        wanted = [tapped(words, words, number) for number, words in enumerate(wanted, 1)]
    return [line("region_ask"), *wanted, line("region_how")]


def _placed_by_hand(turn: _Turn, text: str) -> tuple[str, ...]:
    """What the words do that a choice of region sends."""
    for region in _regions(turn).values():
        if text.strip() == line("words_for_region", region=region.name):
            return _placed(turn, region)
    return ()


def _placed(turn: _Turn, region: Region) -> tuple[str, ...]:
    placed(turn.connection, turn.session, region.id)
    return (line("region_set", region=region.name),)


def _regions(turn: _Turn) -> dict[str, Region]:
    """The regions that have rules of their own, by id."""
    every = (pack.region for pack in turn.library.packs)
    return {region.id: region for region in every if region.id != GENERAL}
