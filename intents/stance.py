"""How a yes-or-no question stands to what it asks about, so that one answer serves another.

要去窗口吗, 不用去窗口吧, 可以不去窗口吗 and 非得去窗口吗 ask about the same: whether one needs to
go there. Whoever knows the answer to one of them knows it to all.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct, structs

Kind = Literal["can", "needs", "has", "will", "is"]
Side = Literal["", "soon", "late", "on", "off", "alike", "unlike"]

# What a question asks whether, and whether that is denied; the last of a clause counts.
_MODALS: tuple[tuple[Kind, bool, str], ...] = (
    ("needs", True, (
        "不需要?|不用(?!药)|甭|不必|无需|无须|用不着|不须|没必要|免得|不要(?!紧)|不该|不应该?"
    )),
    ("can", True, (
        "不能|不可以?|不行|不成|不得(?!不)|不给|不让|不准|不许|不支持|不收|不认|不予|没法子?|没办法"
        "|无法|没(?:指望|希望|门儿?)(?=了?(?:[吗么嘛伐吧呢,?]|$))|没有?机会|不好(?=[办报交用])|(?<=[\u4e00-\u9fff])不(?:了|成|到|着|上|出|进)(?!年)"
    )),
    ("will", True, "不会"),
    ("has", True, "没有|冇|并无|没了(?=$|[,?])"),
    ("needs", False, (
        "非(?:得|要)?[^,。;!?]{1,14}?不可(?!以)|才(?=能|可以?|行|给|算|会|有)(?:能|可以?|行|给|算|会|有)|必须|非得|非要|一定得|一定要|只能"
        "|(?<![我他她你妈爸俺家])只有|只可以?|只[收认给用许准限传](?!了)|唯有|需要|须|应当|应该|该不|不得不|要(?!求|是|么|紧|好)"
        "|(?<![报办做治看算拿用花付来批记取获值懂晓说讲觉行打])"
        "得(?!下|了|到|着|上|起|成|病|过|通|及|的|很|多|要命|慌|行)"
        "|用得着(?=[去跑先办点带交再到专])"
        "|(?<![能以会可好要作使应采])用(?=[去到来跑带交填写办不做点弄搞走])|(?<=[还也])用(?![的药过了医卡])"
        "|(?<=[还都也又])的(?=亲自|本人|跑|去|自己|重新|再|先|要)"
    )),
    ("can", False, (
        "(?<![不只才])(?:有资格|能(?!报[多几])|可以|可(?=[否凭从由])|行(?:得通)?|(?<![并变改换当写分看说算想合完形组达造养])成(?!功|都)|中(?=$|[,?])|允许|支持"
        "|没(?:啥|什么|有)?(?:关系|大碍|事儿?)(?=[吧吗么嘛伐?])|不要紧|不碍事|不打紧"
        "|(?:使得|好使|管用|顶用|作数|算数|[说过]得过?去)(?=[吗么嘛不伐吧?])"
        "|好办|(?<!不)好(?=再|重新|继续|享受|申请)|(?<=[\u4e00-\u9fff])得(?:了|成|到|着|上|出|进|来|起|下来|过|通|及)(?=$|[,?吗么嘛伐吧]))"
    )),
    ("will", False, "(?<!不)会(?!员)"),
    ("has", False, "(?<!没)有(?!效|资质|资格|关|些|人|的|权|点|时|病|特|糖|血|癌|高|医保|社保)"),
)  # fmt: skip
_MODAL = re.compile("|".join(f"(?P<m{n}>{form})" for n, (_, _, form) in enumerate(_MODALS)))
# A verb before and after its negation, which denies nothing: 能不能, 要不要, 是不是.
_TWICE = re.compile(
    r"(?P<a>可以|需要|必须)不(?P=a)|(?P<b>[\u4e00-\u9fff])[不没唔](?P=b)(?:(?<=[可能])以|(?<=需)要)?"
)
_MEANT = (
    dict.fromkeys("用需该得", "需要")
    | dict.fromkeys("可让给许准", "可以")
    | dict.fromkeys("成中", "行")
)
# That something is feared: 不会还得等到下个月吧.
_FEARED = re.compile("(?<!会)该?不会(?:是|就)?(?=[^,。;!?]*[吧吗?])")
_WHETHER = re.compile("是不是|是否|系咪|阿是")
# A modal verb that only ends what was asked before it: 材料能不能寄过去,行不行.
_BARE = re.compile("(?:可以|行得通|行|成|中|好)[了的]?[吗么嘛伐吧呀啊呢?。!,]*")
# That nothing else will do: 只有微信能用吗.
_ONLY = re.compile(r"(?<![我他她你妈爸俺家])只有[^,。;!?]{1,12}[能可行给收认]")
_NEGATION = re.compile("[不没未无]|非(?![得要])|(?<![级特区分性差个类识鉴])别(?![的人家处])")
# Doing without what has to be done first: 直接过去刷卡行吗, 说一声就行吧.
_OUTRIGHT = re.compile(
    "直接(?:跑?[过到]?去|换过?去?|[到去])[^,。;!?]{0,6}(?:刷卡|上机|透|做|看|用)"
    "|(?:说|知会|通知|招呼)一声|打个?(?:电话|招呼)|口头|省[掉去了]|免[掉了]|跳过|略过|空着|嘴上|懒得"
)
# What holds a negation and denies nothing of what is asked.
_LOOSE = re.compile(
    "足不出户|该不会|不管|不论|无论|不知道?|不晓得|不清楚|不懂|不好意思|不舒服|差不多|不同|不(?:大|太)?(?:一样|一个样|一致)|没问题|对不起"
    "|就没了|自动没|没掉|不方便|不便|不过(?=[,我他她]|现)|没(?=[几多]久)|没戏"
)
# What came out otherwise is only when it is asked: 没通过能去问吗.
_OUTCOME = re.compile("[没未不](?:有|能)?(?:通过|审过|过审|过关|批(?!量)|过(?=[的了能可怎])|成功)")
# A verb that comes again behind what it is about: 算治疗期不算, 能在网上办不能.
_SPLIT = re.compile("(?P<v>[算是能要会收])(?P<what>[^,。;!?不]{1,10})不(?P=v)(?=$|[,。;!?])")
# What only ends a question: 能传得了不, 要盖章没.
_END = re.compile("(?:[不没否]|没有)[呀啊呢的啦嘛吗么]*[?。!, ]*$")
_WHO = "(?:[我俺他她伊你咱]|人家|这|那|这么|这样|个)*"
_TRUE = (
    "(?:(?<!针)对|准|真|靠谱|可信|可靠|成立|在理|有理|属实|当真|作准|靠得住|站得住脚?|信得过|当得了?真"
    "|啱|没毛病)"
)
_TAG = re.compile(
    "(?:"
    "(?:是吧|对吧|是吗|对吗|对不|是不|是伐|真的吗|真的假的|对不对|是不是|是这么个?(?:事|回事|理)儿?[吗么不伐吧]?)"
    "|(?:是|是不是|真是|难道真)(?:这样|这个理)(?:的|子)?[吗么吧不伐]?"
    # 他说得准吗, 这话靠不靠谱, 路子对伐, 我没记岔吧
    f"|{_WHO}(?:话|说法|讲法|消息|信儿?|想法|算法|路子|规矩)?"
    rf"(?:{_WHO}(?:说|讲|教|想|看|理解|记|听|传)得?)?{_TRUE}(?:[不唔勿]{_TRUE}|[吗么嘛不伐没吧哇]|(?=\?))"
    f"|{_WHO}[没冇唔勿]有?(?:说|讲|记|想|听|搞|弄|理解|看|猜|算|领会)?(?:错|岔|跑儿?)[吗么嘛吧哇伐]"
    f"|(?:真?有|是){_WHO}(?:的|一)?[条种回样]?(?:的|好)?(?:规定|规矩|说法|算法|事儿?)[吗么嘛不伐没吧]"
    ")[呀啊呢?。!, ]*$"
)
_PAUSE = re.compile("[,。;!? ]")
# A clause that says nothing of its own, before a modal verb: 没盖章,拿去办特病行得通不.
_HOLLOW = re.compile(
    "(?:就|也|还|这样|这么|那|拿去|拿着|直接|去|来|办|申请|报|特病|门特|慢病|一般|通常|是|的)*"
)
_UNLIMITED = re.compile("[没不无]封顶|[没无]有?(?:上限|限额)")  # what one has, and not without
_UNLESS = re.compile("^.*[没不未][^不]{1,8}就(?!是|不|没)")  # 半年没申请就作废了吗
_BEFORE = 10  # characters before a modal verb in which a negation belongs to it
_ALONE = 2  # characters before a modal verb that say nothing of what can be done: 都行吗
# Two sides of one matter, of which a question asks about the one: 当天就能用吗 or 次月才生效吗,
# 自动停吗 or 自动续上吗.
_SIDES: tuple[tuple[Side, re.Pattern[str]], ...] = (
    (
        "soon",
        re.compile("马上|立刻|立马|立即|即刻|即时|(?<!申请)(?<!确诊)(?<!备案)当[天日场时](?!才)"),
    ),
    (
        "late",
        re.compile("次[日月]|下个?月|第二天|隔[天月]|过[一几些好上]?(?:[段阵些]|几?天|个?月)"),
    ),
    ("on", re.compile("自动续|续上|续期|自动延|顺延|延长")),
    (
        "alike",
        re.compile(
            "(?<!不)(?:一样|一个样|相同|一致)|(?<!不)统一|(?<!好几)[一同]个?套(?:标准|规定|规矩|办法)|没(?:有|啥)?(?:区别|差别|两样)"
        ),
    ),
    (
        "unlike",
        re.compile(
            "不(?:大|太)?(?:一样|一个样|相同|同(?![意时])|一致|统一)|有(?:啥)?(?:区别|差别|差异|高有低)"
        ),
    ),
    ("off", re.compile("自动停|自动终止|自动没|停掉|终止|失效|没掉|断掉|作废|就没了")),
)
_OPPOSITE: dict[Side, Side] = {
    "soon": "late", "late": "soon", "on": "off", "off": "on", "alike": "unlike", "unlike": "alike",
}  # fmt: skip
_EXCLUSIVE = re.compile("只有|只能|必须|一定|非得|非要|仅")
_EVERYWHERE = re.compile("哪[^,。;!?]{0,5}都|每[个座]|所有|全国|一律|统统|随便哪")
_ANY = re.compile(
    "(?:随便|任意|无论|不管|不论|甭管)(?:去|在|到|找|由)?(?:哪|什么|啥)|任何|任意|(?:(?<=是不是)|(?<!是))哪(?!些)[^,。;!?]{1,8}都"
)
# That nothing else does, or all of it only together: 光认社保卡, 非得两样都做了才给.
_SOLE = re.compile(
    "(?:(?<![一两二三四几不可])只(?!要|是)|仅|(?<![时风阳曝眼])光|(?<![简名清账订菜])单单?|独独|净|唯独)就?"
    "(?:(?:[认许准给收限算报归]|支持)(?!么|为)|[是系有][^,。;!?]{1,10}(?:才|能|可|行|给))"
    "|独独[^,。;!?]{1,8}能|统共就|(?<!要)[光单只](?:化疗|放疗|血透|腹透|换[肝肾]|门诊|住院)[^,。;!?]{0,3}(?:给|才|能|算)"
    "|(?:非得|非要|必须|得|要)[^,。;!?]{0,10}(?:全|都|齐)[^,。;!?]{0,6}才|(?:全|都)[^,。;!?]{0,4}了?才"
)
_UNIVERSAL = re.compile("都|每个|所有|全部|各地|一律|统一")


class Stance(Struct, frozen=True):
    """What a question asks whether: one can, must or has something, or that something is so.

    `denied` is that it is put negatively (不能寄吧), `without` that it is asked of doing without
    (不去也行吧), `tagged` that it is put as a sentence to be confirmed (必须去,是吧), `only` that
    it is asked whether nothing else will do (只能去吗), `feared` that it had better not be so
    (不会还得去吧), `side` which of two contrary sides is asked about, `sole` that something is said
    to be so of one thing alone (光认社保卡).
    """

    kind: Kind
    denied: bool = False
    without: bool = False
    tagged: bool = False
    only: bool = False
    feared: bool = False
    side: Side = ""
    sole: bool = False

    @property
    def subject(self) -> Kind:
        """What it comes to: what can be left undone need not be done."""
        return "needs" if self.kind == "can" and self.without else self.kind

    def told(self, *, yes: bool) -> bool:
        """Whether what the question is about holds, where its answer is yes or no."""
        return (yes != self.denied) != self._turned

    def answer(self, *, holds: bool) -> bool:
        """Whether the verb of the question is affirmed where that holds: 可以, or 不能.

        A question put as a sentence is affirmed as a whole: 不用去,是吧 by 是的.
        """
        surface = holds != self._turned
        whole = self.tagged or self.feared or self.kind == "is"
        return surface != self.denied if whole else surface

    @property
    def _turned(self) -> bool:
        return self.subject != self.kind


def opposed(one: Stance, other: Stance) -> bool | None:
    """Whether two ask about contrary sides of one matter; None where they ask about no such."""
    if not one.side or not other.side or other.side not in {one.side, _OPPOSITE[one.side]}:
        return None
    if "needs" in {one.kind, other.kind} and other.side in {"on", "off"}:
        return None  # 得去办个终止吗 does not ask whether it ends
    return one.side != other.side


def comparable(one: Kind, other: Kind) -> bool:
    """Whether what holds of one kind may be said of the other: 收邮寄的吗, 能邮寄吗."""
    return one == other or ("is" in {one, other} and {one, other} <= {"is", "can", "will"})


def stance(text: str) -> Stance:
    """The stance of a normalised yes-or-no question."""
    sides = [side for side, form in _SIDES if form.search(text)]
    if feared := list(_FEARED.finditer(text)):
        put = structs.replace(_stance(text[feared[-1].end() :]), feared=True)
    else:
        put = _stance(text)
    side = sides[0] if len(sides) == 1 else ""
    if side in {"on", "off"} and put.kind == "needs" and put.denied and put.tagged:
        put = Stance("is", tagged=True)  # 会自动续上,我们不用管,对伐
    return structs.replace(put, side=side, sole=bool(_SOLE.search(text)))


def _stance(text: str) -> Stance:
    plain = _SPLIT.sub(r"\g<v>\g<what>", text.replace("有冇得", "可以"))
    plain = _TWICE.sub(_once, _TAG.sub("", plain))
    plain = _OUTCOME.sub("", _LOOSE.sub("", _END.sub("", plain)))
    tagged = bool(_TAG.search(text))
    found = list(_MODAL.finditer(plain))
    if _ONLY.search(plain) and (not found or _MODALS[_number(found[-1])][0] == "can"):
        return Stance("needs", tagged=tagged, only=True)  # 只有微信能用吗: whether it must be
    if not found:
        return Stance("is", denied=bool(_NEGATION.search(_last(plain))), tagged=tagged)
    earlier = _MODALS[_number(found[-2])][0] if len(found) > 1 else "has"
    ends = bool(_BARE.fullmatch(plain, found[-1].start()))
    if earlier != "has" and ends and _is_next(plain, *found[-2:]):
        found.pop()  # 材料能不能寄过去,行不行: the first says what is asked
    main = found[-1]
    kind, denied, _ = _MODALS[_number(main)]
    beside = _beside(plain, main)
    without = bool(_NEGATION.search(beside) or _OUTRIGHT.search(beside))
    # 是不是就不给报了, 没有卡就办不了吗: not whether it can be, but whether it is so
    whole = denied and (without or bool(_WHETHER.search(text)))
    return Stance(
        kind,
        denied,
        without,
        tagged=tagged or whole,
        only=main.group()[0] in "只仅唯",
    )


def _last(text: str) -> str:
    """What is asked in the end: 拖过半年没去申请,就全作废了."""
    parts = [part for part in _PAUSE.split(text) if len(part) > _ALONE]
    return _UNLESS.sub("", parts[-1]) if parts else text


def _is_next(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether a modal verb stands in the clause of another one, or in the one before it."""
    return len(_PAUSE.findall(text[one.end() : other.start()])) <= 1


def _number(modal: re.Match[str]) -> int:
    return int((modal.lastgroup or "m0")[1:])


def _once(twice: re.Match[str]) -> str:
    """A verb before and after its negation as one without: 用不用 as 需要."""
    verb = next(group for group in twice.groups() if group)
    return _MEANT.get(verb, verb)


def _beside(text: str, modal: re.Match[str]) -> str:
    """What stands beside the modal in its clause; where it stands alone, in the one before."""
    *others, own = _PAUSE.split(text[: modal.start()])
    told = [part for part in others if part]
    near = told[-1] if told and (len(own) < _ALONE or _HOLLOW.fullmatch(own)) else own
    return _UNLIMITED.sub("", near[-_BEFORE:] + text[modal.end() :])


def is_exclusive(text: str) -> bool:
    """Whether a question asks if nothing else will do: 必须去窗口吗 is not 能去窗口吗."""
    return bool(_EXCLUSIVE.search(text))


def is_everywhere(text: str) -> bool:
    """Whether a question asks if something holds wherever one is: 哪座城都能直接刷吗."""
    return bool(_EVERYWHERE.search(text))


def is_of_any(text: str) -> bool:
    """Whether a question asks if any one will do: 随便哪家医院做都给报吗, 哪个大夫开都成吗."""
    return bool(_ANY.search(text))


def is_universal(text: str) -> bool:
    """Whether a question asks if something holds everywhere, of all: 每个地方都要两张照片吗."""
    return bool(_UNIVERSAL.search(text))
