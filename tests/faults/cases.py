"""Every fault there is, in the order in which they are tried."""

from __future__ import annotations

from faults import away, clocks, crowds, disk, ending, floods, killing, reloads, slowness
from faults.outcome import Case

CASES = (
    Case("kill-worker", killing.worker),
    Case("kill-program", killing.program),
    Case("postgresql", away.database),
    Case("redis", away.memory),
    Case("quota", disk.quota),
    Case("disk", disk.full),
    Case("clock", clocks.jumps),
    Case("sessions", crowds.sessions),
    Case("slow", slowness.slow),
    Case("drain", ending.drains),
    Case("reload", reloads.reloads),
    Case("flood", floods.floods),
    Case("soak", crowds.soak),
)
