"""Token buckets: so many at once, then as fast as they fill; in bounded memory."""

from __future__ import annotations

import pytest

from bot.buckets import MINUTE, ROOM, Buckets


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


def test_a_full_bucket_gives_its_tokens_at_once(clock: Clock) -> None:
    """Then it is told how long the next one takes, and that is true."""
    buckets = Buckets(clock=clock)
    assert [buckets.wait("a", 3) for _ in range(3)] == [0, 0, 0]
    late = buckets.wait("a", 3)

    assert late == pytest.approx(MINUTE / 3)
    clock.now += late
    assert buckets.wait("a", 3) == 0
    assert buckets.wait("a", 3) > 0


def test_a_refusal_costs_nothing(clock: Clock) -> None:
    """Who goes on asking while told to wait does not wait the longer for it."""
    buckets = Buckets(clock=clock)
    waits = [buckets.wait("a", 2) for _ in range(50)]

    assert waits[-1] == waits[2] == pytest.approx(MINUTE / 2)


def test_looking_takes_no_token(clock: Clock) -> None:
    """And says the same as taking would."""
    buckets = Buckets(clock=clock)
    assert [buckets.wait("a", 1, spend=False) for _ in range(9)] == [0] * 9
    buckets.wait("a", 1)

    assert buckets.wait("a", 1, spend=False) == pytest.approx(MINUTE)


def test_names_have_buckets_of_their_own(clock: Clock) -> None:
    """What one spends another one has."""
    buckets = Buckets(clock=clock)
    buckets.wait("a", 1)

    assert buckets.wait("b", 1) == 0


def test_a_flood_of_names_is_forgotten_and_who_goes_on_is_not(clock: Clock) -> None:
    """A million addresses in a minute: memory is bounded, who asks too often is still known."""
    buckets = Buckets(clock=clock)
    for _ in range(5):
        buckets.wait("often", 5)
    for number in range(1_000_000):
        buckets.wait(f"2001:db8::{number:x}", 5)
        if number % 1000 == 0:
            assert buckets.wait("often", 5) > 0
            assert len(buckets) <= 2 * ROOM

    assert len(buckets) <= 2 * ROOM


def test_what_is_full_again_is_dropped(clock: Clock) -> None:
    """After a minute or two of other names nothing is left of who went away."""
    buckets = Buckets(clock=clock)
    for number in range(1000):
        buckets.wait(str(number), 5)
    for _ in range(3):
        clock.now += MINUTE
        buckets.wait("a", 5)

    assert len(buckets) <= 2
