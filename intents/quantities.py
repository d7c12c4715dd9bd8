"""Numbers with a unit in a text: money, rates, ages and years, in digits or in Chinese numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Unit = Literal["yuan", "percent", "age", "born", "year", "month"]

_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("零〇", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_SCALES = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
}
_HAN = "零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟幺"
_KIN = "我他她妈爸爹娘嫂婶爷奶公婆伴叔伯姑姨舅哥姐弟妹儿女娃孩子"
# Bounded, since a search through a long run of digits takes the square of its length.
_NUMBER = rf"(?:\d{{1,12}}(?:\.\d{{1,6}})?|[{_HAN}]{{1,16}})"

_PERCENT = re.compile(
    rf"百分之(?P<han>{_NUMBER})"
    r"|(?P<digits>\d{1,12}(?:\.\d{1,6})?) ?(?:%|个百分点|个点|percent)"
    rf"|(?P<tenths>[{_HAN}\d])成(?P<fives>[{_HAN}\d半])?"
    r"|(?P<whole>百分百)"
)
# A rate without its unit: 比例给到一百的.
_WHOLLY = re.compile(
    r"(?:比例|成数|百分比)[^。;!?\d]{0,12}?(?P<all>一百|100)(?![块元万多几来个千%]|\d)"
)
_TWO_DIGITS = rf"(?:[1-9]\d|[{_HAN[3:12]}]?十[{_HAN[2:12]}]?)"
_AGE = re.compile(
    rf"(?P<age>{_NUMBER}) ?(?:多|来)? ?(?:周岁|岁|歲)"
    rf"|(?P<months>{_NUMBER}个月大|满月|新生儿|刚出生|百日)"
    rf"|满了?(?P<full>{_NUMBER})(?! ?[元万千块年月天个期次轮])"
    r"|(?P<now>[5-9]\d|[五六七八九]十[一二三四五六七八九]?)(?=了|多了|多的|高龄)"
    r"|[男女][,、 ]?(?P<sexed>[1-9]\d)(?=[,。;、 ])"
    r"|^(?P<lead>[4-9]\d)(?=[,、 ][^。;!?]{0,8}(?:退休|职工|居民|没工作|没单位|老人|女|男))"
    r"|(?:今年|现年|虚岁|实足|周岁|年龄|年纪|岁数|人才|刚(?:刚|才)?[过到]"
    r"|(?:身份证上?|户口[本簿]上?|周岁|实足|实际)(?:[的写是也还只才有]|刚刚?)+"
    r"|(?:不对|不是|应该是)[,。 ]?)"
    rf"(?P<this>{_TWO_DIGITS})(?=$|[^\d{_HAN}元块%成点个年月日天号次家张种级])"
    rf"|(?:(?<=[{_KIN}])|(?<=[丈老爱夫病家]人)|(?<=老[头太汉])|(?<=太太)|(?<=[媳]妇)|(?<=孙[子女]))"
    rf"(?P<kin>{_TWO_DIGITS})(?=$|[^\d{_HAN}元块%成点个年月日天号次家张种级])"
    rf"|(?P<fixed>{_TWO_DIGITS})(?=[,。 ]?(?:不对|不不|哦不))"
    rf"|(?P<joined>\d{{1,2}}|{_TWO_DIGITS})(?=[、和跟与](?:\d{{1,2}}|{_TWO_DIGITS}) ?(?:周岁|岁))"
    rf"|(?:(?<=错[,。 ])|(?<=错了[,。 ])|(?<=手滑[,。 ]))(?P<again>{_TWO_DIGITS})"
    r"(?=$|[,。!?;呢吧啊])"
    rf"|(?<=岁,)(?P<then>{_TWO_DIGITS})(?=$|[了呢吧的?。!])"
    r"|(?<=[,。;!? 都刚才快就日])(?P<young>[1-4]?\d)(?=了[呢吧吗啊呀的]?(?:[,。;!? ]|$))"
)
# What is counted from birth as one: 虚岁六十 is 59 at most.
_NOMINAL = re.compile("虚岁?[是有]?$")
_FORMER = re.compile("(?:之|以)?前(?:那|的)")
# Who was born then: 1951年的, 2014年11月生, 八五年出生.
_BORN = re.compile(
    r"(?P<year>(?:19|20)\d\d) ?年(?:(?P<month>\d{1,2})月)?(?:\d{1,2}[日号])?"
    r"(?:出生|生|的(?=$|[,。;!? 人男女]|职工|居民|退休|老|学生))"
    r"|(?:出生于|生于)(?P<then>(?:19|20)\d\d) ?年?"
)
_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d) ?(?:年|[-/.](?P<month>\d{1,2}))(?:(?P<said>\d{1,2})月)?"
)
_HAN_YEAR = re.compile(r"(?P<year>二[〇零]?[〇零一二三四五六七八九]{2,3})年")
_MONEY = re.compile(
    rf"(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?) ?(?P<scale>[万千百wk](?![a-z]))?"
    rf"(?P<tail>(?<! )[\d{_HAN}](?:[千百])?(?![\d{_HAN}.个岁年月次回趟针天周期]))?"
    r" ?(?P<unit>元|块|圆|蚊|rmb|yuan)?"
    rf"|(?P<over>[{_HAN}\d]{{1,4}})[多几来](?P<overs>[万千])"
    rf"|(?P<han>[{_HAN}]{{1,4}}点[{_HAN}]{{1,3}}(?<=[百千万])"
    rf"|[{_HAN}]*[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖][百千万佰仟][{_HAN}]*|[{_HAN}]+(?=元|块钱|块))(?P<hunit>元|块|圆|蚊)?"
)
_DAYS = {"天": 1, "工作日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_SPAN = re.compile(
    rf"(?:(?P<least>{_NUMBER}) ?(?:-|~|到|至))?(?P<most>半|{_NUMBER}) ?个?多?"
    rf"(?P<unit>{'|'.join(_DAYS)})(?P<within>[之以]?内)?"
)
_ENDURING = re.compile("[了多]")
_ROUGHLY = {"个把月": 30, "半年": 180}
_MEASURE = re.compile(rf"(?P<number>{_NUMBER}) ?(?P<unit>[寸步张份])")
_MONTH = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月")
_FLOOR = re.compile(rf"(?P<floor>\d{{1,2}}|[{_HAN[2:12]}]{{1,2}}) ?[楼层]")
# How long ago an illness was found: 确诊快一年半了.
_ILL_SINCE = re.compile(
    rf"(?:确诊|查出来?|诊断|发现|得病|拖了?)(?:快|已经|都|有|了|到现在)*(?P<years>[{_HAN}\d])年(?:多)?(?P<half>半)?(?:多)?"
    "(?=了|才|没|还)"
    rf"|(?:这都|都快|都有|拖了)(?:快)?(?P<more>[{_HAN}\d])年(?:多)?(?:半)?了"
)
# What every quantity holds one of: a digit, a numeral, or an age that needs none.
_ANY = re.compile(rf"[\d{_HAN}]|满月|新生儿|刚出生")
_AGES = tuple("age full this kin now fixed joined young then sexed lead again".split())
# How much older somebody is: 比他大6岁.
_OLDER = re.compile(r"(?:比[^,。;!?]{1,6}[大小长]|[再又][大长过])了?$")
# What is measured in a body: 血压一百八 is no money.
_MEASURED = re.compile(
    r"(?:(?P<pressure>血压|[高低]压)|血糖|空腹|餐后|体温|心率|心跳|肌酐|尿酸|血小板|白细胞|体重|身高)[^,。;!?元块花]{0,4}$"
)
_PRESSURE = 300  # mmHg: no blood pressure is higher
_TOGETHER = re.compile(r"[加在放合凑到堆算哪这那]$")  # 加一块 is no yuan
_AT_ONCE = re.compile("[儿答说讲问办弄来去交送查算]")  # 三个一块答我
# What a bare number is not, seen from what follows it.
_MOST = 100_000_000  # yuan: nobody's outpatient costs come to more
_OTHER_UNIT = re.compile(
    r"\s*(?:岁|歲|年|月|日|天|号|个|%|种|楼|层|室|分钟|家|项|次|点|级|甲|周|位|人|寸|张|型|步|期|:|-|—|~|条|句|问|遍|小时|床|栋|幢|单元|户|排|座|路)"
)


class Quantity(Struct, frozen=True):
    """A number with what it measures and where it stood; `month` is 1 to 12 beside a year."""

    unit: Unit
    value: float
    start: int
    end: int
    month: int | None = None


def chinese_number(text: str) -> float | None:
    """四万五 → 45000, 三千六 → 3600, 二〇二五 → 2025, 12.5 → 12.5; None for what is no number."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if not text:
        return None
    whole, point, part = text.partition("点")
    if point:  # 零点五万, 一点二万
        decimals = part.rstrip("千百万")
        times = chinese_number("一" + part[len(decimals) :]) or 0.0
        digits = "".join(str(_DIGITS.get(char, "")) for char in decimals)
        value = (chinese_number(whole) or 0.0) + float(f"0.{digits or 0}")
        return value * times
    if all(char in _DIGITS for char in text):
        return float("".join(str(_DIGITS[char]) for char in text))
    total, section, digit, last = 0, 0, 0, 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            last = 10 if char in "零〇" else last
            continue
        scale = _SCALES.get(char)
        if scale is None:
            return None
        if scale == 10_000:
            total, section, digit = total + (section + digit) * scale or scale, 0, 0
        else:
            section, digit = section + (digit or 1) * scale, 0
        last = scale
    # 四万五 is 45000: a last digit without a scale counts the next lower one.
    return float(total + section + digit * (last // 10 if last > 10 else 1))


def _percents(text: str) -> Iterator[Quantity]:
    for found in _PERCENT.finditer(text):
        if found["whole"]:
            value = 100.0
        elif tenths := found["tenths"]:
            value = (chinese_number(tenths) or 0) * 10
            fives = found["fives"]
            value += 5 if fives == "半" else chinese_number(fives) or 0 if fives else 0
        else:
            value = chinese_number(found["han"] or found["digits"]) or 0
        yield Quantity("percent", value, *found.span())
    for found in _WHOLLY.finditer(text):
        yield Quantity("percent", 100.0, *found.span("all"))


def _ages(text: str) -> Iterator[Quantity]:
    ages = list(_AGE.finditer(text))
    if any(not _FORMER.match(text, one.end()) for one in ages):  # 满十岁了,还是六岁前那个数吗
        ages = [one for one in ages if not _FORMER.match(text, one.end())]
    if any(not _is_nominal(text, one) for one in ages):  # 虚岁六十,身份证上才59
        ages = [one for one in ages if not _is_nominal(text, one)]
    for found in ages:
        said = next((found[name] for name in _AGES if found[name]), "")
        value = 0.0 if found["months"] else chinese_number(said)
        older = _OLDER.search(text[: found.start()])
        if value is not None and value < 130 and not older:
            value -= 1 if _is_nominal(text, found) else 0
            yield Quantity("age", value, *found.span())


def _is_nominal(text: str, age: re.Match[str]) -> bool:
    """Whether an age is told in years as they are counted from birth."""
    told = next(age.start(name) for name in (*_AGES, "months") if age[name])
    return bool(_NOMINAL.search(text[:told]))


def _born(text: str) -> Iterator[Quantity]:
    for found in _BORN.finditer(text):
        month = int(found["month"]) if found["month"] else None
        yield Quantity("born", float(found["year"] or found["then"]), *found.span(), month)


def _years(text: str) -> Iterator[Quantity]:
    for found in _YEAR.finditer(text):
        month = found["month"] or found["said"]
        yield Quantity("year", float(found["year"]), *found.span(), int(month) if month else None)
    for found in _HAN_YEAR.finditer(text):
        value = chinese_number(found["year"])
        if value and 1990 < value < 2100:
            yield Quantity("year", value, *found.span())


def floors(text: str) -> frozenset[int]:
    """The floors that a text names: C栋二楼 → 2."""
    said = (chinese_number(found["floor"]) for found in _FLOOR.finditer(text))
    return frozenset(int(number) for number in said if number)


def measures(text: str) -> frozenset[tuple[str, int]]:
    """What a text counts or measures beside money and time, unit first: 1寸照片2张 → 寸 1, 张 2."""
    said = ((found["unit"], chinese_number(found["number"])) for found in _MEASURE.finditer(text))
    return frozenset((unit, int(number)) for unit, number in said if number)


def months(text: str) -> frozenset[str]:
    """The months that a text names: 2025年6月 → 2025-06."""
    return frozenset(f"{year}-{int(month):02d}" for year, month in _MONTH.findall(text))


def days(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of time that a text names, in days, least and most: 1-3个工作日 → (1, 3).

    Within some days has no least: 一周之内 → (0, 7).
    """
    found = []
    for one in _SPAN.finditer(text):
        scale = _DAYS[one["unit"]]
        most = chinese_number(one["most"]) if one["most"] != "半" else 0.5
        least = chinese_number(one["least"]) if one["least"] else most
        if one["within"]:
            least = 0
        if _is_of_calendar(text, one):
            continue
        if most is not None and least is not None:
            found.append((int(least * scale), int(most * scale)))
    for ill in _ILL_SINCE.finditer(text):  # 一年 alone is the year of a limit
        years = chinese_number(ill["years"] or ill["more"]) or 0
        years += 0.5 if ill["half"] else 0
        found.append((int(years * 365), int(years * 365)))
    found += [(number, number) for said, number in _ROUGHLY.items() if said in text]
    return tuple(found)


def _is_of_calendar(text: str, span: re.Match[str]) -> bool:
    """Whether a month is one of the year, and no stretch of time: 十一月才去备案."""
    named = span["unit"] == "月" and span["most"] != "半" and "个" not in span.group()
    lasts = span["within"] or _ENDURING.match(text, span.end())
    return named and not lasts and not text[: span.start()].endswith(("了", "满", "超", "过", "晚"))


def _monies(text: str) -> Iterator[Quantity]:
    for found in _MONEY.finditer(text):
        value = _yuan(found)
        if value is None or value > _MOST or text[found.end() : found.end() + 1] == "亿":
            continue
        if text[: found.start()].endswith(("打", "叫", "拨", "亿", "几")):
            continue
        before_it = text[: found.start()]
        joint = _TOGETHER.search(before_it) or _AT_ONCE.match(text, found.end())
        if found.group() == "一块" and joint:
            continue
        measured = _MEASURED.search(before_it)
        if measured and measured["pressure"] and value > _PRESSURE:
            measured = None  # 高血压一年药费1000
        if measured and not (found["unit"] or found["hunit"]):
            continue
        united = found["unit"] or found["hunit"] or found["scale"] or found["han"] or found["over"]
        if _OTHER_UNIT.match(text[found.end() :]) and not (found["unit"] or found["hunit"]):
            continue
        before = text[found.start() - 1] if found.start() else " "
        bare = 100 <= value < 5_000_000 and not 12_000 < value < 12_999
        if found["han"] and len(said := _repeated(found["han"])) > 1:
            yield from _one_by_one(said, found.start())
        elif united or (bare and not (before.isascii() and before.isalnum())):
            yield Quantity("yuan", value, *found.span())


def _repeated(han: str) -> list[str]:
    """A run of numerals as the numbers it holds: 五千五千三 is 五千, said again as 五千三."""
    if "点" in han:
        return [han]
    parts = [""]
    last = _MOST
    for char in han:
        scale = _SCALES.get(char, 0)
        if char == "万" and char in parts[-1]:  # 二十万二十五万
            head, _, tail = parts[-1].rpartition(char)
            parts[-1:] = [head + char, tail]
        elif scale >= last and char != "万":
            digit = parts[-1][-1:] if parts[-1][-1:] in _DIGITS else ""
            parts[-1:] = [parts[-1].removesuffix(digit), digit]
        parts[-1] += char
        last = scale or last
    return parts


def _one_by_one(said: list[str], start: int) -> Iterator[Quantity]:
    for one in said:
        if value := chinese_number(one):
            yield Quantity("yuan", value, start, start + len(one))
        start += len(one)


def _yuan(found: re.Match[str]) -> float | None:
    if found["over"]:  # 四十多万 is at least 四十万
        return chinese_number(found["over"] + found["overs"])
    if found["han"]:
        return chinese_number(found["han"])
    scale = _SCALES[found["scale"]] if found["scale"] else 1
    value = float(found["digits"].replace(",", "")) * scale
    if tail := found["tail"]:
        if scale == 1:
            return None
        lower = _SCALES.get(tail[1:], scale // 10)
        value += (chinese_number(tail[0]) or 0) * lower
    return round(value, 2)


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a normalised text, left to right, none inside another."""
    if not _ANY.search(text):
        return ()
    taken: list[Quantity] = []
    for finder in (_percents, _ages, _born, _years, _monies):
        for one in finder(text):
            if all(one.end <= other.start or one.start >= other.end for other in taken):
                taken.append(one)
    return tuple(sorted(taken, key=lambda one: one.start))
