"""What people do on Telegram, as updates: they write, tap, edit, send pictures."""

from __future__ import annotations

import itertools
import time
from typing import Any

from telegram_api import BOT, units

Json = dict[str, Any]
ANN, BOB = 111_222_333, 444_555_666
GROUP = -1_009_876_543
_numbers = itertools.count(7_000_001)


def update(**parts: Any) -> Json:
    """An update with a number of its own."""
    return {"update_id": next(_numbers), **parts}


def message(user: int = ANN, chat: int | None = None, **parts: Any) -> Json:
    """A message without its words."""
    where = user if chat is None else chat
    kind = "private" if where > 0 else "supergroup"
    return {
        "message_id": next(_numbers),
        "date": int(time.time()),
        "chat": {"id": where, "type": kind},
        "from": {"id": user, "is_bot": False, "first_name": "甲"},
        **parts,
    }


def says(text: str, user: int = ANN, chat: int | None = None, **parts: Any) -> Json:
    """Somebody writes; commands and names are marked as Telegram marks them."""
    words: Json = {"text": text, "entities": marks(text)}
    return update(message=message(user, chat, **(words | parts)))


def marks(text: str) -> list[Json]:
    """The entities of the bot's name in a text."""
    name = f"@{BOT['username']}"
    at = text.lower().find(name)
    if at < 0 or text.startswith("/"):
        return []
    return [{"type": "mention", "offset": units(text[:at]), "length": len(name)}]


def shows(user: int = ANN, chat: int | None = None, **parts: Any) -> Json:
    """Somebody sends something without words."""
    return update(message=message(user, chat, **parts))


def taps(under: Json, label: str, user: int = ANN, **parts: Any) -> Json:
    """Somebody taps the button of this label under a message of the bot."""
    buttons = itertools.chain(*under["reply_markup"]["inline_keyboard"])
    data = next(button["callback_data"] for button in buttons if button["text"] == label)
    return sends(under, data, user, **parts)


def sends(under: Json | None, data: str, user: int = ANN) -> Json:
    """A tap with data of somebody's own making."""
    number = next(_numbers)
    query: Json = {
        "id": str(number),
        "from": {"id": user, "is_bot": False, "first_name": "甲"},
        "chat_instance": "1",
        "data": data,
    }
    if under:
        query["message"] = under
    return update(callback_query=query)


def joins(old: str, new: str, chat: int = GROUP) -> Json:
    """The bot is put into a chat or out of it."""
    kind = "private" if chat > 0 else "supergroup"
    return update(
        my_chat_member={
            "chat": {"id": chat, "type": kind},
            "from": {"id": ANN, "is_bot": False, "first_name": "甲"},
            "date": int(time.time()),
            "old_chat_member": {"user": BOT, "status": old, **_until(old)},
            "new_chat_member": {"user": BOT, "status": new, **_until(new)},
        }
    )


def _until(status: str) -> Json:
    return {"until_date": 0} if status == "kicked" else {}
