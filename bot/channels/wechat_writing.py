"""What somebody is told → the bytes of a reply: the same for every repetition of a callback."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from starlette.responses import Response

from bot.channels.envelopes import seal, signature
from bot.channels.wechat_callbacks import Account, Callback
from bot.channels.wechat_turns import Place
from bot.channels.wechat_xml import Value, as_json, xml
from bot.receipts import Receipt


def reply(
    place: Place, account: Account, callback: Callback, receipt: Receipt, *, silence: str
) -> Response:
    """The reply to a callback, encrypted where it was; `silence` is what says nothing.

    What is random in an envelope is made from the name of the receipt, so that a repetition is
    given the same bytes without anything but the text being kept.
    """
    text = receipt.payload.decode()
    if not text:
        return Response(silence, HTTPStatus.OK, media_type="text/plain")
    incoming = callback.incoming
    fields: dict[str, Value] = {
        "ToUserName": incoming.user,
        "FromUserName": incoming.account,
        "CreateTime": receipt.at,
        "MsgType": "text",
        "Content": text,
    }
    write = as_json if callback.as_json else xml
    body = write(fields)
    if callback.key is not None:
        noise = hashlib.sha256(place.name("noise", receipt.key).encode()).digest()
        sealed = seal(body, callback.key, account.receiver, noise)
        body = write(_enveloped(account.token, sealed, receipt.at, noise))
    media = "application/json" if callback.as_json else "application/xml"
    return Response(body, HTTPStatus.OK, media_type=media)


def _enveloped(token: str, sealed: str, at: int, noise: bytes) -> dict[str, Value]:
    nonce = str(int.from_bytes(noise[16:20], "big"))
    return {
        "Encrypt": sealed,
        "MsgSignature": signature(token, str(at), nonce, sealed),
        "TimeStamp": at,
        "Nonce": nonce,
    }
