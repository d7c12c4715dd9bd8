"""Token buckets that several processes share, in Redis: the same reckoning as in `buckets`."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.buckets import MINUTE

_PATIENCE = 0.25  # seconds: a limit is not worth waiting longer for
# One number a bucket, the microsecond at which it is full again, by the clock of the server; it
# expires at that moment. One that is full later than can be was kept by a clock that has been set
# back since, and nobody waits for that. Returns the microseconds to wait, 0 where a token was
# taken.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each, minute = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
if full > now + minute + each then full = now end
local late = full + each - now - minute
if late > each / 1000 then return late end
if ARGV[3] == '1' then
  redis.call('SET', KEYS[1], string.format('%d', full + each),
    'PX', math.ceil((full + each - now) / 1000))
end
return 0
"""
_MILLION = 1_000_000


class UnsharedError(Exception):
    """Redis does not answer; only the kind of the error is told, its words may hold an address."""


class SharedBuckets:
    """The buckets of a Redis server; belongs to the event loop that asks first."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._script = self._redis.register_script(_SCRIPT)

    async def wait(self, name: str, per_minute: int, *, spend: bool = True) -> float:
        """As `Buckets.wait`. Raises UnsharedError."""
        values = [_MILLION * MINUTE / per_minute, _MILLION * MINUTE, int(spend)]
        try:
            found: int = await self._script(keys=[name], args=values)
        except (RedisError, OSError, ValueError) as error:
            raise UnsharedError(type(error).__name__) from error
        return found / _MILLION

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()
