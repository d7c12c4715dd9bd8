"""What somebody sent or did on WeChat or WeCom → what they are told, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection

from bot import leftovers, sessions
from bot.channels.wechat_menu import button_of
from bot.channels.wechat_messages import EVENT, Incoming
from bot.channels.wechat_rendering import messages_of, parted, with_more
from bot.channels.wechat_wording import asks_for_more, line
from bot.channels.wording import hello, help_text, sources_text
from bot.conversing import placed, taken
from bot.messages import Message
from bot.resources import Resources
from intents.dialogue import State
from knowledge.pack import GENERAL, Library

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
    return _more(turn) if asks_for_more(text) else _asked(turn, text)


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
    regions = {pack.region.id: pack.region for pack in turn.library.packs}
    region = regions.get(key.removeprefix(_SCENE))
    if region is None or region.id == GENERAL:
        return ()
    placed(turn.connection, turn.session, region.id)
    return (line("region_set", region=region.name),)


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
    text = sources_text(turn.library) if button.show == "sources" else help_text(turn.library)
    return _given(turn, parted([text]))
