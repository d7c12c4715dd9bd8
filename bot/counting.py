"""Where several processes count together: a folder of their own, gone when they are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# prometheus_client reads it when it is imported, so it is set before anything that counts is.
SHARED = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def together() -> Iterator[None]:
    """Have this process and those that it forks count together as long as this lasts."""
    with tempfile.TemporaryDirectory(prefix="yiwentong-counts-") as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            os.environ.pop(SHARED, None)
