"""The program with a clock that can be set: SIGUSR1 sets it a day on, SIGUSR2 an hour back."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta

import time_machine

from bot.cli import main

# A conversation is kept for a day to the second: a minute more, and it is over.
_JUMPS = {
    signal.SIGUSR1: timedelta(days=1, minutes=1),
    signal.SIGUSR2: timedelta(hours=-1),
}

if __name__ == "__main__":
    # As with a real clock that is set, what counts from a start (monotonic) does not jump.
    traveller = time_machine.travel(datetime.now(UTC), tick=True).start()
    for number, jump in _JUMPS.items():
        signal.signal(number, lambda _number, _frame, by=jump: traveller.shift(by))
    main(prog_name="yiwentong")
