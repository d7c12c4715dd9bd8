"""How a message was read, for people who look into an answer: ask --why and /why."""

from __future__ import annotations

from bot.service import Turn
from intents.understanding import Token


def why(turned: Turn) -> tuple[str, ...]:
    """How a message was read: slots, candidates with scores, refused twins."""
    understanding = turned.understanding
    if understanding is None:
        return ()
    lines = [f"text      {understanding.normalised.text}"]
    lines += [
        f"token     {_token(token)}" for token in understanding.tokens if token.kind != "filler"
    ]
    for ask in turned.asks:
        lines.append(
            f"ask       {ask.topic or '(slots only)'}  form={ask.form}  cues={sorted(ask.cues)}"
        )
        lines += [f"  slot    {s.name}={s.value}  said={s.said!r}  how={s.how}" for s in ask.slots]
    lines += [
        f"candidate {c.score:.3f}  {c.topic}  {c.entry or '-'}  {c.why}"
        for c in understanding.candidates
    ]
    lines += [f"rejected  {twin}" for twin in understanding.rejected]
    return tuple(lines)


def _token(token: Token) -> str:
    return f"{token.said!r} → {token.kind}={token.value}  how={token.how}  weight={token.score:.2f}"
