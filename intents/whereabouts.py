"""What the words around a place say of it: insured, treated or only staying there, or not meant."""

from __future__ import annotations

import re

from intents.persons import others_in
from intents.understanding import Slot, Token

HOME = frozenset({"region", "district", "landmark"})
AWAY = frozenset({"other-place", "place"})
# What follows a place in which somebody is insured.
_INSURED = re.compile(
    r"^[^,。;!?]{0,5}?(参保|交的|交医保|缴|医保(?!局|中心|窗口|办|大厅|服务|电子|码|公众|小程序|app)|社保(?!局|中心)|职工|居民|新农合|退休|退的休)"
)
_INSURED_THERE = re.compile(
    r"参保地? ?$|(?:医保|社保|参保地?|保险|关系)(?:都|也|就|还|全|一直|统统)?"
    r"(?:是|(?:是?参保?|是)?在|归|属于?|交在|放在|办在)$"
    r"|(?:医保|社保|保险)[^,。;!?]{0,8}[交缴]在$"
)
# What stands around a place that is only part of the story.
_PASSING = re.compile(
    r"^(市|省|那边|那里|这边|人)?(户口|户籍|来|过来|搬|嫁|住院|看病|看的病|住(?!院)|就医|手术|做手术|做[肝肾心]|治|开刀|确诊|查出|旅游|出差|来的|老家|的医院|大医院|医院|生活|退下来)"
)
_ORIGIN = re.compile(
    r"((弟弟|哥哥|姐姐|妹妹|[堂表][哥弟姐妹兄]|儿子|女儿|闺女|囡囡?|[小男女]娃|侄[子女]|外甥女?|[孙外]孙女?|孙子|女婿|儿媳妇?|亲戚|朋友|同事|邻居|同学|舅舅|叔叔|伯伯|阿姨|姑姑|孩子|我?[姐哥弟妹舅姑姨叔伯嫂]|[姐妹]夫|嫂子|弟媳|侄女)(都|又|也|还|就|正|一直|常年|长期|现在)*(在|去了|住)|从|户口|户口在|户籍|户籍在|老家|老家在|籍贯|来自|离|从前|以前|原来|嫁[到去在])$"
)
# Where the family of somebody is who is spoken of: 她女儿在北京忙.
_FAMILY = re.compile(
    r"[她他]的?(?:大|小)?(?:[弟哥姐妹儿孙女]{1,2}|女婿|儿媳妇?|外甥女?|侄[子女]|孩子|老公|老婆|爱人)"
    r"(?:都|也)?(?:在|去了|住在?)$"
)
# Where who asks for somebody else is: 我伯伯…,我在河北 says nothing of the uncle's insurance.
_SPEAKER = re.compile(r"(?:^|[,。;!? ])我(?:自己|人|现在|目前|常年|一直)?(?:也)?在$")
# Where somebody else is may be asked about after all: 我朋友在成都,他那边呢.
_THERE = re.compile(r"(?:那边|那里|那儿)[^,。;!?]{0,6}(?:呢|多少|怎么|咋|也|能|报|补|限额|政策|行)")
_LIVING = re.compile(
    r"^[^,。;!?]{0,3}?(上班|工作|打工|做工|做活|干活|务工|做生活|住|租房|带孩子|带孙)"
)
_WORKING = re.compile(r"(?:那边|这边|那里)?(?:做活|干活|务工|打工|出差|做生意|带孙|带孩子)")
_TREATED = re.compile(
    r"^(?:市|省|那边|那里|这边|当地|的|[儿女]{1,2}[儿子]?家)*(?:[跟同陪随]住?[^,。;!?]{1,5}住|[长久]住|定居|养老|看病|睇医生|看(?=[,。?!;]|$)|就医|医院|拿药|配药|开药|透析?|化疗|做(?![工活]|生意)|常?住(?!院|过))"
)
# 女儿在上海,我过去住两个月
_FOLLOWING = re.compile(r"[^。;!?]{0,5}[,，](?:[我他她]们?|老两口)?也?(?:搬|跟|要)?过去[住带陪帮]")
_STAYING = re.compile(
    r"(?:搬[到去来]|住[在到]|旅居|定居|人在)了?$|(?:退休|退了休|[现我他她们]|常年|长期|一直|目前)住$"
)
_NATIVE = re.compile(r"^(?:人|籍)")
_BORN = re.compile(r"^籍")  # where somebody comes from is not where they are insured
_BEYOND = frozenset({"台湾", "香港", "澳门"})
# Somebody stays there for a time, and goes on being insured at home: 去上海住半年, 冬天在三亚.
_SEASON = re.compile(
    r"(?:[冬夏春秋]天|[冬夏]季|过冬|避[暑寒]|过年|[暑寒]假|暂时|临时|每年)[^,。;!?]{0,4}[在去到住]$"
)
_WHILE = re.compile(
    r"^(?:市|省|那边|那里|[儿女]{1,2}[儿子]?家)*(?:小|暂)?"
    r"(?:[长常久]住(?!院|过|人口)|养老(?!保险|金|院)|[跟同陪随]住?[^,。;!?]{1,5}住(?!院)|过冬|避[暑寒]|[住待呆陪带玩][^,。;!?]{0,4}?"
    r"(?:[半一二两三四五六七八九几\d]+个?(?:多|来)?(?:月|年|礼拜|星期|周|天)|一?阵子?|一?段时间|个把月|些日子))"
)
_UNASKED = re.compile(
    r"(?:不问|不是问|别说|不说|不讲|不谈|不管|别管|撇开|抛开|除开|不要"
    r"|(?:别|不要|莫|勿)(?:看|当|想|听|弄|搞|认|错当|混)[成作做])$"
)
_DENIED = re.compile(
    rf"(?:(?:不是|不在|非|除了|没在|又不是|也不是|并非)(?:江苏省?的?)?$)|{_UNASKED.pattern}"
)
_DROPPED = re.compile("(?:那边|那里|的)?就?(?:不[去用问要查看说办]了|算了)")  # 昆山不去了,还是太仓
_BORROWING = re.compile("(?:照|按|按照|依|参照|享受|套|用)$")
_STREET = re.compile(r"^[东西南北中]?(路|街|大道)")


def is_insured(text: str, token: Token) -> bool:
    """Whether somebody is said to be insured in a place."""
    return bool(_INSURED.match(text[token.end :])) or is_told_insured(text, token)


def is_told_insured(text: str, token: Token) -> bool:
    """Whether somebody is said in so many words to be insured in a place: 医保在张家港."""
    return bool(_INSURED_THERE.search(text[: token.start]))


def is_unasked(text: str, token: Token) -> bool:
    """Whether a place is named as one that is not asked about: 不问苏州."""
    return bool(_UNASKED.search(text[: token.start]))


def is_asked(text: str, token: Token) -> bool:
    """Whether a place that was told on the way is asked about: 我朋友在成都,他那边呢."""
    return bool(_THERE.search(text, token.end))


def is_passing(text: str, token: Token) -> bool:
    """Whether a place is only part of the story: 搬来, 户口在, 我在新疆做活回不来."""
    before, after = text[: token.start], text[token.end :]
    return bool(_PASSING.match(after) or _ORIGIN.search(before)) or _only_stays(text, token)


def is_lived_in(text: str, token: Token) -> bool:
    """Whether somebody works, lives or was born in a place, and may be insured there."""
    return bool(_LIVING.match(text[token.end :]) or _NATIVE.match(text[token.end :]))


def is_others(text: str, token: Token) -> bool:
    """Whether a place says nothing of an insurance: where family lives, where one was born."""
    if token.kind in AWAY and _BORN.match(text[token.end :]):
        return True
    if token.said in _BEYOND and _NATIVE.match(text[token.end :]):
        return True  # 她是台湾人: insured where she works or lives
    if token.kind in AWAY and is_asked(text, token):
        return False
    return bool(_FAMILY.search(text[: token.start])) and not is_insured(text, token)


def says_nothing(text: str, token: Token) -> bool:
    """Whether a place can decide no rule: one without a pack, a street, another one's home."""
    return token.kind in AWAY or is_street(text, token) or is_others(text, token)


def is_treated(text: str, token: Token) -> bool:
    """Whether somebody insured elsewhere is treated in a place, or lives there: 在河北那边看病."""
    after = text[token.end :]
    stays = _TREATED.match(after) or _FOLLOWING.match(after) or _STAYING.search(text[: token.start])
    return token.kind in AWAY and bool(stays)


def stays_a_while(text: str, token: Token) -> bool:
    """Whether somebody is in a place for a time, and insured at home: 去上海住半年."""
    after = text[token.end :]
    season = _SEASON.search(text[: token.start]) and not _INSURED.match(after)
    return token.kind in AWAY and bool(season or _WHILE.match(after))


def is_denied(text: str, token: Token) -> bool:
    """Whether a place is denied or dropped: 不在苏州, 昆山不去了."""
    before = text[: token.start]
    denied = _DENIED.search(before) and not before.endswith("是不是")
    return bool(denied or _DROPPED.match(text, token.end - token.said.endswith("不")))


def is_street(text: str, token: Token) -> bool:
    """北京西路 is a street of another city."""
    return token.kind == "region" and bool(_STREET.match(text[token.end :]))


def _only_stays(text: str, token: Token) -> bool:
    """Whether somebody is in a place, and not the insurance: 我在新疆做活回不来."""
    if token.kind not in AWAY:
        return False
    speaker = _SPEAKER.search(text[: token.start])
    return bool(_WORKING.match(text, token.end) or (speaker and others_in(text)))


def is_away(text: str, slot: Slot) -> bool:
    """Whether a place is where somebody lives, or whose rules they would like, by what is around.

    随儿子在苏州住了两年, 照苏州的比例给吗.
    """
    before, after = text[: slot.span[0]], text[slot.span[1] :]
    lives = _LIVING.match(after) or _STAYING.search(before) or _ORIGIN.search(before)
    return bool(lives or (_BORROWING.search(before) and after.startswith("的")))
