"""An update of Telegram → what somebody did: said something, gave a command, chose an option.

What is not meant for the bot comes to None: channels, service messages, and in a group every
message that neither names it nor replies to it.
"""

from __future__ import annotations

import re

from msgspec import Struct
from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import ChatType
from telegram.ext.filters import StatusUpdate

# What is asked of Telegram; everything else is never sent.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_COMMAND = re.compile(r"[/／]([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)
_BOUND = 2**63
_AWAY = frozenset({"left", "kicked"})
_IN = frozenset({"member", "administrator"})
# Which sentence answers an attachment; a GIF is a document too, so it is looked for first.
_ATTACHED = (
    ("photo", "image"),
    ("animation", "video"),
    ("video", "video"),
    ("video_note", "video"),
    ("voice", "voice_none"),
    ("audio", "voice_none"),
    ("document", "file"),
    ("sticker", "sticker"),
    ("dice", "sticker"),
    ("venue", "location"),
    ("location", "location"),
    ("contact", "contact"),
)


class Me(Struct, frozen=True):
    """The bot itself; its name is not known before Telegram told it."""

    id: int
    name: str | None = None


class Place(Struct, frozen=True):
    """Where something was said: the chat, by whom, in which message, in which thread of a group.

    `masked` is who speaks in the name of a group or a channel: their buttons are tapped by
    somebody else, as far as Telegram tells. Raises ValueError for numbers past 64 bits, which
    Telegram does not give and nobody could answer to.
    """

    chat: int
    user: int
    message: int
    group: bool = False
    thread: int | None = None
    masked: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no number of Telegram's."""
        numbers = (self.chat, self.user, self.message, self.thread or 0)
        if any(abs(number) >= _BOUND for number in numbers):
            raise ValueError


class Said(Struct, frozen=True):
    """A message in words; `attached` where it stood under something that cannot be read."""

    place: Place
    text: str
    attached: bool = False


class Command(Struct, frozen=True):
    """A command, and what stood behind it."""

    place: Place
    name: str
    rest: str = ""


class Unread(Struct, frozen=True):
    """Something without words; `kind` names the sentence for it, `album` what it is a part of."""

    place: Place
    kind: str
    album: str | None = None


class Chosen(Struct, frozen=True):
    """A button that was tapped; `html` is the message it stands under, None if out of reach."""

    place: Place
    query: str
    data: str
    html: str | None = None


class Added(Struct, frozen=True):
    """The bot was put into a group."""

    place: Place


Heard = Said | Command | Unread | Chosen | Added


def heard(update: Update, me: Me) -> Heard | None:
    """What an update is about; None for one that is not answered."""
    if update.callback_query:
        return _chosen(update.callback_query)
    if update.my_chat_member:
        return _added(update.my_chat_member)
    if update.message:
        return _message(update.message, me)
    if edited := update.edited_message:
        # A position that moves is an edit every few seconds; only words are answered anew.
        return _message(edited, me) if edited.text else None
    return None


def named(update: Update) -> bool:
    """Whether the name of the bot must be known to tell what an update is about."""
    message = update.message or update.edited_message
    # An update may hold anything, also a message of no chat, or of one whose kind is no word.
    kind = getattr(message.chat, "type", None) if message else None
    return isinstance(kind, str) and kind in _GROUPS


def _message(message: Message, me: Me) -> Heard | None:
    place = _place(message)
    text = message.text or message.caption or ""
    if place is None or (place.group and not _addressed(message, me)):
        return None
    if not message.caption and _is_attachment(message):
        return Unread(place, _kind(message), message.media_group_id)
    if not text:
        return None
    words = clean(_unnamed(message, me)).strip()
    if (found := _COMMAND.fullmatch(words)) and not message.caption:
        name, aim, rest = found.groups()
        ours = aim is None or aim.casefold() == (me.name or aim).casefold()
        return Command(place, name.casefold(), (rest or "").strip()) if ours else None
    if not words:
        return Command(place, "help")
    return Said(place, words, attached=message.caption is not None)


def _place(message: Message) -> Place | None:
    """Where a person said something; None for channels and other programs."""
    if message.chat.type not in {ChatType.PRIVATE, *_GROUPS} or message.is_automatic_forward:
        return None
    # Who speaks in the name of a group or a channel has one shared user as sender.
    who = message.sender_chat or message.from_user
    if who is None or (message.sender_chat is None and getattr(who, "is_bot", False)):
        return None
    thread = message.message_thread_id if message.is_topic_message else None
    group = message.chat.type in _GROUPS
    masked = message.sender_chat is not None
    return Place(message.chat.id, who.id, message.message_id, group, thread, masked)


def _addressed(message: Message, me: Me) -> bool:
    """Whether a message of a group is meant for the bot."""
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == me.id:
        return True
    text, entities = _marked(message)
    if any(_names(text, entity, me) for entity in entities):
        return True
    found = _COMMAND.fullmatch(text.strip())
    return bool(found and found[2] and me.name and found[2].casefold() == me.name.casefold())


def _marked(message: Message) -> tuple[str, tuple[MessageEntity, ...]]:
    if message.text:
        return message.text, tuple(message.entities)
    return message.caption or "", tuple(message.caption_entities)


def _names(text: str, entity: MessageEntity, me: Me) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntity.MENTION or me.name is None:
        return False
    start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
    raw = text.encode("utf-16-le", "surrogatepass")[start:end]
    return raw.decode("utf-16-le", "replace").casefold() == f"@{me.name}".casefold()


def _unnamed(message: Message, me: Me) -> str:
    """The words of a message without the name of the bot; offsets count UTF-16 units."""
    text, entities = _marked(message)
    raw = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda one: one.offset, reverse=True):
        if _names(text, entity, me):
            raw = raw[: 2 * entity.offset] + raw[2 * (entity.offset + entity.length) :]
    return raw.decode("utf-16-le", "surrogatepass")


def clean(text: str) -> str:
    """A text that UTF-8 can hold: half a surrogate pair is nothing that can be sent back."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_attachment(message: Message) -> bool:
    """Whether a message without a caption is something else than words, known or not.

    The library knows no checklist as an attachment; in a private chat, what neither has words nor
    is said by Telegram itself can only be something newer than the library.
    """
    if message.effective_attachment is not None or message.checklist is not None:
        return True
    update = Update(0, message=message)
    private = message.chat.type == ChatType.PRIVATE
    return private and not message.text and not StatusUpdate.ALL.filter(update)


def _kind(message: Message) -> str:
    found = (kind for name, kind in _ATTACHED if getattr(message, name))
    return next(found, "other")


def _chosen(query: CallbackQuery) -> Chosen | None:
    message = query.message
    if message is None:
        return Chosen(Place(query.from_user.id, query.from_user.id, 0), query.id, "")
    read = message if isinstance(message, Message) else None
    thread = read.message_thread_id if read and read.is_topic_message else None
    group = message.chat.type in _GROUPS
    place = Place(message.chat.id, query.from_user.id, message.message_id, group, thread)
    html = clean(read.text_html) if read and read.text else None
    return Chosen(place, query.id, query.data or "", html)


def _added(change: ChatMemberUpdated) -> Added | None:
    came = change.old_chat_member.status in _AWAY and change.new_chat_member.status in _IN
    if not came or change.chat.type not in _GROUPS:
        return None
    return Added(Place(change.chat.id, change.from_user.id, 0, group=True))
