"""Every fault there is, in the order in which they are tried."""

from __future__ import annotations

from faults import away, disk, killing
from faults.outcome import Case

CASES = (
    Case("kill-worker", killing.worker),
    Case("kill-program", killing.program),
    Case("postgresql", away.database),
    Case("redis", away.memory),
    Case("disk", disk.full),
)
