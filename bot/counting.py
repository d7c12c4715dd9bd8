"""Where several processes count together: a folder of their own, gone when they are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# prometheus_client reads it when it is imported, so it is set before anything that counts is.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
# Counts are written to mapped files. On a disk that is full that is no error but SIGBUS, the end
# of the process; this lies in memory wherever it is there.
_MEMORY = "/dev/shm"  # noqa: S108 - the folder in it is made as safely as any


@contextmanager
def together() -> Iterator[None]:
    """Have this process and those that it forks count together as long as this lasts."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else None
    with tempfile.TemporaryDirectory(prefix="yiwentong-counts-", dir=memory) as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            os.environ.pop(SHARED, None)
