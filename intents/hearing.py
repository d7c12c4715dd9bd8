"""Names as they sound: pinyin, homophones, initials, found in the lattice of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from intents.lexicon import END, Lexicon, Name, Trie, written
from intents.near import MARKS
from intents.normalise import is_han
from intents.pinyin import folded, readings, sounds, spellings, syllables
from intents.tokenise import segmenter
from intents.understanding import How

_LITERAL = frozenset(
    {"other-place", "place", "other-disease", "tumour", "outside", "talk", "account"}
)
_PLACES = frozenset({"other-place", "place"})
# Kinds for which a word of its own that sounds like a name (县城 like 相城) is never that name.
_PLAIN_ONLY = frozenset(
    {"district", "region", "scheme", "population", "hospital", "landmark", "material"}
)
# Kinds whose misspelt names must not run through a word of the text.
_ALIGNED = frozenset({"other-place", "place", "district", "region", "cue", "ask"})
_PLACED = frozenset({"region", "district"})
_DEGREE = frozenset("太很好最更")  # 太远 is not 太原
_PARTICLES = frozenset("的了着过在把被")
_COMMON = frozenset("是的了在有我你他她不和就都也要会能点想说去来给")
_ASKING = frozenset("怎么什哪谁几吗了的着过在")
_FRAME = frozenset({"filler", "ask", "neg"})
_SPOKEN = _FRAME | {"cue"}
_ENDS = frozenset("吗么嘛吧呢伐啊呀")  # what ends a question
_TIME = "t"  # the part of speech of words of time
_BEFORE_PLACE = frozenset("在到去来回是从住问办,。;!? ")
_AFTER_PLACE = frozenset("市县区人的医参社那这职居门")
_LETTERS = re.compile(r"[a-z]+(?:'[a-z]+)*")
# What a unit (a character, a syllable) of a name weighs by how it was written.
WEIGHTS = {
    "exact": 1.0, "sound": 0.78, "near sound": 0.66, "typed": 0.9, "near typed": 0.75,
    "initial": 0.55, "word": 0.5, "filler": 0.75, "far": 0.7,
}  # fmt: skip
PIECE = 0.3  # what every piece of a cover costs, so that one long name beats two short ones
_CUT = 0.6  # what it costs to end within a syllable that is typed
_LONG_NAME = 4  # characters from which the name of any disease may be misspelt
_SINGLE = 0.75  # a name of one syllable, typed
# What was walked of the lattice: (start, end, typed in letters) of every character or syllable.
Units = tuple[tuple[int, int, bool], ...]


class Found(Struct, frozen=True):
    """A name found in the text: its number in the lexicon (None for a plain word), and how.

    `weak` is a common word that merely sounds like the name, `place` a plain word that is a place.
    """

    number: int | None
    start: int
    end: int
    how: How
    weight: float
    weak: bool = False
    place: bool = False


# A step of the lattice: where it ends, how it sounds, whether it is typed in letters.
Step = tuple[int, tuple[str, ...], bool]


class Edges(Struct, frozen=True):
    """The steps of the lattice from each position, and the runs of letters that spell nothing."""

    steps: Mapping[int, tuple[Step, ...]]
    abbreviations: tuple[tuple[int, int], ...]


def lattice(text: str) -> Edges:
    """The steps through a text by sound, and the runs of letters that spell nothing."""
    steps: dict[int, tuple[Step, ...]] = {
        at: ((at + 1, heard, False),) for at, char in enumerate(text) if (heard := _heard_as(char))
    }
    short = []
    runs = tuple(_LETTERS.finditer(text))
    for run in runs:
        # Who parts the syllables by blanks means tian, and not ti an.
        whole = len(runs) > 1 and run.group() in syllables()
        spelled = ((0, len(run.group())),) if whole else _spelled_parts(run.group())
        for start, end in spelled:
            syllable = folded(run.group()[start:end])
            at = run.start() + start
            steps[at] = (*steps.get(at, ()), (run.start() + end, (syllable,), True))
        if not spelled:
            short.append(run.span())
    return Edges(steps, tuple(short))


def _spelled_parts(run: str) -> tuple[tuple[int, int], ...]:
    """The syllables of a run of letters, in which an apostrophe parts two: xian'e; none of I'm."""
    found: list[tuple[int, int]] = []
    start = 0
    for part in run.split("'"):
        spelled = spellings(part)
        if not spelled:
            return ()
        found += [(start + a, start + b) for a, b in spelled]
        start += len(part) + 1
    return tuple(found)


@lru_cache(maxsize=20_000)
def _heard_as(char: str) -> tuple[str, ...]:
    """How a character of a text sounds: an ideograph as it is read, a letter or digit as itself."""
    if is_han(char):
        return sounds(char)
    return (char,) if char.isalnum() or char == "+" else ()


def skip_blank(text: str, at: int) -> int:
    """The place after a blank or apostrophe at `at`, else `at` itself."""
    return at + 1 if at < len(text) and text[at] in " '" else at


def sounding_names(
    lexicon: Lexicon, text: str, edges: Edges, inside: frozenset[int]
) -> Iterator[Found]:
    """Names as they sound: typed in pinyin, or written with other characters of the same sound."""
    names = lexicon.names
    for start in edges.steps:
        for units, numbers in _walked(lexicon.sound, text, edges, start):
            said = text[start : units[-1][1]]
            other = [number for number in numbers if names[number].text != said]
            for found in _heard(lexicon, text, units, other) if other else ():
                name = lexicon.names[found.number or 0]
                aligned = inside.isdisjoint((found.start, found.end))
                if aligned or name.kind not in _ALIGNED or text[found.start].isascii():
                    yield found


def _walked(trie: Trie, text: str, edges: Edges, start: int) -> Iterator[tuple[Units, list[int]]]:
    """The ways through the lattice from a place that sound like names, and these names."""
    steps = edges.steps
    stack: list[tuple[Trie, int, Units]] = [(trie, start, ())]
    while stack:
        node, here, units = stack.pop()
        # One character that sounds like another is no name yet.
        if END in node and (len(units) > 1 or units[0][2]):
            yield units, node[END]
        if here not in steps:
            here = skip_blank(text, here)
        for end, heard, letters in steps.get(here, ()):
            for sound in heard:
                after = node.get(sound)
                if after is not None:
                    stack.append((after, end, (*units, (here, end, letters))))


def _heard(lexicon: Lexicon, text: str, units: Units, other: list[int]) -> Iterator[Found]:
    """What of the names that sound like a stretch, and are not written there, may be meant."""
    start, end = units[0][0], units[-1][1]
    said = text[start:end]
    typed = any(letters for _, _, letters in units)
    common = not typed and len(units) <= 2 and segmenter().has_word(said)
    if common and segmenter().tag(said)[0][1] == _TIME:
        return  # 晚上 is no 网上
    for number in other:
        name = lexicon.names[number]
        if name.kind == "filler" and not _apart(text, units):
            continue
        if (common and name.kind in _PLAIN_ONLY) or not _credible(lexicon, name, text, units):
            continue
        if common:
            weight = len(units) * WEIGHTS["word"] - PIECE + 0.05
        else:
            weight = _weighed(name, text, units)
        yield Found(number, start, end, "pinyin", weight, common)


def _weighed(name: Name, text: str, units: Units) -> float:
    weights = (
        _unit_weight(char, text[a:b], typed=letters)
        for char, (a, b, letters) in zip(name.text, units, strict=True)
    )
    weight = _SINGLE if len(units) == 1 else sum(weights)
    weight -= _CUT if _cuts(text, units[-1]) else 0.0
    return weight * (WEIGHTS["far"] if name.kind in _LITERAL else 1.0) - PIECE


def _apart(text: str, units: Units) -> bool:
    """Whether something is typed in letters and stands by itself: no an ma in beian ma."""
    start, end = units[0][0], units[-1][1]
    begins = start == 0 or not text[start - 1].isalpha()
    return begins and not text[end : end + 1].isalpha() and all(typed for _, _, typed in units)


def _cuts(text: str, last: tuple[int, int, bool]) -> bool:
    """Whether a name typed in letters ends within a syllable: yiyuan holds no yiyu."""
    start, end, letters = last
    rest = _LETTERS.match(text, end) if letters else None
    longest = min(len(rest.group()), 4) if rest else 0
    return any(text[start : end + more] in syllables() for more in range(1, longest + 1))


def _names_another(lexicon: Lexicon, name: Name, said: str) -> bool:
    """Whether what sounds like a disease is another one and a character: 透析签 is no 透析前."""
    starts = written(lexicon, said[:-1])
    return any(one.kind == name.kind and one.value != name.value for one in starts)


def _is_phrase(lexicon: Lexicon, said: str) -> bool:
    """Whether a text is made of words of one character that are understood: 也报吗, no 医保码."""
    return said[-1] in _ENDS and all(
        any(name.kind in _SPOKEN for name in written(lexicon, char)) for char in said
    )


def _credible(lexicon: Lexicon, name: Name, text: str, units: Units) -> bool:
    """Whether what sounds like a name, and is not written like it, may be that name misspelt."""
    start, end = units[0][0], units[-1][1]
    said = text[start:end]
    typed = sum(letters for _, _, letters in units)
    # 手抖 is not 首都; 背景 may be 北京.
    other = name.alias and name.kind in _PLACED and not typed and not _kept(name.text, said)
    # 手都变形 names no 首都: a byname of a region is heard only in letters.
    byname = name.alias and name.kind == "region" and not typed and len(units) == 2
    twin = name.kind == "disease" and not typed and _names_another(lexicon, name, said)
    if other or byname or twin or (typed < len(units) and _guarded(lexicon, name, said)):
        return False
    around = text[max(0, start - 1) : end + 1]
    if name.kind in _LITERAL and not _convincing(lexicon, name, said, around):
        return False
    if typed:
        return len(units) > 2 or _spelled(name.text, text, units)
    if _is_phrase(lexicon, said) or (len(units) == 2 and not _plainly_sounds(name, said)):
        return False
    # 换乘 is not 换肾, 拍什么 not 拨什么.
    strict = name.kind == "cue" or (len(units) == 2 and name.kind == "disease")
    rare = 0 if strict else 1
    meant = name.kind == "ask" and (
        "不" in said or ("那" in said and "哪" in name.text and name.value != "where")
    )
    if _rarely_read(name.text, said) > rare or meant:  # 那一年 is no question
        return False
    plain = name.kind == "cue" or len(units) < 3
    return not (plain and _only_function(lexicon, name, said))


def _only_function(lexicon: Lexicon, name: Name, said: str) -> bool:
    """Whether all that differs from the name are words of the frame: 在化疗 is not 再化疗."""
    pairs = list(zip(name.text, said, strict=False))
    differing = [b for a, b in pairs if a != b]
    if name.kind == "cue" and name.value == "path" and ("哪", "那") in pairs:
        return False  # 点那里 is how many write 点哪里
    if name.kind == "cue" and len(said) == 2:
        kept = {a for a, b in pairs if a == b}
        if (kept and kept <= _PARTICLES) or not _PARTICLES.isdisjoint(differing):
            return True  # 完了 is not 晚了, 的药 not 得要
        if len(differing) == 1 and differing[0] not in _ASKING | _COMMON:
            return False
    return all(_is_function(lexicon, char) for char in differing or said)


def _is_function(lexicon: Lexicon, char: str) -> bool:
    """Whether a character by itself is a filler or frame word: 也是 is no misspelt 医师."""
    return any(name.kind in _FRAME for name in written(lexicon, char))


def _convincing(lexicon: Lexicon, name: Name, said: str, around: str) -> bool:
    """Whether a name of a numerous kind is meant: a whole word of letters, or a misspelt place."""
    if any(char.isascii() for char in said):
        # bili shi is 比例是: a place in letters is parted at every syllable or at none.
        whole = name.kind not in _PLACES or said.count(" ") in {0, len(name.text) - 1}
        rest = around.replace(said, "")
        return said.isascii() and whole and not any(c.isascii() and c.isalpha() for c in rest)
    field = name.kind == "outside" and len(said) == 3  # 公机金 is 公积金
    ill = name.kind == "other-disease" and len(said) >= _LONG_NAME  # 慢性肾言
    if not (field or ill or name.kind in _PLACES) or len(said) != len(name.text):
        return False
    if segmenter().has_word(said) or (len(said) == 2 and not _is_placed(around, said)):
        return False
    wrong = [(a, b) for a, b in zip(name.text, said, strict=True) if a != b]
    if len(wrong) != 1 or _is_function(lexicon, wrong[0][1]) or said[0] in _DEGREE:
        return False
    return (ill or len(said) < 4) and readings(wrong[0][0])[:1] == readings(wrong[0][1])[:1]


def _is_placed(around: str, said: str) -> bool:
    """Whether a word of two characters stands where a place is said: 在…, …市, …的, …医保."""
    before, _, after = around.partition(said)
    return not before or before in _BEFORE_PLACE or after in _AFTER_PLACE


def _plainly_sounds(name: Name, said: str) -> bool:
    """Whether a short name keeps a character, or both sound alike in their usual reading."""
    if _kept(name.text, said):
        return True
    # 靶向针 holds no 乡镇: with both characters changed, only the first name of a cue is heard.
    if name.kind == "cue" and (name.alias or any(char in _COMMON for char in said)):
        return False
    if name.kind in {"member", "ask"} or (name.kind == "disease" and name.alias):
        return False  # 算养病 holds no 双眼, 一趟又一趟 no 糖友, 再拿 no 在哪
    return all(
        folded(readings(a)[0]) == folded(readings(b)[0])
        for a, b in zip(name.text, said, strict=False)
        if readings(a) and readings(b)
    )


def _rarely_read(name: str, said: str) -> int:
    """How many characters sound like those of the name only in an unusual reading: 能 as tái."""
    return sum(
        folded(readings(b)[0]) not in sounds(a)
        for a, b in zip(name, said, strict=False)
        if a != b and readings(b)
    )


def _kept(name: str, said: str) -> bool:
    return any(a == b for a, b in zip(name, said, strict=False))


def _spelled(name: str, text: str, units: Units) -> bool:
    """Whether the letters of a short name are its very pinyin; near sounds need a longer one."""
    return all(
        not letters or text[a:b] in readings(char)
        for char, (a, b, letters) in zip(name, units, strict=True)
    )


def _unit_weight(char: str, said: str, *, typed: bool) -> float:
    """What one unit of a name weighs, heard as `said`: the same sound more than a near one."""
    if char == said:
        return WEIGHTS["exact"]
    if typed:
        return WEIGHTS["typed" if said in readings(char) else "near typed"]
    same = not set(readings(char)).isdisjoint(readings(said))
    return WEIGHTS["sound" if same else "near sound"]


def _guarded(lexicon: Lexicon, name: Name, said: str) -> bool:
    """A sound never takes away a character that tells twins apart (非, 不, 一型 …).

    It brings one in only where a plain slip does: 飞透析 is 非透析, 为透析 is not 未透析, nor is
    有透析, although 有 can be read wěi.
    """
    if MARKS.isdisjoint(said) and MARKS.isdisjoint(name.text):
        return False
    if name.kind == "district" and len(said) > 2:
        return False  # 无江区 is no twin of 吴江区
    return any(
        b in MARKS or (a in MARKS and (_is_function(lexicon, b) or not _alike(a, b)))
        for a, b in zip(name.text, said, strict=False)
        if a != b
    )


def _alike(one: str, other: str) -> bool:
    """Whether two characters sound alike as they are usually read; a letter is left to others."""
    known = is_han(one) and is_han(other)
    return not known or folded(readings(one)[0]) == folded(readings(other)[0])


def initial_names(lexicon: Lexicon, text: str, edges: Edges) -> Iterator[Found]:
    """Runs of letters that spell nothing, as the first letters of names: tnb, txxe."""
    for start, end in edges.abbreviations:
        if end - start < 2:
            continue
        for piece in _abbreviated(lexicon.initials, text[start:end]):
            for number in piece[2]:
                weight = (piece[1] - piece[0]) * WEIGHTS["initial"] - PIECE
                yield Found(number, start + piece[0], start + piece[1], "pinyin", weight)


def _abbreviated(trie: Trie, letters: str) -> list[tuple[int, int, list[int]]]:
    """The fewest names whose initials make up the letters; nothing where none do."""
    best: list[list[tuple[int, int, list[int]]] | None] = [[], *([None] * len(letters))]
    for start in range(len(letters)):
        before = best[start]
        if before is None:
            continue
        node: Trie = trie
        for end in range(start + 1, len(letters) + 1):
            node = node.get(letters[end - 1], {})
            if not node:
                break
            now = best[end]
            if END in node and (now is None or len(before) + 1 < len(now)):
                best[end] = [*before, (start, end, node[END])]
    return best[-1] or []
