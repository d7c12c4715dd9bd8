"""A Redis server that holds conversations and receipts, for several machines to share.

A conversation is a hash under `yiwentong:session:ID`, a receipt its time under
`yiwentong:receipt:KEY` and, for as long as it may be asked for, its payload under
`yiwentong:reply:KEY`. All of them expire by themselves. The keys of one work are written by one
script, so the server is one, with replicas or without, and not a cluster.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from bot.breaker import Breaker
from bot.clock import seconds
from bot.errors import StoreError
from bot.shelves import IDLE, KEPT, READABLE, Kept, Moved, Reply
from bot.terminal import tell

PREFIX = "yiwentong:"
_PATIENCE = 1.0  # seconds that an answer of the server is waited for
_ANY = "*"
# KEYS: the conversations, then receipts, two keys each. ARGV: how many conversations, the mark of
# this writing, the seconds that each kind is kept; of each conversation the version that was read
# (* for any) and the new one (empty: it is dropped), state and time; of each receipt its time and
# payload. Returns 1 where all of it was kept, also by the same writing sent before, else 0.
_SCRIPT = """
local n, mark = tonumber(ARGV[1]), ARGV[2]
local idle, kept, readable = ARGV[3], ARGV[4], ARGV[5]
local a = 6
for i = 1, n do
  local found = redis.call('HMGET', KEYS[i], 'version', 'mark')
  if found[2] == mark then return 1 end
  if ARGV[a] ~= '*' and (found[1] or '0') ~= ARGV[a] then return 0 end
  a = a + 4
end
for i = n + 1, #KEYS, 2 do
  local found = redis.call('GET', KEYS[i])
  if found then return string.find(found, mark, 1, true) and 1 or 0 end
end
a = 6
for i = 1, n do
  if ARGV[a + 1] == '' then
    redis.call('DEL', KEYS[i])
  else
    redis.call('HSET', KEYS[i], 'version', ARGV[a + 1], 'state', ARGV[a + 2], 'seen', ARGV[a + 3],
      'mark', mark)
    redis.call('EXPIRE', KEYS[i], idle)
  end
  a = a + 4
end
for i = n + 1, #KEYS, 2 do
  redis.call('SET', KEYS[i], ARGV[a] .. ' ' .. mark, 'EX', kept)
  if ARGV[a + 1] ~= '' then redis.call('SET', KEYS[i + 1], ARGV[a + 1], 'EX', readable) end
  a = a + 2
end
return 1
"""


class Memory:
    """A Redis server; opened once a process. Raises StoreError wherever it is out of reach."""

    def __init__(self, url: str) -> None:
        from redis import Redis, RedisError
        from redis.backoff import NoBackoff
        from redis.exceptions import ConnectionError as AwayError
        from redis.retry import Retry

        self._error = RedisError
        # A connection that the server has closed meanwhile is made anew, once.
        self._client = Redis.from_url(
            url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 1),
            retry_on_error=[AwayError],
        )
        self._script = self._client.register_script(_SCRIPT)
        self.breaker = Breaker("redis", self._mended)
        self.back: Callable[[], None] = lambda: None  # what is done once it is back
        options = self._client.connection_pool.connection_kwargs
        self.where = f"redis://{options.get('host', '')}:{options.get('port', '')}"

    def session(self, id_: str) -> Kept | None:
        """The conversation of an id."""
        with self._told():
            found = self._client.hmget(_session(id_), ["state", "version", "seen"])
        state, version, seen = cast("list[bytes | None]", found)
        if state is None or version is None or seen is None:
            return None
        return Kept(state, int(version), int(seen))

    def receipt(self, key: str) -> Reply | None:
        """The receipt of a key."""
        with self._told():
            found = self._client.mget(_receipt(key), _reply(key))
        at, payload = cast("list[bytes | None]", found)
        return None if at is None else Reply(payload or b"", int(at.partition(b" ")[0]))

    def write(
        self,
        sessions: Mapping[str, tuple[str, Kept | None]],
        receipts: Mapping[str, Reply],
    ) -> bool:
        """Keep all of it, or nothing; False where something is not what was read.

        A conversation comes with the version that must be there, or * for any; None drops it.
        """
        keys = [_session(id_) for id_ in sessions]
        values: list[str | int | bytes] = [len(keys), secrets.token_hex(8), IDLE, KEPT, READABLE]
        for expected, kept in sessions.values():
            values += [expected, *_fields(kept)]
        for key, reply in receipts.items():
            keys += [_receipt(key), _reply(key)]
            values += [reply.at, reply.payload]
        with self._told():
            return bool(self._script(keys, values))

    @property
    def is_away(self) -> bool:
        """Whether the server is taken to be out of reach."""
        return self.breaker.is_open

    def is_ready(self) -> bool:
        """Whether the server answers, and takes what is written."""
        try:
            self._write_anything()
        except StoreError:
            return False
        return True

    def _write_anything(self) -> None:
        with self._told():
            self._client.set(f"{PREFIX}ready", seconds(), ex=60)

    def _mended(self) -> None:
        self._client.connection_pool.disconnect()
        self._write_anything()
        self.back()

    def close(self) -> None:
        """Give the connections back."""
        self.breaker.close()
        self._client.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        if self.is_away:
            raise StoreError(self.where, tell("store_away"))
        try:
            yield
        except self._error as error:
            self.breaker.failed(error)
            raise StoreError(self.where, str(error) or type(error).__name__) from error


class Pending:
    """A shelf in Redis: what a work puts there is written by `commit`, all of it or nothing."""

    blind = False

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._sessions: dict[str, tuple[str, Kept | None]] = {}
        self._receipts: dict[str, Reply] = {}

    def session(self, id_: str) -> Kept | None:
        """The conversation of an id, as this work has left it."""
        if id_ in self._sessions:
            return self._sessions[id_][1]
        return self._memory.session(id_)

    def put_session(self, id_: str, kept: Kept) -> bool:
        """Keep a conversation; False where this work has left it at another version."""
        before = kept.version - 1
        expected, now = self._sessions.get(id_, (str(before), None))
        if now is not None and now.version != before:
            return False
        self._sessions[id_] = (expected, kept)
        return True

    def drop_session(self, id_: str) -> bool:
        """Drop a conversation; whether there was one."""
        there = self.session(id_) is not None
        self._sessions[id_] = (_ANY, None)
        return there

    def move_session(self, old: str, new: str) -> None:
        """Give a conversation another id, unless one has it."""
        found = self.session(old)
        if found is None:
            return
        if self.session(new) is None:
            self._sessions[new] = ("0", found)
        self._sessions[old] = (str(found.version), None)

    def receipt(self, key: str) -> Reply | None:
        """The receipt of a key."""
        return self._receipts.get(key) or self._memory.receipt(key)

    def put_receipt(self, key: str, reply: Reply) -> None:
        """Keep the receipt of a key; where there is one already, `commit` refuses."""
        self._receipts[key] = reply

    def commit(self) -> None:
        """Write what was put here. Raises Moved where something else was written meanwhile."""
        if not self._sessions and not self._receipts:
            return
        if not self._memory.write(self._sessions, self._receipts):
            raise Moved


def _session(id_: str) -> str:
    return f"{PREFIX}session:{id_}"


def _receipt(key: str) -> str:
    return f"{PREFIX}receipt:{key}"


def _reply(key: str) -> str:
    return f"{PREFIX}reply:{key}"


def _fields(kept: Kept | None) -> tuple[Any, Any, Any]:
    return ("", "", "") if kept is None else (kept.version, kept.state, kept.seen)
