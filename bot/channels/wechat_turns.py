"""What somebody sent or did on WeChat or WeCom → what they are told, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct, field, structs

from bot import forgetting, handover, outbox, relaying, renaming, sessions
from bot.channels import wechat_rests
from bot.channels.permission import Permission
from bot.channels.reaching import Counter, written
from bot.channels.wechat_menu import button_of
from bot.channels.wechat_messages import EVENT, Incoming
from bot.channels.wechat_rendering import ahead, asked, choice, messages_of, parted, with_more
from bot.channels.wechat_wording import asks_for_more, bare, line
from bot.channels.wording import hello, help_text, sources_text
from bot.conversing import changed, placed, taken
from bot.handover import Desk
from bot.handover_wording import line as handover_line
from bot.messages import Message, Option
from bot.options import meant
from bot.relaying import PASSED
from bot.resources import Resources
from bot.work import Work
from intents.dialogue import State
from knowledge.pack import Library
from knowledge.schema import Region

_NUMBER = 8  # characters of a message that may be the number of a choice
_SCENE = "qrscene_"  # in front of what a QR code carries, where it was scanned by a new follower


class Place(Struct, frozen=True):
    """Where people are answered.

    The channel, the account's own id, whether choices can be tapped there, whether all messages
    of an answer are sent at once where any may be sent, and whether any may.
    """

    resources: Resources
    channel: str
    account: str
    links: bool = False
    sends_all: bool = False
    permission: Permission = field(default_factory=Permission)

    def name(self, purpose: str, *parts: str) -> str:
        """A name for something of this place that tells nobody whose it is."""
        return self.resources.keyring.name(purpose, self.channel, self.account, *parts)

    def session(self, user: str) -> str:
        """The conversation of somebody; whatever else is theirs is named from its name."""
        return self.name("session", user)

    def follow(self, user: str) -> None:
        """Bring what is somebody's under its name of this period. Raises StoreError."""
        parts = (self.channel, self.account, user)
        renaming.follow(self.resources.store, self.resources.keyring, *parts)

    def sessions(self, user: str) -> tuple[str, ...]:
        """Every name that the conversations of somebody may have in what is kept."""
        days = self.resources.settings.retention_days
        parts = (self.channel, self.account, user)
        return self.resources.keyring.all_names("session", *parts, days=days)

    def lane(self, user: str) -> str:
        """The lane of the outbox in which somebody is sent what is theirs."""
        return self.resources.keyring.name("lane", self.session(user))

    def owed(self, user: str) -> str:
        """The name under which lies what somebody is still to be told."""
        return self.resources.keyring.name("owed", self.session(user))


def told(place: Place, work: Work, incoming: Incoming, *, late: bool = False) -> tuple[str, ...]:
    """The messages that answer, in order; none where nothing is to be said.

    Unless the place sends all of them there is one at most, and the rest is kept until it is
    asked for. A `late` answer has all of them, and begins with what was asked. Raises Moved where
    another turn of the conversation was kept meanwhile.
    """
    pinned = structs.replace(place, resources=place.resources.pinned())
    turn = _Turn(pinned, work, incoming.user, late)
    if incoming.kind.startswith(EVENT):
        return _event(turn, incoming.kind.removeprefix(EVENT), incoming.key)
    if (text := incoming.question) is None:
        return _aside(turn, line(incoming.sentence))
    if asks_for_more(text):
        handover.hold(Desk.at(work.connection, place.resources.keyring), turn.session)
        return _more(turn)
    return _placed_by_hand(turn, text) or _asked(turn, text)


class _Turn(Struct, frozen=True):
    """One turn: where, in which work, of whom, and whether it is answered late."""

    place: Place
    work: Work
    user: str
    late: bool

    @property
    def session(self) -> str:
        return self.place.session(self.user)

    @property
    def lane(self) -> str:
        return self.place.lane(self.user)

    @property
    def owed(self) -> str:
        return self.place.owed(self.user)

    @property
    def library(self) -> Library:
        return self.place.resources.service.library


def _asked(turn: _Turn, text: str) -> tuple[str, ...]:
    place = turn.place
    now, address = datetime.now(UTC), _address(turn)
    message = Message(turn.work.turn, place.channel, turn.session, text, now, address)
    answer = taken(place.resources, turn.work, message)
    if answer.topic == PASSED:
        return _silent(turn)
    if answer.topic == forgetting.TOPIC:
        # Late, this very answer is the first in the lane, and the rest of it was asked for since.
        _forgotten(turn, spared={"outbox"} if turn.late else set())
    head = asked(text) if turn.late else ""
    return _given(turn, messages_of(answer, links=place.links, head=head))


def _address(turn: _Turn) -> bytes:
    """Where an agent writes to the person; where no message may be sent, what they fetch."""
    place = turn.place
    sends = place.permission.holds
    return written(Counter(place.channel, turn.lane, turn.user, turn.owed, sends))


def _silent(turn: _Turn) -> tuple[str, ...]:
    """Nothing where an agent has the conversation, but what the agent said that is still owed."""
    owed = () if turn.late else _left(turn, turn.owed)
    if not owed:
        return ()
    _keep(turn, turn.owed, ())
    if len(owed) > 1:
        _keep(turn, turn.session, (*owed[1:], *_left(turn, turn.session)))
    return (with_more(owed),)


def _given(turn: _Turn, messages: tuple[str, ...]) -> tuple[str, ...]:
    """What is told now of these messages, and of what is owed; the rest is kept."""
    if turn.late:
        _keep(turn, turn.session, ())
        return messages
    owed = _left(turn, turn.owed)
    if owed:
        _keep(turn, turn.owed, ())
        messages = ahead(messages, owed)
    if turn.place.sends_all and turn.place.permission.holds:
        _keep(turn, turn.session, ())
        return (with_more(messages, "coming"), *messages[1:])
    _keep(turn, turn.session, messages[1:])
    return (with_more(messages, "owed" if owed else "more"),)


def _aside(turn: _Turn, sentence: str) -> tuple[str, ...]:
    """A sentence beside the conversation: what is left of an answer stays, what is owed is told."""
    if turn.late or not _left(turn, turn.owed):
        return (sentence,)
    return _given(turn, ahead((sentence,), _left(turn, turn.session)))


def _more(turn: _Turn) -> tuple[str, ...]:
    """The next message of what is left, and then of what is owed."""
    messages = ahead(_left(turn, turn.session), _left(turn, turn.owed))
    if not messages:
        if handover.open_of(turn.work.connection, turn.session):
            return (handover_line("no_news"),)
        waits = outbox.lane_of(turn.work.connection, turn.place.channel, turn.lane)
        return (line("on_its_way" if waits and not turn.late else "no_more"),)
    _keep(turn, turn.owed, ())
    if turn.late:
        return _given(turn, messages)
    _keep(turn, turn.session, messages[1:])
    return (with_more(messages),)


def _left(turn: _Turn, name: str) -> tuple[str, ...]:
    """What is still to be told: of an answer (`session`), or of what could not be sent (`owed`)."""
    return wechat_rests.of(turn.work.connection, turn.place.resources.keyring, name)


def _keep(turn: _Turn, name: str, messages: tuple[str, ...]) -> None:
    wechat_rests.keep(turn.work.connection, turn.place.resources.keyring, name, messages)


def _event(turn: _Turn, event: str, key: str) -> tuple[str, ...]:
    match event:
        case "subscribe":
            _greeted(turn)
            return _given(turn, parted([hello(turn.library), *_scene(turn, key)]))
        case "scan":
            return _aside(turn, *(_scene(turn, key) or (line("welcome_back"),)))
        case "click":
            return _clicked(turn, key)
        case "enter_agent":
            return _entered(turn)
        case "unsubscribe":
            relaying.left(turn.place.resources, turn.work.connection, turn.session)
            _forgotten(turn, spared={"handovers"})  # what the agent was told stays with them
    return ()


def _forgotten(turn: _Turn, *, spared: set[str]) -> None:
    """Nothing of a conversation is kept, and nothing more is sent."""
    resources = turn.place.resources
    days = resources.settings.retention_days
    names = turn.place.sessions(turn.user)
    forgetting.forget(turn.work, resources.keyring, names, days=days, spared=spared)


def _scene(turn: _Turn, key: str) -> tuple[str, ...]:
    """What a QR code does that carries the id of a region: one put up in a hall of Suzhou."""
    region = _regions(turn).get(key.removeprefix(_SCENE))
    return _placed(turn, region) if region else ()


def _entered(turn: _Turn) -> tuple[str, ...]:
    """WeCom tells each time that somebody opens the application: they are greeted once."""
    return _given(turn, parted([hello(turn.library)])) if _greeted(turn) else ()


def _greeted(turn: _Turn) -> bool:
    """Note that somebody was greeted; whether their conversation begins with it."""
    found = sessions.read(turn.work, turn.session)
    return not found.version and sessions.write(turn.work, found, State())


def _clicked(turn: _Turn, key: str) -> tuple[str, ...]:
    button = button_of(key)
    if button is None:
        return _aside(turn, line("menu_old"))
    if button.say:
        return _asked(turn, button.say)
    return _given(turn, parted(_shown(turn, button.show or "")))


def _shown(turn: _Turn, name: str) -> list[str]:
    """What a button of the menu shows."""
    match name:
        case "help":
            return [help_text(turn.library, turn.place.resources.settings)]
        case "sources":
            return [sources_text(turn.library)]
    return _choices(turn)


def _choices(turn: _Turn) -> list[str]:
    """The regions to choose from, by a tap, by their number or in words."""
    wanted = [_words_for(region) for region in _regions(turn).values()]
    _offered(turn, wanted)
    links = turn.place.links
    listed = [choice(n, Option(words, words), links=links) for n, words in enumerate(wanted, 1)]
    return [line("region_ask"), *listed, line("region_how" if links else "region_how_typed")]


def _offered(turn: _Turn, wanted: list[str]) -> None:
    """Keep what the numbers stand for with the conversation. Raises Moved as `placed` does."""
    options = tuple((words, words) for words in wanted)
    changed(turn.work, turn.session, lambda state: structs.replace(state, options=options))


def _placed_by_hand(turn: _Turn, text: str) -> tuple[str, ...]:
    """What the words do that a choice of region sends, or its number."""
    said = bare(text)
    if len(text) <= _NUMBER:
        said = bare(meant(sessions.read(turn.work, turn.session).state, text))
    for region in _regions(turn).values():
        if said == bare(_words_for(region)):
            return _aside(turn, *_placed(turn, region))
    return ()


def _words_for(region: Region) -> str:
    return line("words_for_region", region=region.name)


def _placed(turn: _Turn, region: Region) -> tuple[str, ...]:
    placed(turn.work, turn.session, region.id)
    return (line("region_set", region=region.name),)


def _regions(turn: _Turn) -> dict[str, Region]:
    """The regions that have rules of their own, by id."""
    return {pack.region.id: pack.region for pack in turn.library.local}
