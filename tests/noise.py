"""The same question as other people type it: other script, other width, by sound, with a slip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import opencc
from pypinyin import Style, lazy_pinyin

Noise = Callable[[str], str]

# What an input method offers beside the right character. None of these is a word of its own that
# would say something else in the place of the right one (非, 不, 一, 有 …).
_HOMOPHONES = dict(
    pair.split(":", 1)
    for pair in (
        "透:头投 析:吸西 非:飞菲 治:制志 疗:聊辽 期:其七 康:糠慷 复:付负 糖:唐堂 尿:鸟 病:并冰 "
        "儿:而耳 "
        "童:同铜 型:形行 高:糕告 血:雪学 压:鸭牙 职:值直 退:推腿 休:修羞 工:公功 居:举据 民:敏名 "
        "医:衣依 保:宝报 友:右幼 精:经京 神:身深 严:盐言 重:众仲 障:帐丈 碍:爱艾 白:百摆 内:那 "
        "再:载在 生:声升 性:姓杏 贫:频品 系:细戏 统:筒桶 红:洪鸿 斑:班般 狼:郎廊 疮:窗床 肺:废费 "
        "结:节洁 核:合河 家:佳加 庭:廷停 床:创窗 苯:本笨 丙:饼炳 酮:铜同 症:证正 孤:姑估 独:读毒 "
        "激:机基 素:速诉 缺:却 乏:伐罚 类:累泪 风:疯丰 湿:失诗 关:官观 节:结洁 炎:言盐 帕:怕 "
        "金:今巾 森:深 氏:是士 慢:漫蔓 阻:组祖 塞:赛 器:气汽 官:关观 移:宜怡 植:直值 抗:炕 排:牌派 "
        "异:艺议 肿:种中 瘤:流留 恶:厄饿 癌:挨 肾:慎甚 衰:摔 化:画话 腹:付副 膜:模 液:夜叶 "
        "自:字 闭:毕必 帐:账 贝:背 老:佬 年:念 合:和河 性:姓 综:宗 限:线 额:鹅"
    ).split()
)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def plain(text: str) -> str:
    """The text as it is."""
    return text


def traditional(text: str) -> str:
    """The text in traditional characters."""
    converted: str = _converter().convert(text)
    return converted


def full_width(text: str) -> str:
    """The text with full-width letters, digits, signs and blanks."""
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
    return text.translate(wide)


def pinyin(text: str) -> str:
    """The text in pinyin without tones, in one piece; ü is v, + is read aloud."""
    return "".join(_syllables(text, Style.NORMAL))


def pinyin_apart(text: str) -> str:
    """The text in pinyin without tones, a blank between the syllables."""
    return " ".join(_syllables(text, Style.NORMAL))


def pinyin_toned(text: str) -> str:
    """The text in pinyin with tone marks."""
    return "".join(_syllables(text, Style.TONE))


def _syllables(text: str, style: Style) -> list[str]:
    read = (
        text.replace("+", "加").replace("I型", "一型").replace("1型", "一型").replace("2型", "二型")
    )
    return lazy_pinyin(read, style=style, v_to_u=style is Style.TONE)


def spaced(text: str) -> str:
    """The text with a blank between all characters."""
    return " ".join(text)


def with_emoji(text: str) -> str:
    """The text between emoji."""
    return f"😭😭{text}🙏🏻"


def with_filler(text: str) -> str:
    """The text between words that only fill the air."""
    return f"嗯那个你好我想问一下就是{text}啊麻烦了谢谢"


def slips(text: str) -> Iterator[str]:
    """The text with one character written as another of the same sound, in every way."""
    for at, char in enumerate(text):
        for other in _HOMOPHONES.get(char, ""):
            yield text[:at] + other + text[at + 1 :]


def one_slip(text: str, turn: int = 0) -> str:
    """The text with one such character; which one goes round with `turn`."""
    found = list(slips(text))
    return found[turn % len(found)] if found else text
