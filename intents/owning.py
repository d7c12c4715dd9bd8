"""Who is said to have something and who is not: 学生有、职工没有的, 只给学生, 北京有苏州没有的.

What is asked for then is what the one has and the others have not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from intents.understanding import Slot

HAS, LACKS = "has ", "lacks "
_GROUPS = frozenset({"scheme", "population", "region"})
_BEHIND = re.compile(
    r"(?:医保|参保|的?大?人|们|[里上]头?|那边|这边|市|的?表|门特|特病|是|却|干脆|偏偏|倒|反倒|反而|就|也|都|全|压根|根本|完全)*"
)
_LACKING = re.compile(
    r"(?:享受?|报|轮|沾|办|找|查)不(?:到|了|上)|(?:没有?|无|不(?:能|可以|给)?)(?!多|几)[享办报设有列配份]?"
)
_ALONE = re.compile(r"独有|独享|独一份|专属|专有|专享|特有|才(?:能|可以)?[有办报享]|自己才有")
_HAVING = re.compile(r"有(?!没|几|多|什|啥|哪)|能(?:办|报|享)|享|给(?![我你他她您])")
_ONLY = re.compile(
    r"(?:只给|只有|只对|只针对|仅给|仅限|仅有|只限|单给|只是|限于|只|仅)(?:了|是|对)?$"
)
_JOINT = re.compile(r"[和跟与及同、, ]|以及|还有")


def owned(text: str, start: int, slots: Iterable[Slot]) -> frozenset[str]:
    """What a clause says of groups or regions: `has student`, `lacks employee`, or nothing.

    `text` is the clause and `start` its place; empty unless somebody is told apart from others.
    """
    groups = _groups(slots)
    said: dict[str, str] = {}
    alone = False
    verdict = ""
    for at in reversed(range(len(groups))):
        slot = groups[at]
        until = groups[at + 1].span[0] if at + 1 < len(groups) else start + len(text)
        behind = text[slot.span[1] - start : until - start]
        if not (at + 1 < len(groups) and _JOINT.fullmatch(behind)):
            verdict = _verdict(behind)
        only = bool(_ONLY.search(text[: slot.span[0] - start]))
        alone |= only or verdict == "alone"
        said[slot.value] = HAS if only or verdict == "alone" else verdict
    told = frozenset(verdict + value for value, verdict in said.items() if verdict)
    kinds = {verdict for verdict in said.values() if verdict}
    return told if alone or kinds == {HAS, LACKS} else frozenset()


def _groups(slots: Iterable[Slot]) -> list[Slot]:
    """The groups that are named, left to right; 无业居民 is the one that says more."""
    found = sorted((s for s in slots if s.name in _GROUPS and s.said), key=lambda s: s.span)
    made: list[Slot] = []
    for slot in found:
        if made and made[-1].name == "population" and made[-1].span[1] >= slot.span[0]:
            made[-1] = structs.replace(made[-1], span=(made[-1].span[0], slot.span[1]))
        else:
            made.append(slot)
    return made


def _verdict(behind: str) -> str:
    """What stands behind a group: that it has something alone, has it, or has it not."""
    bare = behind[(found.end() if (found := _BEHIND.match(behind)) else 0) :]
    if _ALONE.match(bare):
        return "alone"
    if _LACKING.match(bare):
        return LACKS
    return HAS if _HAVING.match(bare) else ""
