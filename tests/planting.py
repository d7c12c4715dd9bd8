"""Numbers and names of people who do not exist, in every disguise that people write them in.

`planted` makes messages with one or two of them; `Sought` finds what of them is left in a text.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterable

from msgspec import Struct

from bot.redacting.identity import check_of

Random = random.Random
_HAN = {
    "plain": "零一二三四五六七八九",
    "spoken": "洞幺两三四五六拐八勾",
    "round": "〇一二三四五六七八九",
    "formal": "零壹贰叁肆伍陆柒捌玖",
}
_AREAS = ("320501", "320106", "110101", "310112", "440305", "510104", "610629", "650102")
_GIVEN = "建国秀英志强桂兰丽颖晓燕文博子涵玉梅海涛春华"
_SURNAMES = ("王", "李", "张", "刘", "陈", "欧阳", "周", "孙", "沈", "顾")


class Planted(Struct, frozen=True):
    """A message, and what must not be found anywhere: values as written, and their digits."""

    text: str
    raw: tuple[str, ...]
    digits: tuple[str, ...]


class Secret(Struct, frozen=True):
    """One value of a person as it is written in a message, with its word, and its digits."""

    said: str
    value: str
    digits: str = ""


def identity(rnd: Random) -> str:
    """The number of an identity card, its check right."""
    birth = f"{rnd.randint(1930, 2020)}{rnd.randint(1, 12):02}{rnd.randint(1, 28):02}"
    first = f"{rnd.choice(_AREAS)}{birth}{rnd.randint(0, 999):03}"
    return first + check_of(first).upper()


def bank_card(rnd: Random) -> str:
    """The number of a bank card, its check right."""
    first = rnd.choice(("622202", "621700", "625965", "4", "51", "34"))
    size = {"4": 16, "51": 16, "34": 15}.get(first, rnd.choice((16, 17, 18, 19)))
    body = first + "".join(str(rnd.randint(0, 9)) for _ in range(size - 1 - len(first)))
    return body + _luhn(body)


def _luhn(body: str) -> str:
    doubled = [int(char) * (2 - at % 2) for at, char in enumerate(reversed(body))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def _digits(rnd: Random, size: int) -> str:
    return str(rnd.randint(1, 9)) + "".join(str(rnd.randint(0, 9)) for _ in range(size - 1))


# How digits are disguised.


def _each(figures: str) -> Callable[[Random, str], str]:
    return lambda _, text: "".join(figures[int(c)] if c.isdecimal() else c for c in text)


def _keycaps(rnd: Random, text: str) -> str:
    cap = rnd.choice(("\ufe0f\u20e3", "\u20e3"))
    return "".join(char + cap if char.isdecimal() else char for char in text)


def _mixed(rnd: Random, text: str) -> str:
    figures = ["0123456789", "０１２３４５６７８９", _HAN["plain"], "⓪①②③④⑤⑥⑦⑧⑨", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
    return "".join(rnd.choice(figures)[int(c)] if c.isdecimal() else c for c in text)


def _parted(mark: str) -> Callable[[Random, str], str]:
    """In groups of three and four, or one by one."""

    def part(rnd: Random, text: str) -> str:
        size = rnd.choice((1, 3, 4))
        return mark.join(text[at : at + size] for at in range(0, len(text), size))

    return part


def _hidden(rnd: Random, text: str) -> str:
    return "".join(char + rnd.choice("\u200b\u200c\u200d\u2060\ufeff") for char in text)


DISGUISES: dict[str, Callable[[Random, str], str]] = {
    "as it is": lambda _, text: text,
    "wide": _each("０１２３４５６７８９"),
    "han": _each(_HAN["plain"]),
    "spoken": _each(_HAN["spoken"]),
    "round": _each(_HAN["round"]),
    "formal": _each(_HAN["formal"]),
    "circled": _each("⓪①②③④⑤⑥⑦⑧⑨"),
    "black": _each("⓿❶❷❸❹❺❻❼❽❾"),
    "keycaps": _keycaps,
    "mathematical": _each("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "double struck": _each("𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡"),
    "arabic": _each("٠١٢٣٤٥٦٧٨٩"),
    "devanagari": _each("०१२३४५६७८९"),
    "raised": _each("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "mixed": _mixed,
    "blanks": _parted(" "),
    "wide blanks": _parted("\u3000"),
    "hyphens": _parted("-"),
    "dashes": _parted("—"),
    "dots": _parted("."),
    "middle dots": _parted("·"),
    "commas": _parted(","),
    "wide commas": _parted("，"),
    "enumerated": _parted("、"),
    "lines": _parted("\n"),
    "stars": _parted("*"),
    "flowers": _parted("🌸"),
    "hidden": _hidden,
    "hidden and wide": lambda rnd, text: _hidden(rnd, _each("０１２３４５６７８９")(rnd, text)),
    "han in groups": lambda rnd, text: _parted(" ")(rnd, _each(_HAN["plain"])(rnd, text)),
    "wide in groups": lambda rnd, text: _parted("-")(rnd, _each("０１２３４５６７８９")(rnd, text)),
}


# What is planted, by kind: the word in front, the value, its digits.


def _numbered(*words: str) -> Callable[[Random, str, str], Secret]:
    def told(rnd: Random, value: str, disguise: str) -> Secret:
        written = DISGUISES[disguise](rnd, value)
        return Secret(rnd.choice(words) + written, written, figures_of(value))

    return told


def figures_of(value: str) -> str:
    """The digits of a value."""
    return "".join(char for char in value if char.isdecimal())


_TOLD = {
    "id": _numbered("", "身份证", "身份证号：", "我的身份证号码是"),
    "old id": _numbered("", "身份证"),
    "mobile": _numbered("", "手机", "电话：", "我手机号是", "打我"),
    "mobile abroad": _numbered("+86 ", "0086-", "+86", "联系电话+86-"),
    "landline": _numbered("", "家里电话", "座机："),
    "local": _numbered("家里电话", "座机：", "联系电话："),
    "card": _numbered("", "卡号", "银行卡号是", "打到这张卡"),
    "insurance": _numbered("社保卡号", "医保卡号：", "电脑号", "社保号是"),
    "pass": _numbered("护照", "护照号：", "通行证号"),
    "record": _numbered("病历号", "住院号：", "病案号是"),
    "qq": _numbered("QQ", "qq号：", "QQ号是"),
}


def _landline(rnd: Random) -> str:
    area = rnd.choice(("0512", "010", "021", "0911"))
    return f"{area}{rnd.randint(2, 8)}{_digits(rnd, 7)}"


_VALUES: dict[str, Callable[[Random], str]] = {
    "id": identity,
    "old id": lambda rnd: (number := identity(rnd))[:6] + number[8:17],
    "mobile": lambda rnd: f"1{rnd.randint(3, 9)}{_digits(rnd, 9)}",
    "mobile abroad": lambda rnd: f"1{rnd.randint(3, 9)}{_digits(rnd, 9)}",
    "landline": _landline,
    "local": lambda rnd: f"{rnd.randint(2, 8)}{_digits(rnd, 7)}",
    "card": bank_card,
    "insurance": lambda rnd: rnd.choice((_digits(rnd, 9), _digits(rnd, 10), identity(rnd))),
    "pass": lambda rnd: _digits(rnd, 8),
    "record": lambda rnd: _digits(rnd, 9),
    "qq": lambda rnd: _digits(rnd, 9),
}


def secret(rnd: Random, kind: str, disguise: str) -> Secret:
    """A value of a kind, written so."""
    match kind:
        case "name":
            given = "".join(rnd.sample(_GIVEN, 2))
            name = rnd.choice(_SURNAMES) + given
            return Secret(rnd.choice(("我叫", "姓名：", "名字是", "患者姓名 ")) + name, name)
        case "email":
            user = f"{rnd.choice(('zhang', 'li.na', 'w_q'))}{_digits(rnd, 7)}"
            mail = f"{user}@{rnd.choice(('qq.com', '163.com', 'mail.example.com.cn'))}"
            wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in mail)
            said = rnd.choice((mail, mail.upper(), wide, mail.replace("@", " @ ")))
            return Secret(rnd.choice(("邮箱", "email: ", "发到 ")) + said, said, user[-8:])
        case "wechat":
            name = f"{rnd.choice(('wang', 'suzhou_li', 'abc-'))}{_digits(rnd, 8)}"
            return Secret(rnd.choice(("微信号", "微信：", "加我wx ")) + name, name, name[-8:])
        case "address":
            door = f"{rnd.choice(('人民路', '凤凰街', '学士巷'))}{rnd.randint(1000, 9999)}号"
            home = f"{door}{rnd.randint(1, 99)}幢{rnd.randint(101, 2900)}室"
            return Secret(rnd.choice(("我住", "住在", "家庭地址：")) + home, home)
        case "lettered":
            number = rnd.choice("EGH") + _digits(rnd, 8)
            return Secret(rnd.choice(("护照", "", "通行证号：")) + number, number, number[1:])
    return _TOLD[kind](rnd, _VALUES[kind](rnd), disguise)


KINDS = (*_TOLD, "name", "email", "wechat", "address", "lettered")
PLAIN = frozenset({"name", "email", "wechat", "address", "lettered"})
_QUESTIONS = (
    "透析一年限额多少",
    "糖尿病门特怎么备案",
    "花了45000元能报多少",
    "我妈65岁退休职工，高血压能报吗",
    "要带什么材料",
    "2023年10月以后怎么算",
    "肺结核去哪里办",
    "80%是什么意思",
    "医保卡里4.5万够不够",
)
_FRAMES = (
    "{secret}，{question}",
    "{question}？{secret}",
    "{secret} {question}",
    "你好，{secret}。{question}",
    "{question}\n{secret}",
    "{secret}",
    "{question}（{secret}）",
)


def planted(rnd: Random) -> Planted:
    """A message of somebody who tells more than is wanted."""
    kinds = rnd.sample(KINDS, rnd.choice((1, 1, 2)))
    secrets = [secret(rnd, kind, rnd.choice(tuple(DISGUISES))) for kind in kinds]
    said = "，".join(one.said for one in secrets)
    text = rnd.choice(_FRAMES).format(secret=said, question=rnd.choice(_QUESTIONS))
    return Planted(
        text,
        tuple(one.value for one in secrets),
        tuple(one.digits for one in secrets if len(one.digits) > 7),
    )


# What is left of them.

_GAPS = re.compile(r"(?<=[0-9])[^\w\x00-\x08\x0b-\x1f]{1,8}(?=[0-9])")
_SPOKEN = {char: str(n) for row in _HAN.values() for n, char in enumerate(row)}
_RUN = re.compile(r"[0-9]{8,}")
_SHORT = 20_000
# Times, names of requests and of conversations: chance makes long runs of digits in them.
_NAME = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|(?<![A-Za-z0-9_-])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{16,}"
)
_WORDED = re.compile(
    rf"(?:{'|'.join(_SURNAMES)})[{_GIVEN}]{{2}}|(?:人民路|凤凰街|学士巷)[0-9]{{4}}号[0-9]+幢[0-9]+室"
)


class _Plainly(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = found = _plain(chr(code))
        return found


def _plain(char: str) -> str:
    if char in _SPOKEN:
        return _SPOKEN[char]
    if unicodedata.category(char) in {"Cf", "Mn", "Me"}:
        return ""
    value = unicodedata.numeric(char, -1.0)
    return str(int(value)) if value in range(10) else char


_PLAINLY = _Plainly()


def plain_digits(text: str) -> str:
    """A text with every digit as 0 to 9, and with nothing between digits that stand together."""
    return _GAPS.sub("", text.translate(_PLAINLY))


class Sought:
    """What is looked for: values with letters as they are, all others by their digits."""

    def __init__(self, secrets: Iterable[Planted]) -> None:
        wanted = list(secrets)
        self.raw = {raw for one in wanted for raw in one.raw}
        self.digits = {value for one in wanted for value in one.digits}
        self.sizes = sorted({len(value) for value in self.digits})

    def traces(self, text: str) -> set[str]:
        """What of it is left in a text."""
        found = self.raw.intersection(_WORDED.findall(text))
        if len(text) < _SHORT:  # else the digits of all but names and addresses are enough
            found |= {raw for raw in self.raw if raw in text}
        for run in _RUN.findall(plain_digits(_NAME.sub(" ", text))):
            pieces = {
                run[at : at + size] for size in self.sizes for at in range(len(run) - size + 1)
            }
            found |= self.digits & pieces
        return found
