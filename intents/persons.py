"""Who a stretch of a story is about: in a family everybody has an insurance and a disease."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董程曹袁邓许沈彭吕卢蒋蔡丁魏薛叶潘杜"
)
_CALLED = (
    f"[老小][{_SURNAMES}](?![子女年人])"
    f"|[{_SURNAMES}](?:爷爷|奶奶|大爷|大妈|阿姨|阿婆|叔叔|伯伯|师傅|老师|先生|女士|大姐|大哥|姐|哥(?!哥))"
)
_NUMBERED = "[大小二三四五][舅姑姨叔伯](?![妈母父夫子娘爷婆爹])"
_CARED = "(?<![带抱接送看养管领])"  # 爸爸带孙子: the story is his, and not the child's
_ALONE = "(?<![爸妈老我他她你姑姨舅干大姆阿公婆])"  # 那妈的限额, and not 姨妈
_SPOKEN = "(?=[的能可呢也要这那报])"
# One relative by all the names that are used for them; a story keeps to one generation.
_KIN = {
    "father": f"我爸爸|爸爸|老爸|我爸|我爹|老爹|父亲|爹爹|阿爸|家父|老父|{_ALONE}爸{_SPOKEN}",
    "mother": f"我妈妈|妈妈|老妈|我妈|母亲|老娘|姆妈|阿妈|家母|老母|{_ALONE}妈{_SPOKEN}",
    "grandfather": "爷爷|阿爷",
    "grandmother": "奶奶|阿婆",
    "mother's father": "外公|姥爷",
    "mother's mother": "外婆|姥姥",
    "father-in-law": "公公|岳父|老丈人|丈人",
    "mother-in-law": "婆婆|岳母|丈母娘",
    "husband": "老公|丈夫",
    "wife": "老婆|妻子|媳妇",
    "spouse": "老伴|爱人",
    "son": "儿子|幼子|犬子|小儿",
    "daughter": "女儿|囡囡|闺女",
    "grandson": f"{_CARED}(?:孙子|孙儿|外孙(?!女)|乖孙)",
    "granddaughter": f"{_CARED}(?:外?孙女)",
    "brother": "哥哥|弟弟|大哥|二哥|我哥|我弟",
    "sister": "姐姐|妹妹|大姐|我姐|我妹",
    "uncle": "叔叔|我叔|我舅|我伯|大伯|伯伯|舅舅|姑父|姨夫|姑夫|姨父",
    "aunt": "婶婶|我婶|姑姑|姑妈|阿姨|姨妈|舅妈|我姑|我姨",
    "cousin": "[堂表][哥弟姐妹兄]",
    # One of several: 大舅, 二舅 and 小舅 are three men.
    "numbered": _NUMBERED,
    "boy": "男孩|(?<![多最很更较太挺么])大的|老大|大宝|大儿子",
    "girl": "女孩|(?<![多最很更较太挺么])小的|老二|二宝|小儿子",
    "child": "(?<![女男小个带抱])孩子(?!他?的?(?:[爸妈爹娘爷奶外家]|们))|宝宝",
    "neighbour": "邻居|隔壁|同事|朋友|老乡|病友|街坊|工友|同学|室友|战友|亲家",
    "somebody": _CALLED,
    "self": "我自己|本人|"
    "我(?=这种|这样|这情况|职工|居民|在职|退休|是职|是居|单位|在厂|在公司|在单位|上班|交职|交居)",
}
# Most characters begin no name of anybody, which one look tells: no need to try all the names.
_FIRST = {name[0] for names in _KIN.values() for name in names.split("|")}
_BEGINNINGS = "".join(sorted(_FIRST | set(_SURNAMES + "大小二三四五堂表孙外乖爸妈")))
_PERSON = re.compile(
    f"(?=[{re.escape(_BEGINNINGS)}她他])(?:"
    + "|".join(f"(?P<p{at}>{names})" for at, names in enumerate(_KIN.values()))
    + "|(?P<she>她)|(?P<he>他))"
)
_BY_PRONOUN = {"he": re.compile("(?<!其)他(?![们人])"), "she": re.compile("她(?!们)")}
_GROUP = re.compile(r"p\d+")
_SELF = f"p{len(_KIN) - 1}"
_NAMES = frozenset(f"p{list(_KIN).index(name)}" for name in ("somebody", "numbered"))
_WOMEN = frozenset(
    {
        "mother",
        "grandmother",
        "mother's mother",
        "mother-in-law",
        "wife",
        "granddaughter",
        "daughter",
        "sister",
        "aunt",
        "girl",
    }
)
_SAYING = re.compile(r"(?:们|都|也|又|跟我|和我|同我|给我|老|他|她)*(?:说|讲|告诉|劝|提醒|介绍)")
_NAMED = re.compile(_CALLED)
_BYSTANDERS = frozenset(
    f"p{at}" for at, name in enumerate(_KIN) if name in {"neighbour", "somebody"}
)
_EITHER = frozenset({"spouse", "child", "neighbour", "somebody", "cousin", "numbered"})
_CHILDREN = frozenset({"boy", "girl", "child"})  # told apart by what they are called
_PLURAL = re.compile("[们俩]|(?<=爸)妈")  # 他们, 我爸妈
# The pronoun of each person; a spouse or a neighbour may be either.
_PRONOUNS = {
    f"p{at}": ("she",) if name in _WOMEN else ("he",)
    for at, name in enumerate(_KIN)
    if name not in _EITHER
}


class Mention(Struct, frozen=True):
    """A relative and where one is named: father, mother, or 老二 as a child is called."""

    name: str
    start: int
    end: int


def _person_of(found: re.Match[str]) -> str:
    """The person of a name; of those called by their own names each is another one."""
    group = found.lastgroup or ""
    return found.group() if group in _NAMES else group


@lru_cache(maxsize=1)  # a message is asked for every clause and place that it has
def _resolved(text: str) -> tuple[tuple[str, int], ...]:
    """Who is named where; 她 is the woman named last, 他 the man."""
    found: list[tuple[str, int]] = []
    last: dict[str, str] = {}
    strangers: set[str] = set()
    for one in _PERSON.finditer(text):
        group = one.lastgroup or ""
        if group in _BYSTANDERS and _SAYING.match(text, one.end()):
            continue  # 邻居说: what is told is about somebody else
        if group in _BYSTANDERS and _NAMED.match(text, one.end()):
            continue  # 工友老周 is one man
        person = last.get(group) if group in {"she", "he"} else _person_of(one)
        if person is None:
            continue
        found.append((person, one.start()))
        if group in _BYSTANDERS:  # 爸爸…他一个邻居…他自己: he is the father still
            strangers.add(person)
            family = {said: who for said, who in last.items() if who not in strangers}
            last = dict.fromkeys(("she", "he"), person) | family
        elif group.startswith("p") and person != _SELF:
            last |= dict.fromkeys(_PRONOUNS.get(group, ("she", "he")), person)
    return tuple(found)


def relatives(text: str) -> tuple[tuple[str, int], ...]:
    """The relatives that a text names and where each is named; nobody by a name of their own."""
    kin = tuple(_KIN)
    found = ((person, at) for person, at in _resolved(text) if _GROUP.fullmatch(person))
    return tuple((kin[int(person[1:])], at) for person, at in found)


def mentions(text: str) -> tuple[Mention, ...]:
    """The relatives that a text names; of children who have no other name each by what is said."""
    found = []
    for name, at in relatives(text):
        one = _PERSON.match(text, at)
        if one and not _PLURAL.match(text, one.end()) and name not in {"self", "neighbour"}:
            pronoun = one.lastgroup in _BY_PRONOUN
            called = one.group() if name in _CHILDREN and not pronoun else name
            found.append(Mention(called, at, one.end()))
    return tuple(found)


def meant(text: str, family: Iterable[str]) -> set[str]:
    """Whom the pronouns of a text may stand for, of those who were spoken of.

    Where it is none of them, they stand for themselves: he, she.
    """
    said = {name for name, form in _BY_PRONOUN.items() if form.search(text)}
    return {who for who in family if said & _pronouns(who)} or said


def _pronouns(who: str) -> set[str]:
    if who in _BY_PRONOUN:
        return {who}
    return set(_BY_PRONOUN) if who in _EITHER else {"she" if who in _WOMEN else "he"}


def others_in(text: str) -> bool:
    """Whether somebody is named beside who asks."""
    return any(person != _SELF for person, _ in _resolved(text))


def several(text: str) -> bool:
    """Whether a text speaks of more than one person."""
    return len({person for person, _ in _resolved(text)}) > 1


def about(text: str, start: int, end: int) -> tuple[tuple[int, int], ...] | None:
    """The stretches about the one person whom text[start:end] names; None where it names not one.

    A stretch goes from a name to the name of somebody else.
    """
    found = _resolved(text)
    if len(found) < 2:
        return None
    sentence = max((text.rfind(mark, 0, start) for mark in "。!?;"), default=-1) + 1
    said = [person for person, at in found if sentence <= at < start]
    named = {person for person, at in found if start <= at < end} or set(said[-1:])
    if len(named) != 1 or len({person for person, _ in found}) < 2:
        return None
    ends = [at for _, at in found[1:]] + [len(text)]
    return tuple(
        (at, until) for (person, at), until in zip(found, ends, strict=True) if person in named
    )
