"""The fields of a callback → what somebody sent or did, on WeChat and WeCom alike."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.channels.wechat_wording import asks_for_more, is_unsupported

# Kinds of messages that are answered with the sentence of their name.
_SENTENCES = {
    "image": "image",
    "video": "video",
    "shortvideo": "video",
    "location": "location",
    "link": "link",
    "file": "file",
}
# Events that a person is answered to; the others only tell that something happened.
_ANSWERED = frozenset({"subscribe", "unsubscribe", "scan", "click", "enter_agent"})
EVENT = "event:"  # in front of the kind of an event
_LONGEST = 256  # characters of a name or a number; the platform's have some tens


class FieldError(Exception):
    """A callback that lacks a field every one has, or has one that cannot be."""


class Incoming(Struct, frozen=True):
    """What somebody sent or did.

    `account` and `user` are who it is for and from; `kind` is the type of the message, or the
    event with `event:` in front; `text` what was written or said, None where there is no text;
    `key` what an event carries. `identity` tells it from every other one.
    """

    account: str
    user: str
    kind: str
    text: str | None
    key: str
    identity: tuple[str, ...]
    agent: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether anything is to be done about it."""
        event = self.kind.removeprefix(EVENT)
        return event == self.kind or event in _ANSWERED

    @property
    def leaves(self) -> bool:
        """Whether the person wants to be forgotten."""
        return self.kind == EVENT + "unsubscribe"

    @property
    def asks(self) -> bool:
        """Whether it goes on with the conversation, so that its place in it matters."""
        if (text := self.question) is not None:
            return not asks_for_more(text)
        return self.kind == EVENT + "click"

    @property
    def sentence(self) -> str:
        """The name of the sentence that answers a message without text."""
        if self.kind == "voice":
            # The platform leaves the field out where recognition is off for the account, and
            # leaves it empty where it made nothing of it.
            return "voice_none" if self.text is None else "voice"
        if self.kind == "text":
            return "sticker"
        return _SENTENCES.get(self.kind, "other")

    @property
    def question(self) -> str | None:
        """What was asked in words, if anything was."""
        if self.kind == "text" and self.text is not None and not is_unsupported(self.text):
            return self.text
        return self.text if self.kind == "voice" and (self.text or "").strip() else None


def incoming_of(fields: Mapping[str, str]) -> Incoming:
    """What the fields of a callback tell. Raises FieldError."""
    account, user = _name(fields, "ToUserName"), _name(fields, "FromUserName")
    created, kind = _number(fields, "CreateTime"), _name(fields, "MsgType").lower()
    agent = fields.get("AgentID", "")
    if kind == "event":
        event, key = _name(fields, "Event"), fields.get("EventKey", "")
        # Events have no id.
        happened = (account, user, created, event, key)
        return Incoming(account, user, EVENT + event.lower(), None, key, happened, agent)
    # Ids of different people collide, so the person belongs to the identity.
    identity = (account, user, _number(fields, "MsgId"))
    text = fields.get("Recognition" if kind == "voice" else "Content")
    if kind == "text" and text is None:
        raise FieldError
    return Incoming(account, user, kind, text, "", identity, agent)


def _name(fields: Mapping[str, str], name: str) -> str:
    found = fields.get(name, "")
    if not found.strip() or len(found) > _LONGEST or not found.isprintable():
        raise FieldError
    return found


def _number(fields: Mapping[str, str], name: str) -> str:
    found = fields.get(name, "").strip()
    if not (found.isascii() and found.isdigit() and len(found) <= _LONGEST):
        raise FieldError
    return found
