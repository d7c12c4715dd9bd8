"""What the amounts of a message are: a cost, what was paid before it, a bound, an age, a year."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from intents.quantities import Quantity
from intents.recurring import Recurrence, recurrence
from intents.understanding import Slot, Token

# What stands before money that this year has already cost: 住院已经花了3万,门特又花2万.
_EARLIER = re.compile(
    r"(?<!没)(?<!没有)(住院|累计|已经|已|之前|前面|此前|目前|先前|上半年)[^,。;!?又再]{0,7}$"
    r"|(?<!没)(?<!没有)住院[^,。;!?又再]{0,3}门[特慢诊][^,。;!?又再]{0,10}$"
)
# What stands before money that a stay in hospital came to, which counts before the outpatient cost.
_INPATIENT = re.compile(
    r"(?<![没不未有和加跟与])(?<!门[诊特慢])住院(?![^。;!?]{0,4}门[特慢诊])[^。;!?门透化放药又后万千百\d]{0,18}$"
)
# What stands before money that the insurance has given already, which is no cost: 今年报了四千.
_PAID = re.compile(
    r"(?<!为什么)(?<!只)(?<!才)(?:报|报销|结付|结)(?:掉了?|了|过了?|走了?)"
    r"(?:大概|大约|差不多|将近|快|有)?$"
)
# What stands before money that is nobody's medical bill: 退休金三千, 一小时十八块, 大伯出了八万.
_INCOME = re.compile(
    r"(?:工资|月薪|年薪|退休金|养老金|收入|挣|赚|房租|房贷|存款|存了|借|凑|[伯叔舅姑姨哥姐弟妹爸妈]出|低保|补贴|时薪"
    r"|小时|肌酐|尿酸|转氨酶|血小板|白细胞|指标|保费|保险费|缴|交)了?[^,。;!?]{0,3}$"
    r"|(?:单位|公司|厂里|商业险|商业保险|商保|惠民?保|救助|慈善|红十字会)[^,。;!?]{0,6}[报赔给出补][了掉过]*$"
)
# What stands before a sum that somebody has worked out: 我算是一千四百二十五,对不对.
_RECKONED = re.compile(
    r"(?:我|自己)(?:算|估)(?:下来|出来|着|的)?(?:是|有|得|了)?[^,。;!?花用]{0,2}$"
)
# What stands before a sum that somebody says is paid of another one: 护士说报2700.
_ALLEGED = re.compile(
    r"(?:说|讲|告诉|认为|以为|猜|觉得|算)[^,。;!?]{0,8}"
    r"(?:报|报销|给|退|返|结付|结|到手|拿回?)(?:我|你|他|她|您|我们)?(?:得?到|了|出来|下来)?(?:有|是)?$"
    r"|(?<!没)(?:就|能|可以|应该?|该|全部?|都|\d%)(?:给?报|报销|结付|退|返|拿回)(?:得|到|出来|下来|回来)*(?:有|是)?$"
)
_PARTED = re.compile(r"(?:来|为界)?分[段档界]|为界")  # a bound between two rates: 按累计4万分段
# What stands behind a year whose rules are asked for; any other year is that of an event.
_OF_RULE = re.compile(
    r"(?:\d{1,2}月)?(?:份)?(?:$|[,。;!? ]|的|度|那[会时年]|时候|怎么|咋|能|可以|还|会"
    r"|报|限额|额度|比例|标准|规定|政策|版|新|之?[前后]|以[前后]|起|开始|医保|门[特慢诊]|特病|慢|职工|居民|透析|看)"
)
# What makes an amount a bound and no expense: 四万以内报多少.
BELOW = frozenset({"以内", "之内", "以下", "以里"})  # bounds from which one counts downwards
_BOUND = re.compile(
    r"以[内里]|之内|以上|以下|以外|(?:的|[那这][条道个]|[条道个])?(?:线|坎|关口|门槛|额度|限额|封顶)|了?[,。]?超[了过出]?(?:的|掉的)?那?(?:部分|一部分|些)"
)
_AGAIN = re.compile(r"[这那该](?![次回趟年]|个月)[^,。;!?\d花用]{0,4}$")
# What stands around a bound that is not reached yet: 不过离35万还远.
_TOWARDS = re.compile("(?:离|距离?|够不?[到着上]|摸不[到着])[^,。;!?]{0,4}$")
_ALIKE = re.compile("[同一]样的?$")  # 在社区配了1000,要是同样的1000拿到三级医院
COSTS = frozenset({"yuan", "spent"})
MONEY = COSTS | {"inpatient", "paid"}
_TOLD = 24  # characters before an amount that say what it is
# What stands before a bound that is exceeded, unless it is what was spent: 已经过了四万.
_EXCEEDED = re.compile(r"^[^花用]*(?:超过|超出|过了|超了|满了|突破|高于|超|过)$")
_ROUGH = re.compile("[多几来]")
# What an age is told with at which an illness began.
_ONCE = re.compile(
    r"(?:就|时候?|那[年时会儿]{1,2}|的时候|开始|起)(?:就|开始|被)?(?:在[^,。]{1,4})?(?:打|查|得|确诊|发[病作]|患|吃药|用药|透|犯)"
)


def amounts_of(
    quantities: Iterable[Quantity], tokens: tuple[Token, ...], text: str
) -> tuple[Slot, ...]:
    """The slots of the quantities that a question is about, without what was taken back."""
    said = _corrected(quantities, tokens)
    alleged = [one for one in said if one.unit == "yuan" and _is_alleged(one, said, text)]
    meant = [one for one in said if one not in alleged and _is_meant(one, said, text)]
    sums = [one for one in meant if one.unit == "yuan"]
    again = recurrence(sums[0], text) if len(sums) == 1 else None
    found = [slot for one in meant for slot in _repeated(_amount(one, text), again)]
    found += [structs.replace(_amount(one, text), name="alleged") for one in alleged]
    return tuple(found)


def _repeated(slot: Slot, again: Recurrence | None) -> list[Slot]:
    """A cost as often as it comes: several of it, or its sum with `again`, what it was each time.

    A monthly cost of which no time is told keeps what a year of it comes to, as `yearly`.
    """
    if again is None or slot.name not in COSTS or slot.said:
        return [slot]
    if again.turn == "settlement":  # each has a deductible of its own
        start, end = slot.span
        return [structs.replace(slot, span=(start, end + n)) for n in range(again.times or 1)]
    if again.times:
        each = Slot("again", f"{again.turn} {slot.value} {again.times}", "", slot.span, "exact")
        total = f"{float(slot.value) * again.times:.10g}"
        return [structs.replace(slot, value=total), each]
    if again.turn != "month":
        return [slot]
    yearly = Slot("yearly", f"{float(slot.value) * 12:.10g}", "", slot.span, "exact")
    return [slot, yearly]


def _is_meant(one: Quantity, said: list[Quantity], text: str) -> bool:
    """Whether a quantity is what a question is about: a cost, an age, the year of a rule.

    这2万 is the amount that was named before, not another one.
    """
    if one.unit == "year":
        return bool(_OF_RULE.match(text, one.end))
    if one.unit == "age" and _ONCE.match(text, one.end):  # 34岁,八岁就打胰岛素
        return not any(q.unit == "age" and not _ONCE.match(text, q.end) for q in said)
    if one.unit != "yuan":
        return True
    told = text[max(0, one.start - 9) : one.start]
    again = _ALIKE.search(told) or _AGAIN.search(told)
    if again and any(q.value == one.value and q.end <= one.start for q in said):
        return False
    if _PARTED.match(text, one.end) or _TOWARDS.search(told):
        return False
    return not (_INCOME.search(told) or _RECKONED.search(told))


def _is_alleged(one: Quantity, said: list[Quantity], text: str) -> bool:
    """Whether a sum is what somebody says is paid of another: 花了3000,护士说报2700."""
    told = text[max(0, one.start - _TOLD) : one.start]
    before = any(q.unit == "yuan" and q.end <= one.start for q in said)
    return before and bool(_ALLEGED.search(told))


def expensed(slots: Iterable[Slot]) -> bool:
    """Whether an amount was spent; one with a bound (四万以内) only says up to where."""
    return any(slot.name in COSTS and not slot.said for slot in slots)


def _amount(one: Quantity, text: str) -> Slot:
    """A quantity as a slot, with the bound that it is, if any: 四万以内."""
    value = f"{one.value:.10g}"
    if one.month:
        value += f"-{one.month:02d}"
    if one.unit != "yuan":
        return Slot(one.unit, value, "", (one.start, one.end), "exact")
    bound = _BOUND.match(text, one.end)
    said = bound.group() if bound else ""
    if _EXCEEDED.search(text[max(0, one.start - 12) : one.start]):
        said = said or "以上"
    if _ROUGH.search(text[one.start : one.end]):
        said = said or "以上"  # 十几万 is nothing to calculate with
    told = text[max(0, one.start - _TOLD) : one.start]
    return Slot(_money(told, bound=bool(said)), value, said, (one.start, one.end), "exact")


def _money(told: str, *, bound: bool) -> str:
    """What an amount is by what stands before it.

    `spent` before the expense in question, `paid` out for earlier ones, `inpatient` for a stay in
    hospital, else the expense itself, `yuan`.
    """
    if not bound and _PAID.search(told[-12:]):
        return "paid"
    if not bound and _INPATIENT.search(told):
        return "inpatient"
    return "spent" if _EARLIER.search(told[-20:]) else "yuan"


def _corrected(amounts: Iterable[Quantity], tokens: tuple[Token, ...]) -> list[Quantity]:
    """Without what was taken back: 五十八,不对,五十九."""
    every = list(amounts)
    at = max((token.end for token in tokens if token.kind == "fix"), default=0)
    again = {one.unit for one in every if one.start >= at} if at else set()
    return [one for one in every if one.start >= at or one.unit not in again]
