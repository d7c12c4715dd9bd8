"""What somebody did on Telegram → letters in the outbox, once for each update.

The state of the conversation, the receipt of the update and the letters are kept in one
transaction; nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

import structlog
from msgspec import Struct, structs

from bot import forgetting, outbox, receipts, renaming, sessions
from bot.channels import telegram_keyboards as keyboards
from bot.channels.reaching import Letterbox, written
from bot.channels.splitting import packed, utf16
from bot.channels.telegram_letters import (
    Call,
    Edited,
    Keyboard,
    Letter,
    Noted,
    Sent,
    sealed,
)
from bot.channels.telegram_rendering import MOST, rendered, told
from bot.channels.telegram_updates import (
    Added,
    Chosen,
    Command,
    Heard,
    Me,
    Place,
    Said,
    Unread,
)
from bot.channels.telegram_wording import COMMANDS, phrase
from bot.channels.wording import hello, help_text, line, privacy_text, sources_text
from bot.conversing import placed, taken
from bot.errors import InputError, StoreError
from bot.keyring import Keyring
from bot.logs import fault
from bot.messages import Message, Option
from bot.regions import region_id
from bot.relaying import PASSED
from bot.resources import Resources
from bot.work import Work
from knowledge.pack import Library

_log = structlog.get_logger("yiwentong")


class Post(Struct, frozen=True):
    """Where letters of one bot are written and kept; `bot` is its id at Telegram."""

    resources: Resources
    bot: int

    @property
    def channel(self) -> str:
        """The name of this bot in the outbox: another bot could not write to these chats."""
        return f"telegram:{self.bot}"

    @property
    def keyring(self) -> Keyring:
        """What names and seals are made with."""
        return self.resources.keyring

    def name(self, purpose: str, *parts: object) -> str:
        """The keyed name of something at Telegram: a session, a chat, an update."""
        return self.keyring.name(purpose, "telegram", str(self.bot), *map(str, parts))

    def session(self, place: Place) -> str:
        """The conversation of a person in a chat; in a group everybody has one of their own."""
        return self.name("session", place.chat, place.user)

    def sessions(self, place: Place) -> tuple[str, ...]:
        """Every name that the conversations of a person in a chat may have in what is kept."""
        days = self.resources.settings.retention_days
        parts = ("telegram", str(self.bot), str(place.chat), str(place.user))
        return self.keyring.all_names("session", *parts, days=days)

    def whom(self, place: Place) -> str:
        """Who may tap the buttons of a conversation: Telegram shows those for years."""
        return self.name("whom", place.chat, place.user)

    def follow(self, place: Place) -> None:
        """Bring a conversation under its name of this period. Raises StoreError."""
        chat = ("telegram", str(self.bot), str(place.chat))
        renaming.follow(self.resources.store, self.keyring, *chat, str(place.user))
        if place.group:
            renaming.follow_chat(self.resources.store, self.keyring, *chat)

    def lane(self, place: Place) -> str:
        """The lane of the outbox: that of a conversation, or of a group with all who write there.

        Whatever is of one person alone is named from the name of the conversation.
        """
        if place.group:
            return self.name("chat", place.chat)
        return self.keyring.name("lane", self.session(place))


def receipt_of(post: Post, update: int, heard: Heard | None) -> str:
    """The name under which an update is answered once; of an album all parts have one."""
    if isinstance(heard, Unread) and heard.album:
        return post.name("album", heard.place.chat, heard.album)
    return post.name("receipt", update)


class GivenUpError(Exception):
    """Work that nobody waits for any more: it is done once more, without the database."""


def answering(post: Post, me: Me, update: int, heard: Heard) -> Callable[[], None]:
    """What answers an update; of several tries only the last keeps anything."""
    begun: list[Event] = []

    def once() -> None:
        for earlier in begun:
            earlier.set()
        begun.append(Event())
        answer(post, me, update, heard, given_up=begun[-1])

    return once


def answer(post: Post, me: Me, update: int, heard: Heard, *, given_up: Event | None = None) -> None:
    """Answer what was done in an update, once. Raises StoreError where nothing could be kept.

    Where it cannot be answered for any other reason the person is told so.
    """
    post.follow(heard.place)
    key = receipt_of(post, update, heard)
    heard = _bare(post, heard)
    store = post.resources.store
    post = structs.replace(post, resources=post.resources.pinned())

    def make(work: Work) -> bytes:
        payload = _kept(post, me, work, heard)
        if given_up is not None and given_up.is_set():
            raise GivenUpError
        return payload

    try:
        receipts.once(store, key, make)
    except (StoreError, GivenUpError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is: said in the log and to the person
        _log.error("update failed", receipt=key, **fault(error))
        _apologise(post, key, heard)


def _bare(post: Post, heard: Heard) -> Heard:
    """What was done, without numbers and names of persons: nothing of them is kept or said back."""
    bare = post.resources.service.redacted
    match heard:
        case Said(text=text):
            return structs.replace(heard, text=bare(text).text)
        case Command(name=name, rest=rest):
            return structs.replace(heard, name=bare(name).text, rest=bare(rest).text)
    return heard


def put_off(post: Post, update: int, heard: Heard, *, seconds: int | None) -> None:
    """Tell somebody who is too fast when to go on, once; None says nothing. Raises StoreError."""
    key = receipt_of(post, update, heard)
    text = line("too_fast", seconds=seconds) if seconds else ""

    def make(work: Work) -> bytes:
        if isinstance(heard, Chosen):  # the buttons stay, so it can be tapped again
            _note(post, work, heard, text)
        elif text:
            _put(post, work, heard.place, _replies(heard.place, told(text)))
        return b""

    receipts.once(post.resources.store, key, make)


def _apologise(post: Post, key: str, heard: Heard) -> None:
    """Tell the person so, once; what cannot be told must not come again either."""
    store = post.resources.store
    try:
        receipts.once(store, key, lambda work: _apologised(post, work, heard))
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - an update may hold what nothing can be sent to
        _log.error("not apologised", receipt=key, **fault(error))
        receipts.once(store, key, lambda _: b"")


def _kept(post: Post, me: Me, work: Work, heard: Heard) -> bytes:
    calls = _calls(post, me, work, heard)
    _put(post, work, heard.place, calls)
    if isinstance(heard, Chosen) and calls:
        _note(post, work, heard, "")
    return b""


def _apologised(post: Post, work: Work, heard: Heard) -> bytes:
    _put(post, work, heard.place, _replies(heard.place, told(line("failed"))))
    if isinstance(heard, Chosen):
        _note(post, work, heard, "")
    return b""


def _put(post: Post, work: Work, place: Place, calls: tuple[Call, ...]) -> None:
    if calls:
        lane = post.lane(place)
        data = sealed(post.keyring, Letter(place.chat, calls))
        outbox.put(work.connection, post.channel, lane, data)


def _note(post: Post, work: Work, chosen: Chosen, text: str) -> None:
    """Answer the tap itself, beside the messages of the chat: the person sees it wait."""
    data = sealed(post.keyring, Letter(chosen.place.chat, (Noted(chosen.query, text),)))
    outbox.put(work.connection, post.channel, post.name("tap", chosen.query), data)


def _calls(post: Post, me: Me, work: Work, heard: Heard) -> tuple[Call, ...]:
    match heard:
        case Said(place, text, attached):
            before = told(phrase("caption_only")) if attached else ()
            return _turn(post, work, place, text, before=before)
        case Command(place, name, rest):
            return _command(post, work, place, name, rest)
        case Unread(place, kind):
            return _replies(place, told(line(kind)))
        case Chosen():
            return _chosen(post, work, heard)
        case Added(place):
            return _replies(place, told(phrase("group_hello", name=me.name or "")))


def _turn(
    post: Post,
    work: Work,
    place: Place,
    text: str,
    *,
    before: tuple[str, ...] = (),
) -> tuple[Call, ...]:
    """The answer to words, with its options as buttons under the last message."""
    session = post.session(place)
    address = _address(post, place)
    message = Message(work.turn, "telegram", session, text, datetime.now(UTC), address)
    found = taken(post.resources, work, message)
    if found.topic == PASSED:
        return ()  # an agent has it: the bot is silent
    if found.topic == forgetting.TOPIC:
        days = post.resources.settings.retention_days
        forgetting.forget(work, post.keyring, post.sessions(place), days=days)
    texts = rendered(found) or told(line("failed"))
    buttons: Keyboard = ()
    if found.options and place.masked:
        texts = (*texts, *told(phrase("numbered", options=_numbered(found.options))))
    elif found.options:
        offered = sessions.read(work, session)
        buttons = keyboards.options(post.keyring, post.whom(place), offered)
    return _replies(place, packed((*before, *texts), MOST, utf16), buttons)


def _address(post: Post, place: Place) -> bytes:
    """Where an agent writes to the person: the chat, in a group below what they wrote."""
    reply = place.message if place.group and place.message else None
    return written(Letterbox(post.channel, post.lane(place), place.chat, place.thread, reply))


def _numbered(options: tuple[Option, ...]) -> str:
    return "\n".join(f"{number}. {option.label}" for number, option in enumerate(options, 1))


def _command(post: Post, work: Work, place: Place, name: str, rest: str) -> tuple[Call, ...]:
    library = post.resources.service.library
    match name:
        case "start":
            return _start(post, place)
        case "help":
            return _replies(place, told(help_text(library, post.resources.settings)))
        case "region":
            return _region(post, work, place, rest)
        case "reset" | "human":
            return _turn(post, work, place, phrase(f"says_{name}"))
        case "sources":
            return _replies(place, told(sources_text(library)))
    known = " ".join(f"/{one}" for one in COMMANDS)
    return _replies(place, told(phrase("unknown_command", name=name, known=known)))


def _start(post: Post, place: Place) -> tuple[Call, ...]:
    """A greeting; where the deployment has no region of its own, with the choice of one."""
    about = privacy_text(post.resources.settings)
    text = f"{hello(post.resources.service.library)}\n{about}"
    if post.resources.service.region:
        return _replies(place, told(text))
    return _region_asked(post, place, f"{text}\n{line('region_ask')}")


def _region_asked(post: Post, place: Place, text: str) -> tuple[Call, ...]:
    """A text that asks for the region, with its choice; without buttons, with what to write."""
    library = post.resources.service.library
    if place.masked:
        ways = "或".join(phrase("region_way", region=name) for name in _known(library))
        return _replies(place, told(f"{text}\n{phrase('region_write', ways=ways)}"))
    keyboard = keyboards.regions(post.keyring, post.whom(place), library)
    return _replies(place, told(text), keyboard)


def _known(library: Library) -> list[str]:
    return [pack.region.name for pack in library.local]


def _region(post: Post, work: Work, place: Place, said: str) -> tuple[Call, ...]:
    """Set the region that is named; without a name, or with one unknown, ask for it."""
    library = post.resources.service.library
    if not said:
        return _region_asked(post, place, line("region_ask"))
    try:
        region = region_id(library, said)
    except InputError:
        known = "、".join(_known(library))
        return _region_asked(post, place, line("region_unknown", said=said[:40], known=known))
    return _settled(post, work, place, region)


def _settled(post: Post, work: Work, place: Place, region: str) -> tuple[Call, ...]:
    placed(work, post.session(place), region)
    name = post.resources.service.library.pack(region).region.name
    return _replies(place, told(line("region_set", region=name)))


def _chosen(post: Post, work: Work, chosen: Chosen) -> tuple[Call, ...]:
    """What a button says, once; one that holds no more is answered with words over the chat."""
    place = chosen.place
    choice = post.name("choice", place.chat, place.message, place.user, chosen.data)
    if receipts.of(work, choice):  # tapped twice, before the buttons were gone
        _note(post, work, chosen, "")
    elif calls := _choice(post, work, chosen):
        receipts.keep(work, choice)
        return calls
    else:
        _note(post, work, chosen, phrase("stale"))
    return ()


def _choice(post: Post, work: Work, chosen: Chosen) -> tuple[Call, ...]:
    """What a button says; nothing where it holds no more."""
    place, library = chosen.place, post.resources.service.library
    session = sessions.read(work, post.session(place))
    whom = post.whom(place)
    region = keyboards.chosen_region(post.keyring, whom, library, chosen.data)
    if region and chosen.html is not None:
        shown = _shown(chosen, library.pack(region).region.name)
        return (*shown, *_settled(post, work, place, region))
    option = keyboards.chosen_option(post.keyring, whom, session, chosen.data)
    if option and chosen.html is not None:
        label, say = option
        return (*_shown(chosen, label), *_turn(post, work, place, say))
    return ()


def _shown(chosen: Chosen, label: str) -> tuple[Call, ...]:
    """The message that asked, with what was chosen in the place of its buttons."""
    (mark,) = told(phrase("chosen", label=label))
    html = f"{chosen.html}\n\n{mark}"
    # A message that was full to the brim takes no more; its buttons go all the same.
    return (Edited(chosen.place.message, html if utf16(html) <= MOST else ""),)


def _replies(place: Place, texts: tuple[str, ...], keyboard: Keyboard = ()) -> tuple[Call, ...]:
    """Messages in their order: in a group the first one is a reply, the last has the buttons."""
    reply = place.message if place.group and place.message else None
    calls = [Sent(text, thread=place.thread) for text in texts]
    calls[0] = structs.replace(calls[0], reply=reply)
    calls[-1] = structs.replace(calls[-1], keyboard=keyboard)
    return tuple(calls)
