"""The verb with which a yes-or-no question is put; a Chinese answer begins with it.

能不能寄 is answered 可以 or 不能, 要盖章吗 需要 or 不需要, 有没有起付线 有 or 没有.
"""

from __future__ import annotations

import re
from typing import Literal

Verb = Literal["is", "can", "will", "needs", "has", "counts", "belongs", "timely", "late"]

# What says it outright: the verb before and after a 不, or a tag at the end.
_PUT: tuple[tuple[Verb, re.Pattern[str]], ...] = (
    ("timely", re.compile(r"来不来得及|来得及|赶不赶得上|赶得[上及]|赶趟")),
    ("late", re.compile(
        r"(?P<late>[晚迟])不(?P=late)|(?:太|算|就|已经?|是不是|会不会)[太就已]?[晚迟]|[晚迟](?:了|啦)(?:吗|嘛|么|不|伐|没|吧|$)"
    )),
    ("can", re.compile(
        r"会不会(?=给|报|批)|能[^,。;!?不]{1,10}不能|能不能|可不可|可否|能否|行不行|成不成|中不中|得唔得|可唔可以|能唔能|给不给|让不让"
        r"|有没有办法|有冇得(?!到)|(?![是对要用算属需该好晚迟])(?P<verb>[\u4e00-\u9fff])不(?P=verb)|(?:可以|可|能|行得通|行|成|中|得行|给[报批付补办])(?:吗|嘛|么|不|伐|否|没|哇)"
    )),
    ("will", re.compile(r"不会(?=[^,。;!?]*吧)|会不会|会(?:吗|嘛|么|不|伐|没)")),
    ("needs", re.compile(
        r"要[^,。;!?不]{1,10}不要|用得着(?=[去跑先办点带交再到专])|要不要|用不用|需不需要|使唔使|要唔要|该不该|是不是(?:还|也|都)?(?:要|得|必须|非得|需要)"
        r"|是否(?:还|也|都)?(?:要|需要|必须)|(?:需要|要|(?<![能以会好顶管适有使作费])用|必须)(?:吗|嘛|么|不|伐)|阿要|阿需要"
    )),
    ("has", re.compile(r"有没有|有冇|有无|有木有|阿有|有(?:吗|嘛|么|不|伐|没)"
                       r"|(?<!没)有[^,。;!?没]{1,6}没有?(?=[,。;!?]|$)")),
    ("belongs", re.compile(r"属不属|属于不|是否属于")),
    ("counts", re.compile(
        r"算不算|算[^,。;!?不]{1,10}不算|(?<![结计核打预换])算(?:吗|嘛|么|不|伐)|阿算"
    )),
    ("is", re.compile(r"是不是|是否|系咪|系唔系|是伐|对不对|对吗|对吧|是吗|是吧|真的|没错吧|阿是")),
)  # fmt: skip
# What only ends in a particle (能报吗, 要带表么): its last verb tells.
_ENDED = re.compile(r"(?:吗|嘛|么|伐|不|没|否|吧|哇)[呀啊呢啦的了]*[?。!,]*$|\?$")
_VERB: tuple[tuple[Verb, re.Pattern[str]], ...] = (
    ("can", re.compile(r"(?<!才)(?:能|可以|可)|好报|好办|好(?=再|重新|继续|享受|申请)|会给|会报|"
                       r"(?<!非)得(?:下来?|了|到|着|上|起|成)")),
    ("will", re.compile(r"(?<!不)会(?![员给报])")),
    ("needs", re.compile(
        r"才(?=能|可以|可|行)|需要|必须|要|(?<![报办做治看算拿用花付来批行打])得(?!下|了|到|着|上|起|成)|非得|(?<![能以顶管适有使作费])用(?!的|药|过|了|医保|身份)"
    )),
    ("has", re.compile(r"(?<!没)有(?!效|资质|关|些|人|的)|(?<!了)没有(?!效|资质|关|些|人|的)")),
    ("belongs", re.compile(r"属于")),
    ("counts", re.compile(r"(?<![结计核打预换])算(?!起|下|一)|归")),
    ("is", re.compile(r"是")),
)  # fmt: skip

# What says how a question is put that is typed in pinyin: hai neng zai jiao ma, yaobuyao gaizhang.
_SYLLABLES = {
    "neng": "能", "keyi": "可以", "ke": "可", "yi": "以", "yao": "要", "xuyao": "需要", "xu": "需",
    "bixu": "必须", "hui": "会", "you": "有", "shi": "是", "suan": "算", "yong": "用", "dei": "得",
    "xing": "行", "bu": "不", "mei": "没", "cai": "才", "zhi": "只", "ma": "吗", "ba": "吧",
}  # fmt: skip
_TIMES = {"dangtian": "当天", "mashang": "马上", "like": "立刻", "liji": "立即"}
_TIME = re.compile(r"(?<![a-z])(?:dang ?tian|ma ?shang|li ?ke|li ?ji)(?![a-z])")
_ONE = re.compile("|".join(sorted(_SYLLABLES, key=len, reverse=True)))
_WORD = re.compile(rf"(?<![a-z])(?:{_ONE.pattern})+(?![a-z])")
_APART = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def spelled(text: str) -> str:
    """A normalised question with what says in pinyin how it is put in Han."""
    text = _TIME.sub(lambda one: _TIMES[one.group().replace(" ", "")], text)
    put = _WORD.sub(lambda word: _ONE.sub(lambda one: _SYLLABLES[one.group()], word.group()), text)
    return _APART.sub("", put)


def echo(text: str) -> Verb:
    """The verb of a normalised yes-or-no question; `is` where none can be told."""
    said = [(found.end(), verb) for verb, form in _PUT for found in form.finditer(text)]
    if said:
        return max(said)[1]
    if _ENDED.search(text.strip()):
        verbs = [(found.start(), verb) for verb, form in _VERB for found in form.finditer(text)]
        if verbs:
            return max(verbs)[1]
    return "is"
