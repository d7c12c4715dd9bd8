"""Inputs for a target without atheris: made of its pieces and its seeds, and of anything else."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fuzzing.targets import Target


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Bytes as they may come: pieces side by side, seeds with something put into them, noise."""
    piece = st.one_of(st.sampled_from(target.pieces), st.binary(max_size=8), st.text().map(_raw))
    pieces = st.lists(piece, max_size=12).map(b"".join)
    put = st.tuples(st.sampled_from(target.seeds), st.integers(0, 4000), st.integers(0, 40), pieces)
    return st.one_of(pieces, put.map(lambda one: _put(*one)), st.binary(max_size=200))


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _put(raw: bytes, at: int, gone: int, more: bytes) -> bytes:
    """A seed with something in the place of some of its bytes."""
    at %= len(raw) + 1
    return raw[:at] + more + raw[at + gone :]


def tried(target: Target, examples: int, number: int = 0) -> None:
    """Try a target with so many inputs, the same ones for the same number."""
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=quiet,
        phases=[Phase.generate, Phase.shrink],
    )
    @given(inputs(target))
    def run(data: bytes) -> None:
        target.run(data)

    run()
