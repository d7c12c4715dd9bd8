"""A clause → an Ask: its topic and form, the slots that belong to it, the cues it is put with."""

from __future__ import annotations

import re

from intents.belonging import GROUPS
from intents.choosing import FOLLOWING, Asked
from intents.clauses import SOUGHT, Clause, asks, is_open
from intents.echo import echo, spelled
from intents.hints import KINDS, hints
from intents.normalise import is_han
from intents.persons import relatives
from intents.pinyin import spellings
from intents.reading import Reading
from intents.slots import SLOTTED
from intents.stance import stance
from intents.understanding import Ask, Candidate, Form, Token

ELLIPSIS = ""  # the topic of an ask that names only slots: 退休的呢
# Characters that carry nothing by themselves: adverbs, prepositions, pronouns, particles.
_PARTICLES = frozenset(
    "能可会光它将只却最便曾均真越极仅必须忽颇渐终过着地既若由向至同自因除凭各本另任己们者般呵第俩完出"
)
_WORD = re.compile(r"[a-z]{4,}")
_ANY = re.compile(r"(?:随便|无论|不管|不论|任何|任意|管他|甭管)[^,。;!?]{0,2}$")
# 好几 and 剩下哪 name some; 然后报几成 asks.
_SOME = re.compile(r"(?:[这那好前后过十]|[剩接]下来|未来|剩下|[有搞弄来]个)$")
_ALL = re.compile(
    r"[^,。;!?是有要]{0,6}都(?:[能可行给要得好成中算]|是不是)|[^,。;!?]{0,5}也(?:行|可以|能)"
)
_PARTICLES_OF_ASKING = frozenset("吗么嘛伐")
_STILL = ("也", "都", "总", "仍", "就")
_COUNTING = frozenset("几哪多什啥")
_DOUBTED = re.compile("难道|莫非|莫不是")
_SENTENCE = re.compile("[。!?;]")
# A question by its mark alone, put with a verb that is answered yes or no: 这也能按治疗期算?
_MODAL = re.compile(
    r"(?:能|可以|会|要|得|行|成|中|算|属于|包括|享受|符合)[^,。;!?]*\?[ ?!]*$"
    r"|(?:行|可以|成|中|没问题)吧[?。! ]*$|[就也都](?:不|没|能|要|得|只)[^,。;!?]*\?[ ?!]*$"
    r"|(?:[也都还就真才]|已经|非得|必须|不必|不用|总归|到处)[^,。;!?呢]{2,}\?[ ?!]*$"
)
# A figure, or that something else is the same, by the mark alone: 100%? 血友病也这样?
_WONDERED = re.compile(
    r"(?:那|就|是|也|才|只有|一共|总共|还是|报|[ ,])*"
    r"(?:[\d.]+|[一二两三四五六七八九十百千万点零]+)(?:%|成|万|千|百|元|块钱?|万元)*[啊呀哦]?"
    r"\?[ ?!]*|[^,。;!?]{1,12}也(?:是)?(?:这样|这么|一样|如此)[啊呀的]*\?[ ?!]*"
)
_BRIEF = 6  # characters of a clause that tells too little by one cue: 也算?
_ASSENT = frozenset({"covered", "claimed"})
_LONG = 40  # characters of a clause that is a story
_RHETORIC = re.compile("不就|岂不")  # that it is so is not asked: 那不就登录不进去了?
_LACKS = frozenset({"没有", "没", "冇"})
_BESIDE = 8  # characters within which a negation belongs to the question word


def ask_of(
    topic: str,
    reading: Reading,
    clause: Clause,
    asked: Asked,
    best: tuple[Candidate, ...] = (),
) -> Ask:
    """What a clause asks about a topic; `asked` is what it says, `best` the nearest phrasings."""
    asking = [t for t in clause.tokens if not _is_any(clause, t) and t.value not in KINDS]
    words = {token.value for token in asking if token.kind == "ask"} - {"request"}
    if any(t.kind == "cue" and t.said[-1] in _PARTICLES_OF_ASKING for t in asking):
        words |= {"yn"}  # 一样吗 is a cue of its own
    if not words and _is_wondered(clause):
        words = {"yn"}
    said, slots = _to_its_end(reading.text, clause), asked.slots
    if other := _offered(asking):
        words -= {"or"}
        said = said[: other - clause.start]
        slots = tuple(s for s in slots if s.name not in GROUPS or s.span[0] < other)
    put = spelled(said)
    open_words = words - {"yn"} or any(is_open(t) for t in asking if t.kind == "cue")
    form: Form = "yes_no" if "yn" in words and not open_words else "open"
    beyond = hints(reading, clause, polar=form == "yes_no")
    return Ask(
        topic,
        slots,
        frozenset(t.value for t in asking if t.kind in {"cue", "ask"}) | beyond,
        form,
        _is_negated(clause),
        tuple(c for c in best if c.topic == topic),
        _is_strange(clause, asked),
        trailing=_trails(clause) and _is_named(clause),
        verb=echo(put) if form == "yes_no" else "is",
        stance=stance(put) if form == "yes_no" else None,
        others=tuple(c for c in best if c.topic != topic),
    )


def _to_its_end(text: str, clause: Clause) -> str:
    """What a clause asks, with the rest of a sentence that is doubted: 难道过了半年,就作废了?"""
    if not _DOUBTED.search(clause.text):
        return clause.text
    end = _SENTENCE.search(text, clause.start)
    return text[clause.start : end.end() if end else len(text)]


def _offered(asking: list[Token]) -> int:
    """Where the other case begins after a yes or no: 职工能办不,还是只有居民能办; 0 without one."""
    polar = [token.end for token in asking if token.kind == "ask" and token.value == "yn"]
    other = [token.start for token in asking if token.kind == "ask" and token.value == "or"]
    return other[0] if polar and other and polar[0] <= other[0] else 0


def _is_named(clause: Clause) -> bool:
    """Whether a clause names what an ask can be about, or whom: 妈妈呢."""
    named = any(token.kind in SLOTTED or token.kind == "yuan" for token in clause.tokens)
    return named or bool(relatives(clause.text))


def _is_wondered(clause: Clause) -> bool:
    """Whether a clause asks for a yes or no by its mark alone."""
    if _WONDERED.fullmatch(clause.text):
        return True
    put = "呢" not in clause.text and not _RHETORIC.search(clause.text)
    brief = put and len(clause.text) <= _LONG and not _seeks(clause)
    return bool(brief and _MODAL.search(clause.text)) and _tells(clause)


def _seeks(clause: Clause) -> bool:
    """Whether a clause ends with what it wants to know: 每年能用的额度?"""
    named = [t for t in clause.tokens if t.kind not in {"filler", "loose"}]
    return bool(named) and named[-1].kind == "cue" and named[-1].value in SOUGHT


def _tells(clause: Clause) -> bool:
    """Whether a clause says itself what it asks about, and more than 也算?"""
    cues = {token.value for token in clause.tokens if token.kind == "cue"}
    named = any(token.kind in SLOTTED for token in clause.tokens)
    known = bool(cues - _ASSENT) and len(clause.text) > _BRIEF
    return named or len(cues) > 1 or known


def _is_any(clause: Clause, token: Token) -> bool:
    """Whether a question word asks nothing but means any: 随便哪个诊所, 哪家医院都行."""
    if not asks(token) or token.value in {"yn", "request"}:
        return False
    before = clause.text[: token.start - clause.start]
    if token.value == "or":
        return before.endswith(_STILL)  # 也还是没上限吗
    after = clause.text[token.end - clause.start :]
    some = token.said[0] in _COUNTING and _SOME.search(before)
    return bool(some or _ANY.search(before) or _ALL.match(after))


def _is_negated(clause: Clause) -> bool:
    """Whether what is asked is put with a negation, not something told in the same breath."""
    polar = [t for t in clause.tokens if t.kind == "ask" and t.value == "yn"]
    denied = [t for t in clause.tokens if t.kind == "neg"]
    if not polar:
        return bool(denied)
    if len(polar) < len(list(filter(asks, clause.tokens))) and any(p.said in _LACKS for p in polar):
        return True  # 哪些病学生没有
    return any(
        p.start - _BESIDE <= t.end and t.start <= p.end + _BESIDE for p in polar for t in denied
    )


def _trails(clause: Clause) -> bool:
    return clause.text.rstrip(" ?。!,").endswith("呢")


def _is_strange(clause: Clause, asked: Asked) -> bool:
    """Whether a clause asks with words of its own; a trailing 呢 only goes on."""
    trailing = _trails(clause)
    words = any(token.kind == "word" for token in clause.tokens)
    polar = any(t.kind == "ask" and t.value == "yn" for t in clause.tokens)
    alone = polar and (FOLLOWING in asked.bag or not clause.has_cue)
    odd = words or asked.odd >= (1 if alone else 2)
    return odd and not trailing and any(map(asks, clause.tokens))


def uncovered(clause: Clause) -> int:
    """How many characters belong to no token at all; a word in letters that is no pinyin is two."""
    covered = {at for t in clause.tokens for at in range(t.start, t.end)}
    text = enumerate(clause.text, clause.start)
    words = (m for m in _WORD.finditer(clause.text) if not spellings(m.group()))
    foreign = sum(2 for m in words if covered.isdisjoint(range(*_shifted(m, clause.start))))
    odd = (char for at, char in text if at not in covered and char not in _PARTICLES)
    return foreign + sum(map(is_han, odd))


def _shifted(found: re.Match[str], by: int) -> tuple[int, int]:
    return found.start() + by, found.end() + by
