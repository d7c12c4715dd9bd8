"""The accounts that a deployment has at platforms, from its settings.

A value that is a secret may also lie in a file: YIWENTONG_TELEGRAM_TOKEN_FILE names it. No account
shows its values where it is printed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bot.errors import SettingError
from bot.terminal import tell

PREFIX = "YIWENTONG_"
# The settings that are secrets, and so may lie in a file.
SECRETS = (
    "SECRET",
    "DATABASE_URL",  # the address of a server holds its password
    "REDIS_URL",
    "ADMIN_TOKEN",
    "TELEGRAM_TOKEN",
    "TELEGRAM_WEBHOOK_SECRET",
    "WECHAT_TOKEN",
    "WECHAT_AES_KEY",
    "WECHAT_AES_KEY_PREVIOUS",
    "WECHAT_APP_SECRET",
    "WECOM_TOKEN",
    "WECOM_AES_KEY",
    "WECOM_AES_KEY_PREVIOUS",
    "WECOM_APP_SECRET",
    "MCP_TOKEN",
)
KEYS = (
    *SECRETS,
    "TELEGRAM_API",
    "TELEGRAM_WEBHOOK_URL",
    "WECHAT_APP_ID",
    "WECHAT_API",
    "WECOM_CORP_ID",
    "WECOM_AGENT_ID",
    "WECOM_API",
)
_TELEGRAM_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,100}")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLATFORM_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_URL = re.compile(r"https?://[^\s\"'<>?#]+")
_BEARER = re.compile(r"[\x21-\x7e]{16,256}")
_AGENT = re.compile(r"\d{1,12}")
_LEAST = 16  # characters of a secret of our own
_TELEGRAM_API = "https://api.telegram.org"
_WECHAT_API = "https://api.weixin.qq.com"
_WECOM_API = "https://qyapi.weixin.qq.com"
# Which sentence says how each is written.
_MEND = {
    "TELEGRAM_TOKEN": "setting_telegram_token",
    "TELEGRAM_WEBHOOK_SECRET": "setting_webhook_secret",
    "WECHAT_TOKEN": "setting_platform_token",
    "WECHAT_AES_KEY": "setting_aes_key",
    "WECHAT_APP_ID": "setting_word",
    "WECHAT_APP_SECRET": "setting_word",
    "WECOM_TOKEN": "setting_platform_token",
    "WECOM_AES_KEY": "setting_aes_key",
    "WECOM_CORP_ID": "setting_word",
    "WECOM_APP_SECRET": "setting_word",
    "WECOM_AGENT_ID": "setting_agent",
    "MCP_TOKEN": "setting_bearer",
    "ADMIN_TOKEN": "setting_bearer",
}


class Account(Struct, frozen=True):
    """An account at a platform; what it holds is not shown."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class TelegramAccount(Account, frozen=True):
    """A bot at Telegram: its token, where the Bot API is, and where Telegram calls, if it does."""

    token: str
    api: str = _TELEGRAM_API
    webhook_url: str | None = None
    webhook_secret: str | None = None


class WeChatAccount(Account, frozen=True):
    """An official account; without a key messages come in the clear.

    `keys` are the present AES key and the one before it. With `app_secret` the interfaces of the
    platform can be called: customer-service messages, the menu.
    """

    token: str
    app_id: str = ""
    keys: tuple[bytes, ...] = ()
    app_secret: str | None = None
    api: str = _WECHAT_API


class WeComAccount(Account, frozen=True):
    """A self-built application of a company; `keys` as of an official account.

    With `app_secret` and `agent_id` longer answers go out by application message.
    """

    token: str
    corp_id: str
    keys: tuple[bytes, ...]
    app_secret: str | None = None
    agent_id: int | None = None
    api: str = _WECOM_API


class Accounts(Account, frozen=True):
    """Every account that there is; `mcp_token` lets assistants in over HTTP."""

    telegram: TelegramAccount | None = None
    wechat: WeChatAccount | None = None
    wecom: WeComAccount | None = None
    mcp_token: str | None = None

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms where there is an account."""
        named = {"telegram": self.telegram, "wechat": self.wechat, "wecom": self.wecom}
        return tuple(name for name, account in named.items() if account)


def from_files(values: Mapping[str, str]) -> dict[str, str]:
    """The secrets that lie in files, by their keys without prefix. Raises SettingError."""
    return {
        key: _in_file(f"{PREFIX}{key}_FILE", values[f"{PREFIX}{key}_FILE"].strip())
        for key in SECRETS
        if values.get(f"{PREFIX}{key}_FILE", "").strip()
    }


def _in_file(key: str, path: str) -> str:
    try:
        text = Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(key, path, tell("setting_secret_file")) from error
    if not text:
        raise SettingError(key, path, tell("setting_secret_file"))
    return text


def secret_of(said: Mapping[str, str]) -> str | None:
    """The secret of the deployment. Raises SettingError for one that can be guessed."""
    text = said.get("SECRET")
    if text is not None and len(text) < _LEAST:
        raise _refused("SECRET", tell("setting_secret", least=_LEAST))
    return text


def admin_token_of(said: Mapping[str, str]) -> str | None:
    """What lets in who keeps the server. Raises SettingError for one that cannot be sent."""
    return _fitting(said, "ADMIN_TOKEN", _BEARER)


def accounts_of(said: Mapping[str, str]) -> Accounts:
    """The accounts that the settings speak of. Raises SettingError; it never shows a secret."""
    return Accounts(
        _telegram(said), _wechat(said), _wecom(said), _fitting(said, "MCP_TOKEN", _BEARER)
    )


def _telegram(said: Mapping[str, str]) -> TelegramAccount | None:
    token = _fitting(said, "TELEGRAM_TOKEN", _TELEGRAM_TOKEN)
    if token is None:
        return None
    return TelegramAccount(
        token,
        _api(said, "TELEGRAM_API", _TELEGRAM_API),
        _address(said, "TELEGRAM_WEBHOOK_URL"),
        _fitting(said, "TELEGRAM_WEBHOOK_SECRET", _WEBHOOK_SECRET),
    )


def _wechat(said: Mapping[str, str]) -> WeChatAccount | None:
    token = _fitting(said, "WECHAT_TOKEN", _PLATFORM_TOKEN)
    if token is None:
        return None
    keys = _keys(said, "WECHAT_AES_KEY")
    app_id = _fitting(said, "WECHAT_APP_ID", _WORD)
    secret = _fitting(said, "WECHAT_APP_SECRET", _WORD)
    if (keys or secret) and app_id is None:
        raise _lacking("WECHAT_APP_ID", "WECHAT_AES_KEY" if keys else "WECHAT_APP_SECRET")
    return WeChatAccount(token, app_id or "", keys, secret, _api(said, "WECHAT_API", _WECHAT_API))


def _wecom(said: Mapping[str, str]) -> WeComAccount | None:
    token = _fitting(said, "WECOM_TOKEN", _PLATFORM_TOKEN)
    if token is None:
        return None
    corp = _fitting(said, "WECOM_CORP_ID", _WORD)
    keys = _keys(said, "WECOM_AES_KEY")
    if corp is None or not keys:
        raise _lacking("WECOM_AES_KEY" if corp else "WECOM_CORP_ID", "WECOM_TOKEN")
    agent = _fitting(said, "WECOM_AGENT_ID", _AGENT)
    secret = _fitting(said, "WECOM_APP_SECRET", _WORD)
    if secret is not None and agent is None:
        raise _lacking("WECOM_AGENT_ID", "WECOM_APP_SECRET")
    number = int(agent) if agent else None
    return WeComAccount(token, corp, keys, secret, number, _api(said, "WECOM_API", _WECOM_API))


def _keys(said: Mapping[str, str], key: str) -> tuple[bytes, ...]:
    """The AES key of this setting and the one before it, as bytes."""
    return tuple(
        _decoded(name, found)
        for name in (key, f"{key}_PREVIOUS")
        if (found := _fitting(said, name, _AES_KEY))
    )


def _decoded(key: str, text: str) -> bytes:
    try:
        return base64.b64decode(f"{text}=", validate=True)
    except binascii.Error as error:
        raise _refused(key, tell(_MEND[key.removesuffix("_PREVIOUS")])) from error


def _fitting(said: Mapping[str, str], key: str, form: re.Pattern[str]) -> str | None:
    """The value of a setting. Raises SettingError for one that cannot be it."""
    text = said.get(key)
    if text is not None and not form.fullmatch(text):
        raise _refused(key, tell(_MEND[key.removesuffix("_PREVIOUS")]))
    return text


def _address(said: Mapping[str, str], key: str) -> str | None:
    text = said.get(key)
    if text is not None and not _URL.fullmatch(text):
        raise SettingError(PREFIX + key, text, tell("setting_url"))
    return text.rstrip("/") if text else None


def _api(said: Mapping[str, str], key: str, otherwise: str) -> str:
    return _address(said, key) or otherwise


def _refused(key: str, mend: str) -> SettingError:
    """A secret that cannot be used; it is not shown."""
    return SettingError(PREFIX + key, tell("setting_hidden"), mend)


def _lacking(key: str, because: str) -> SettingError:
    return SettingError(
        PREFIX + key, tell("setting_none"), tell("setting_lacking", because=PREFIX + because)
    )
