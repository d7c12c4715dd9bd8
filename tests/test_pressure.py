"""Work is done in time, or refused in time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest

from bot.channels.pressure import CrowdedError, Pressure


@pytest.fixture
def pressure() -> Iterator[Pressure]:
    """One thread, room for two."""
    made = Pressure(threads=1, room=2)
    yield made
    made.close()


def test_work_comes_to_something(pressure: Pressure) -> None:
    """Its result, or its error."""
    assert asyncio.run(pressure.within(5, lambda: 3)) == 3
    with pytest.raises(ZeroDivisionError):
        asyncio.run(pressure.within(5, lambda: 1 // 0))


def test_what_takes_too_long_is_refused(pressure: Pressure) -> None:
    """What had begun goes on; what had not is never begun; then there is room again."""
    held, began = Event(), []

    async def crowd() -> list[BaseException | object]:
        works = [lambda: held.wait(10), lambda: began.append(2), lambda: began.append(3)]
        found = await asyncio.gather(
            *(pressure.within(0.05, one) for one in works), return_exceptions=True
        )
        held.set()
        return list(found)

    assert [type(one) for one in asyncio.run(crowd())] == [CrowdedError] * 3
    patient = Pressure(threads=1, room=1)
    assert asyncio.run(patient.within(10, lambda: held.wait(10)))
    patient.close()
    assert began == []
