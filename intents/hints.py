"""Cues that no name tells, but how a clause is put and what is told around it."""

from __future__ import annotations

import re

from intents.belonging import COMPARED, LATER, SEVERALLY, slots_in
from intents.clauses import Clause, is_hearsay
from intents.owning import owned
from intents.places import PASSED
from intents.reading import Reading
from intents.rivals import superior
from intents.slots import is_also
from intents.stance import is_everywhere, is_of_any, is_universal
from intents.understanding import Token

# Cues that hold for the whole message: 都快一年了才想起来,从哪天算.
_LASTING = frozenset(
    {
        "both",
        "mild",
        "sorted",
        "caused",
        "beyond",
        "before",
        "net-buy",
        "buy",
        "pharmacy",
        "elsewhere",
        "veteran",
        "refusal",
        "general",
        "anywhere",
        "locally",
        "circle15",
    }
)
# The tables of a document that has one for each.
KINDS = frozenset({"special-kind", "chronic-kind"})
# 换成家附近的医院, but not 换肾的医院.
_MOVED = re.compile(
    r"搬(?:家|到|去|来)[^。;!?]{0,14}医院[^,。;!?]{0,4}远|从[^,。;!?]{1,8}(?:换|挪|转)到|(?:改|换(?![肾肝心肺血])|挪|转(?!移))[成到去个一为][^,。;!?]{0,9}医院|医院[^,。;!?]{0,5}(?:想|要)[换挪改]|医院(?:换|改|挪|转)[成到去]|换一?[家个间所][^,。;!?]{0,4}(?:医院|院所|透析中心|诊所)"
    r"|(?:原先|原来|以前|本来)[^。;!?]{2,24}定点[^,。;!?]{0,5}(?:换|改|挪|变|迁)"
)
# Whether somebody of the family may do it: 让我老婆拿材料去申请成吗.
_SENT = re.compile(
    r"(?:让|叫|喊|托|请|派|由)[我咱俺她他]?(?:自己)?(?:的|们)?(?:老[婆公伴妈爸娘爹]|[妈爸娘爹]|妻子|丈夫|爱人|儿子?|女儿|闺女|囡|媳妇|女婿|孙[子女]|外甥|侄[子女]|[哥姐弟妹]|兄弟|姊妹|亲戚|朋友|同事|邻居|家[里属]人?)"
    r"[^,。;!?]{0,10}(?:去|来|帮|代|替|跑)[^,。;!?]{0,4}(?:申请|办|交|递|登记|备案|一趟)"
)
# What is spent besides what was told before: 再花20万呢.
_SUM = r"[一二两三四五六七八九十百\d]"
_MORE = re.compile(
    r"(?:再|又|还要|还得|后来)[^,。;!?]{0,4}[花用加]|下半年|第[二三四](?:季度|期|次|回|趟|笔)"
    r"|下一?(?:季度|期|次|笔)|还[看配做开][^,。;!?]{0,2}了"
    rf"|还有(?:个|大概)?{_SUM}|[又再](?:是|{_SUM})|月(?:份|到现在|底)[^,。;!?]{{0,3}}{_SUM}"
)
_CURED_IN = re.compile("(?:看病|就医|治疗|治病|住院|透析)[^,。;!?]{0,3}在$")  # 参保看病都在北京
# Whether all of it is paid: 是不是全报, 一分不用我出.
_WHOLLY = re.compile(
    "(?<!不是)(?<!不会)(?<!没有)(?<!不)(?:全[部额都]?给?(?:报|免|包)|百分之?百|分文不[出用]|百分百"
    "|一分(?:钱)?[都也]?不[用要花出掏收])"
)
_OTHER_KIND = re.compile("[改换转变](?:[做成用到])?[血腹]透")  # 下月打算改血透
# Whether one pays for all of it: 是不是全自费, 得自己全掏吧.
_OWN = re.compile(
    "(?:全[部额都]?|统统|都)[要得是靠由]{0,2}(?:自费|自付|自理|(?:自[己个家]|个人)儿?(?:来)?[掏出付拿承负])"
    "|(?:自[己个家]|个人)儿?(?:全[部额都]?|统统|都)(?:要|得)?[掏出付拿承负]"
)
_STATED = re.compile(r"[说讲传写](?:的?是|有|只有|只)$")  # 我同事说是5万
_BESIDES = re.compile(r"(?:别的|其他|其它|另外的?)(?:路子|办法|法子|地方|途径|渠道|方式|去处)")
_PERIODS = re.compile(r"[两二三四五六几2-9]个?(?:结算)?期(?![间限末初满])")  # 两个结算期花了多少
_NATIONWIDE = re.compile("全国(?!的?医保服务|人大)|各[省市](?!医保)|每[个座]城市")
# What kind of account is spoken of.
_ACCOUNTS = {"app": re.compile("app|软件|客户端"), "wechat": re.compile("公众号|微信")}
# Which ones there are of a kind: 限额2500的有哪些, 那一档是哪三样.
_THESE = re.compile(
    r"[有是指管][^,。;!?]{0,2}(?:哪(?![里儿边块搭家])|啥(?!意思|地方))"
    r"|[全都][^,。;!?]{0,3}[列点说报写][给出一]|列[出个一]|名单|清单"
    r"|[一][样个][都也]?[不别][落漏]|从头到尾[^,。;!?]{0,4}[念说报数]|(?:念|报|数)(?:给我听|[一个]遍)"
)
# Whether nothing more is needed: 直接去新的那家透就行了吧.
_ENOUGH = re.compile(
    r"[只光][交带拿用凭][^,。;!?]{0,14}(?:行|可以|够|成)[吗么嘛不吧伐]"
    r"|(?:直接|只要|光)[^,。;!?]{0,12}就(?:行|可以|好|成|够|给办|能办)了?[吧吗么嘛?]|[完好了]就(?:行|可以|好|成|够)了[吧吗么嘛?]|就(?:能|可以)?直接|直接就|(?:肯定|一定|铁定|百分百)能|保准|包准"
)
_TREATED = re.compile(
    r"(?:本[地市]|当地|这边|市[里内]|城里|的)*(?:医院)?(?:看|瞧|就医|治病|治疗|做透析)"
)
_NEXT = 3  # characters between a question word and what it asks for


# What is told by how a clause is put, and by what stands anywhere in its message.
_OF_CLAUSE = (
    ("region-rule", _NATIONWIDE),
    ("besides", _BESIDES),
    ("enough", _ENOUGH),
    ("each", SEVERALLY),
    ("later", LATER),
    ("switch", _OTHER_KIND),
    ("proxy", _SENT),
    ("own", _OWN),
    *((f"of {way}", said) for way, said in _ACCOUNTS.items()),
)
_OF_MESSAGE = (("periods", _PERIODS), ("these", _THESE), ("more", _MORE), ("moved", _MOVED))


def hints(reading: Reading, clause: Clause, *, polar: bool) -> set[str]:
    """The cues of a clause beside those it names; `polar` is whether it asks yes or no."""
    text = clause.text
    found = {cue for cue, form in _OF_CLAUSE if form.search(text)}
    found |= {cue for cue, form in _OF_MESSAGE if form.search(reading.text)}
    found |= _told(reading, clause)
    found |= {"hearsay"} if is_hearsay(text) else set()
    found |= {"beside"} if COMPARED.match(text) else set()
    found |= {"full"} if _WHOLLY.search(text.replace("是不是", "")) else set()
    usual = "general" in found and not is_everywhere(text)
    found |= {"any"} if polar and is_of_any(text) else set()
    if polar and is_universal(text) and not usual:
        found |= {"all"}  # 各地一般要不要照片 asks what is usual
    found |= _kinds(clause.tokens) or _kinds(reading.tokens)
    found |= superior(text, clause.start, reading.slots)
    return found | _pointed(clause) | _owning(reading, clause)


def _told(reading: Reading, clause: Clause) -> set[str]:
    """What is told of a person, a place or a sum around a clause."""
    found = {t.value for t in reading.tokens if t.kind == "cue" and t.value in _LASTING}
    found |= {"locally"} if any(_is_home(reading.text, t) for t in reading.tokens) else set()
    found |= {"abroad"} if any(_is_stay(t) for t in reading.tokens) else set()
    found |= {"passed"} if reading.passed else set()
    found |= {"both"} if is_also(reading.slots, reading.text) else set()
    sums = [q for q in reading.amounts if clause.start <= q.start < clause.end]
    stated = any(_STATED.search(reading.text[: q.start]) for q in sums)
    return found | ({"stated"} if stated else set())


def _owning(reading: Reading, clause: Clause) -> set[str]:
    """Who is said to have something: 只给学生、职工没有的,是哪四个病."""
    here = slots_in(reading, clause)
    if any(slot.name in {"scheme", "population"} for slot in here):
        return set(owned(clause.text, clause.start, here))
    return set(owned(reading.text, 0, reading.slots))


def _is_home(text: str, token: Token) -> bool:
    """Whether somebody is treated in the region: 就在北京的医院看."""
    there = _TREATED.match(text[token.end :]) or _CURED_IN.search(text[: token.start])
    return token.kind in {"region", "district"} and bool(there)


def _is_stay(token: Token) -> bool:
    """Whether a token is the place where somebody who is insured elsewhere stays."""
    return token.kind == "cue" and token.value == "offsite" and token.how == PASSED


def _kinds(tokens: tuple[Token, ...]) -> set[str]:
    """Which kinds of disease are spoken of: 慢性病(不是特殊病哈) names one."""
    denied = {t.end for t in tokens if t.kind == "neg"}
    return {t.value for t in tokens if t.value in KINDS and t.start not in denied}


def _pointed(clause: Clause) -> set[str]:
    """What a question word stands right before: 哪两样单子 asks for the form, not who fills it."""
    words = [t for t in clause.tokens if t.kind == "ask" and t.value in {"what", "which"}]
    cues = [t for t in clause.tokens if t.kind == "cue"]
    return {f"of {c.value}" for w in words for c in cues if 0 <= c.start - w.end <= _NEXT}
