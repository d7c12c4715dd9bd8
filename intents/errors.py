"""What can be wrong with this package's own data. Nothing a person types raises any of these.

IntentsError
├── AmbiguousName   one name stands for two values
└── TopicError      a topic or vocabulary file breaks its own rules
"""

from __future__ import annotations


class IntentsError(Exception):
    """The base of this package's errors."""


class AmbiguousName(IntentsError):
    """Two values of one kind claim the same name."""

    def __init__(self, name: str, kind: str, first: str, second: str) -> None:
        super().__init__(
            f"{kind} name {name!r} means both {first!r} and {second!r}: take it from one of them"
        )


class TopicError(IntentsError):
    """A file of topics or of the vocabulary has a key, a value or a placeholder that is unknown."""

    def __init__(self, file: str, key: str, value: object, mend: str) -> None:
        super().__init__(f"{file}: {key}: {value!r}: {mend}")
