"""What is no question about benefits: small talk, and text in another language."""

from __future__ import annotations

import re

from intents.clauses import asks
from intents.normalise import HAN
from intents.pinyin import spellings
from intents.understanding import Token, Understanding

CONTENT = frozenset({"cue", "disease", "member", "material", "district", "region", "platform",
                      "scheme", "population", "hospital", "other-disease", "tumour", "outside",
                      "place", "other-place", "stage"})  # fmt: skip
_SURE = 0.8  # beside small talk a question must be this clear
_STRIP = re.compile(r"[\W_]+|[请帮我把吧了你们的都全部一下要想求]+")
_ODD_LETTER = re.compile(r"[^\W\d_A-Za-z㐀-鿿\uf900-\ufaff]")
_HERS = re.compile("限额|额度|比例|病|卡|材料|备案|门特|情况|呢|能|怎么|多少")
_NOT_YET = re.compile(r"(?:别|不要|不用|甭|勿)(?:急着|忙着|给我)?$")  # 先别转人工
# Question words that ask for something of their own behind a politeness: 好的,那去哪.
_WANTED = frozenset({"where", "howmuch", "howlong", "when"})
_IDLE = frozenset({"joke", "love"})
_POLITE = frozenset(
    {"greeting", "thanks", "ok", "praise", "help", "laugh", "goodbye", "confused", "repeat"}
)


def talk_kind(understanding: Understanding) -> str:
    """The kind of small talk, where nothing else was said."""
    text = understanding.normalised.text
    spoken = [t for t in understanding.tokens if t.kind == "talk" and not _is_mother(text, t)]
    # 我忘记我的密码了: nobody is forgotten who does not ask for it in so many words.
    if any(t.value == "forget" for t in spoken) and not _is_all(understanding):
        spoken = [t for t in spoken if t.value != "forget"]
    spoken = [t for t in spoken if not (t.value == "handover" and _NOT_YET.search(text[: t.start]))]
    if not spoken:
        return ""
    said = {(t.start, t.end) for t in spoken}
    real = [t for t in understanding.tokens if t.kind in CONTENT and (t.start, t.end) not in said]
    for token in spoken:
        if token.value == "injection" or (token.value == "handover" and not _is_number(real)):
            return token.value
    slotted = any(t.kind in CONTENT and t.kind not in {"cue", "outside"} for t in real)
    asking = any(asks(token) for token in understanding.tokens)
    if asking and real and {token.value for token in spoken} == {"reset"}:
        return ""  # 又打回来了,还得从头再来?
    # 我妈的卡显示锁定: a matter outside is declined by its name, not hushed.
    asking |= any(ask.topic == "outside" for ask in understanding.asks)
    insults = sum(token.value == "insult" for token in spoken)
    if insults and not (slotted and asking) and (insults > 1 or not (slotted or asking)):
        return "insult"
    if insults and asking and real:
        return ""  # 要交哪些东西,别废话
    sure = understanding.confidence >= _SURE and any(ask.topic for ask in understanding.asks)
    wanted = any(asks(token) and token.said != "吧" for token in understanding.tokens)
    sure &= wanted or not {token.value for token in spoken} <= _IDLE  # 讲个笑话吧,在医院等得好无聊
    more = any(t.kind == "ask" and t.value in _WANTED for t in understanding.tokens)
    polite = spoken[0].value in _POLITE and (real or (more and spoken[0].value in {"ok", "thanks"}))
    return "" if polite or (real and (slotted or sure)) else spoken[0].value


def _is_number(real: list[Token]) -> bool:
    """Whether beside another question the number of a person is asked for: 顺便给我人工的号码."""
    cues = {token.value for token in real if token.kind == "cue"}
    return "phone" in cues and len(cues) > 2


def _is_all(understanding: Understanding) -> bool:
    """Whether to be forgotten is all that is wished for: 请帮我删除我的记录，谢谢."""
    text = understanding.normalised.text
    kept = [
        t
        for t in understanding.tokens
        if t.kind == "filler" or (t.kind == "talk" and (t.value in _POLITE or t.value == "forget"))
    ]
    said = "".join(c for at, c in enumerate(text) if not any(t.start <= at < t.end for t in kept))
    return not _STRIP.sub("", said)


def _is_mother(text: str, token: Token) -> bool:
    """Whether 妈的 is what belongs to somebody's mother: 我妈的卡锁了, 那妈的限额."""
    if token.said != "妈的":
        return False
    before = text[: token.start].endswith(("我", "俺", "她", "老", "爸"))
    return before or bool(_HERS.match(text, token.end))


def is_foreign(understanding: Understanding) -> bool:
    """Whether a message is written in another language than Chinese or pinyin."""
    text = understanding.normalised.text
    if HAN.search(text) and not _ODD_LETTER.search(text):
        return False
    words = [found.span() for found in re.finditer(r"[^\W\d_]+", text)]
    # English that carries nothing says nothing of whether the rest is understood.
    empty = [t for t in understanding.tokens if t.kind == "filler" and not spellings(t.said)]
    words = [w for w in words if not any(t.start < w[1] and w[0] < t.end for t in empty)]
    known = [t for t in understanding.tokens if t.kind != "word"]
    read = [w for w in words if any(t.start < w[1] and w[0] < t.end for t in known)]
    if len(words) > 3 and not HAN.search(text) and len(read) < len(words) * 0.6:
        return not all(spellings(text[a:b]) for a, b in words)  # pinyin all of it is Chinese
    letters = [char for char in text if char.isalpha()]
    strange = [char for char in letters if not char.isascii() and not HAN.match(char)]
    return len(strange) > len(letters) / 5
