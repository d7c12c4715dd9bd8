"""A clause → an Ask: the slots that belong to it, its form, and asks that come to the same."""

from __future__ import annotations

import re
from collections import defaultdict

from msgspec import structs

from intents.choosing import FOLLOWING, Asked
from intents.clauses import SHORT, Clause, asks, is_hearsay, is_open
from intents.echo import echo
from intents.normalise import is_han
from intents.owning import owned
from intents.persons import about, relatives
from intents.pinyin import spellings
from intents.places import PASSED
from intents.reading import Reading
from intents.rivals import superior
from intents.slots import CANCER, SLOTTED
from intents.stance import is_everywhere, is_universal, stance
from intents.understanding import Ask, Candidate, Form, Slot, Token

ELLIPSIS = ""  # the topic of an ask that names only slots: 退休的呢
# Characters that carry nothing by themselves: adverbs, prepositions, pronouns, particles.
_PARTICLES = frozenset(
    "能可会光它将只却最便曾均真越极仅必须忽颇渐终过着地既若由向至同自因除凭各本另任己们者般呵第俩完出"
)
_WORD = re.compile(r"[a-z]{4,}")
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
        "refusal",
        "general",
        "anywhere",
        "locally",
        "circle15",
    }
)
_OPEN = frozenset("what how which where who when howmuch howlong why".split())
# Slots that belong to the whole message, not to the clause they stand nearest to.
_SHARED = frozenset({"yuan", "spent", "inpatient", "paid", "percent", "year", "outside", "talk"})
# Slots that are those of one person in a story.
_PERSONAL = frozenset(
    {
        "disease",
        "member",
        "tumour",
        "other-disease",
        "scheme",
        "population",
        "age",
        "born",
        "exempt",
    }
)
_FIGURES = frozenset({"howmuch", "limit", "rate", "selfpay", "deductible"})
_JOINED = re.compile(r"[和跟与及同、比]|以及|还有|对比|(?:以后)?[长变升过]?[到成满]了?")
_ANY = re.compile(r"(?:随便|无论|不管|不论|任何|任意|管他|甭管)[^,。;!?]{0,2}$")
# 好几 and 剩下哪 name some; 然后报几成 asks.
_SOME = re.compile(r"(?:[这那好前后过]|[剩接]下来|未来|剩下|[有搞弄来]个)$")
_ALL = re.compile(r"[^,。;!?是有要]{0,6}都(?:[能可行给要得]|是不是)|[^,。;!?]{0,5}也(?:行|可以|能)")
# Slots that narrow a question of figures to somebody or somewhere.
_GROUPS = frozenset({"scheme", "population", "hospital", "age"})
# What only a later question names is not what an earlier one asks about.
_OF_NEXT = _GROUPS | {"other-place", "place"}
# Who asks for several at once (各自限额多少, 两个人一样吗), and what is then meant of each.
_JOINTLY = re.compile(r"各自|分别|各[是多能]|[两俩三][个]?人|[他她我咱俺]俩|他们|她们")
_EACH = frozenset({"disease", "member", "scheme", "population", "other-place"})
_PARTICLES_OF_ASKING = frozenset("吗么嘛伐")
# 跟1型糖尿病一样吗 compares with what was spoken of before.
_COMPARED = re.compile(r"(?:那么?|它|这个|也|又|还?是)*[跟和与同比]")
_COUNTING = frozenset("几哪多什啥")
_AGES = frozenset({"age", "born"})
_PLACES = frozenset({"region", "district", "landmark", "other-place", "place"})
# The tables of a document that has one for each.
_KINDS = frozenset({"special-kind", "chronic-kind"})
# What holds for everybody in a story that names only one of it.
_ALONE = _PLACES | {"disease", "member", "exempt"}
# Slots that make two questions of one topic two.
_APART = _PLACES | frozenset(
    "disease other-disease tumour platform scheme population hospital yuan floor".split()
)
# 换成家附近的医院, but not 换肾的医院.
_MOVED = re.compile(
    r"搬(?:家|到|去|来)[^。;!?]{0,14}医院[^,。;!?]{0,4}远|从[^,。;!?]{1,8}(?:换|挪|转)到|(?:改|换(?![肾肝心肺血])|挪|转(?!移))[成到去个一为][^,。;!?]{0,9}医院|医院[^,。;!?]{0,5}(?:想|要)[换挪改]|医院(?:换|改|挪|转)[成到去]|换一?[家个间所][^,。;!?]{0,4}医院"
)
# Another sum to try: 要是30万呢.
_SUPPOSING = re.compile(r"[,。;!? ]*(?:那|那么)?(?:要是|如果|假如|假设|若是|万一|换成|改成)")
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
_DOUBTED = re.compile("难道|莫非|莫不是")
_SENTENCE = re.compile("[。!?;]")
# Whether one pays for all of it: 是不是全自费, 得自己全掏吧.
_OWN = re.compile(
    "(?:全[部额都]?|统统|都)[要得是靠由]{0,2}(?:自费|自付|自理|(?:自[己个家]|个人)儿?(?:来)?[掏出付拿承负])"
    "|(?:自[己个家]|个人)儿?(?:全[部额都]?|统统|都)(?:要|得)?[掏出付拿承负]"
)
# What comes after a bound that was told of before: 往后再做的还给不给报.
_LATER = re.compile(r"往后|后面|之后|后续|再往下|接下来|余下|剩下|多出来|超出")
# What several people get, each of them: 两个人各报多少.
_SEVERALLY = re.compile(r"各自|各(?:报|能|可|得|是|给|多少|要)|分别")
_OF_ONE = frozenset({"hospital", "scheme", "population", "disease", "age"})
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
)
# Whether nothing more is needed: 直接去新的那家透就行了吧.
_ENOUGH = re.compile(
    r"[只光][交带拿用凭][^,。;!?]{0,14}(?:行|可以|够|成)[吗么嘛不吧伐]"
    r"|(?:直接|只要|光)[^,。;!?]{0,12}就(?:行|可以|好|成|够)了?[吧吗么嘛?]|[完好了]就(?:行|可以|好|成|够)了[吧吗么嘛?]|就(?:能|可以)?直接|直接就|(?:肯定|一定|铁定|百分百)能|保准|包准"
)
_TREATED = re.compile(
    r"(?:本[地市]|当地|这边|市[里内]|城里|的)*(?:医院)?(?:看|就医|治病|治疗|做透析)"
)
# A question by its mark alone, put with a verb that is answered yes or no: 这也能按治疗期算?
_MODAL = re.compile(
    r"(?:能|可以|会|要|得|行|成|中|算|属于|包括|享受|符合)[^,。;!?]*\?[ ?!]*$"
    r"|(?:行|可以|成|中|没问题)吧[?。! ]*$|[就也都](?:不|没|能|要|得|只)[^,。;!?]*\?[ ?!]*$"
)
_NEXT = 3  # characters between a question word and what it asks for
_LACKS = frozenset({"没有", "没", "冇"})
_BESIDE = 8  # characters within which a negation belongs to the question word
_TOGETHER = 14  # characters within which values of one slot are named in one breath


def slots_in(reading: Reading, clause: Clause) -> tuple[Slot, ...]:
    """The slots that a clause names itself."""
    return tuple(s for s in reading.slots if clause.start <= s.span[0] and s.span[1] <= clause.end)


def slots_for(reading: Reading, clause: Clause) -> tuple[Slot, ...]:
    """The slots of a clause; what it does not say itself was said nearest before it, else after."""
    own = list(slots_in(reading, clause))
    rest: dict[str, list[Slot]] = defaultdict(list)
    for slot in reading.slots:
        if slot not in own:
            rest[slot.name].append(slot)
    own += [s for s in reading.slots if _is_insured_at(reading, s) and s not in own]
    taken = _taken(own)
    # 腹透在家做,也跟血透一样吗: what a clause begins to compare with stands before it.
    each = bool(_SEVERALLY.search(clause.text))
    jointly = each or bool(_JOINTLY.search(clause.text) or _COMPARED.match(clause.text))
    stretches = None if jointly else about(reading.text, clause.start, clause.end)
    rest["yuan"] = _supposed(reading, clause, rest["yuan"])
    for name, said in rest.items():
        slots = _not_of_next(reading, clause, said) if name in _OF_NEXT else said
        if stretches and name in _PERSONAL | _PLACES and not _is_only(name, said):
            slots = [s for s in slots if any(a <= s.span[0] < b for a, b in stretches)]
        if (name in _EACH and jointly) or (name in _OF_ONE and each):
            own += slots
        elif slots and name == "hospital" and (spent_at := _beside_sums(reading, said)):
            own += spent_at
        elif slots and (name in _SHARED or name not in taken):
            own += _of_rest(reading, clause, name, slots)
    first: dict[tuple[object, ...], Slot] = {}
    for slot in sorted(own, key=lambda slot: slot.span):
        first.setdefault((slot.name, slot.value if slot.name not in _SHARED else slot.span), slot)
    return tuple(first.values())


def _is_insured_at(reading: Reading, slot: Slot) -> bool:
    """Whether a slot is where somebody is said to be insured, in a message that is no story."""
    placed = slot.name == "district" and slot.value in reading.insured
    return placed and len(reading.clauses) <= SHORT


def _taken(own: list[Slot]) -> set[str]:
    """The kinds of slots that a clause needs no more, for it names such a one itself."""
    taken = {slot.name for slot in own}
    if taken & (_PLACES - {"landmark"}):  # 住新区的,也要跑到平泷路吗 is asked of both
        taken |= _PLACES
    ill = {slot.value for slot in own if slot.name == "disease"}
    if ill and ill.isdisjoint(CANCER):  # 狼疮限额多少,白血病呢
        taken |= {"tumour"}
    return taken


def _supposed(reading: Reading, clause: Clause, sums: list[Slot]) -> list[Slot]:
    """Without sums that a later clause tries, and for one that tries its own without others."""
    tried = [c for c in reading.clauses if _SUPPOSING.match(c.text) and slots_in(reading, c)]
    if clause in tried and any(slot.name == "yuan" for slot in slots_in(reading, clause)):
        return []
    later = [c for c in tried if c.start > clause.start]
    return [s for s in sums if not any(c.start <= s.span[0] < c.end for c in later)]


def _beside_sums(reading: Reading, hospitals: list[Slot]) -> list[Slot]:
    """The hospitals at which something was spent each: 社区配药1200,又去三级医院花了600."""
    places = [slot for slot in reading.slots if slot.name == "hospital"]
    sums = [one.start for one in reading.amounts if one.unit == "yuan"]
    paid = [c for c in reading.clauses if any(c.start <= at < c.end for at in sums)]
    found = {s.value for s in places if any(c.start <= s.span[0] < c.end for c in paid)}
    before = [[s.value for s in places if s.span[1] <= at] for at in sums]
    found |= {values[-1] for values in before if values}
    return hospitals if len(found) > 1 else []


def _of_rest(reading: Reading, clause: Clause, name: str, slots: list[Slot]) -> list[Slot]:
    """Which of the values said elsewhere in a message a clause takes over."""
    if name in _SHARED:  # 要是超过35万了,后面还报吗 asks of what is above it
        above = bool(_LATER.search(clause.text))
        return [slot for slot in slots if above or not (slot.name == "yuan" and slot.said)]
    ill = [s for s in reading.slots if s.name == "disease"] if name in _AGES else []
    return _of_patient(slots, ill[0], reading.text) if ill else _nearest(slots, clause)


def _not_of_next(reading: Reading, clause: Clause, slots: list[Slot]) -> list[Slot]:
    """Without the values that only a later question names: 限额多少,居民有吗 asks for all first."""
    later = [c for c in reading.clauses if c.start >= clause.end and _asks_more(c)]
    return [slot for slot in slots if not any(c.start <= slot.span[0] < c.end for c in later)]


def _asks_more(clause: Clause) -> bool:
    """Whether a later clause asks, or wants a figure: 济南那边报销比例给我查一下."""
    wanted = any(t.kind == "cue" and t.value in _FIGURES for t in clause.tokens)
    return any(map(asks, clause.tokens)) or wanted


def _is_only(name: str, said: list[Slot]) -> bool:
    """Whether a story names one disease or one place only, whoever it is said of: 儿子这病."""
    return name in _ALONE and len({slot.value for slot in said}) == 1


def _of_patient(ages: list[Slot], disease: Slot, text: str) -> list[Slot]:
    """Of the ages in a story the one said nearest to the disease, and those joined to it."""
    first = min(ages, key=lambda s: max(s.span[0] - disease.span[1], disease.span[0] - s.span[1]))
    runs: list[list[Slot]] = []
    for age in sorted(ages, key=lambda slot: slot.span):
        if runs and _JOINED.fullmatch(text[runs[-1][-1].span[1] : age.span[0]]):
            runs[-1].append(age)
        else:
            runs.append([age])
    return next(run for run in runs if first in run)


def _nearest(slots: list[Slot], clause: Clause) -> list[Slot]:
    """Of the values of a slot those said together, last before the clause, else first after it."""
    earlier = [slot for slot in slots if slot.span[1] <= clause.start]
    pivot = earlier[-1] if earlier else slots[0]
    return [slot for slot in slots if abs(slot.span[0] - pivot.span[0]) <= _TOGETHER]


def ask_of(
    topic: str,
    reading: Reading,
    clause: Clause,
    asked: Asked,
    best: tuple[Candidate, ...] = (),
) -> Ask:
    """What a clause asks about a topic; `asked` is what it says, `best` the nearest phrasings."""
    asking = [t for t in clause.tokens if not _is_any(clause, t) and t.value not in _KINDS]
    words = {token.value for token in asking if token.kind == "ask"} - {"request"}
    if any(t.kind == "cue" and t.said[-1] in _PARTICLES_OF_ASKING for t in asking):
        words |= {"yn"}  # 一样吗 is a cue of its own
    if not words and _MODAL.search(clause.text) and _tells(clause):
        words = {"yn"}
    said, slots = _to_its_end(reading.text, clause), asked.slots
    if other := _offered(asking):
        words -= {"or"}
        said = said[: other - clause.start]
        slots = tuple(s for s in slots if s.name not in _GROUPS or s.span[0] < other)
    open_words = words - {"yn"} or any(is_open(t) for t in asking if t.kind == "cue")
    form: Form = "yes_no" if "yn" in words and not open_words else "open"
    beyond = {t.value for t in reading.tokens if t.kind == "cue" and t.value in _LASTING}
    beyond |= {"beside"} if _COMPARED.match(clause.text) else set()
    usual = "general" in beyond and not is_everywhere(clause.text)
    if form == "yes_no" and is_universal(clause.text) and not usual:
        beyond |= {"all"}  # 各地一般要不要照片 asks what is usual
    beyond |= {"locally"} if any(_is_home(reading.text, t) for t in reading.tokens) else set()
    beyond |= {"abroad"} if any(_is_stay(t) for t in reading.tokens) else set()
    sums = [q for q in reading.amounts if clause.start <= q.start < clause.end]
    beyond |= {"stated"} if any(_STATED.search(reading.text[: q.start]) for q in sums) else set()
    beyond |= {"region-rule"} if _NATIONWIDE.search(clause.text) else set()
    beyond |= {"hearsay"} if is_hearsay(clause.text) else set()
    beyond |= {"besides"} if _BESIDES.search(clause.text) else set()
    beyond |= {"periods"} if _PERIODS.search(reading.text) else set()
    beyond |= {"passed"} if reading.passed else set()
    beyond |= {"enough"} if _ENOUGH.search(clause.text) else set()
    beyond |= {"these"} if _THESE.search(reading.text) else set()
    beyond |= {"each"} if _SEVERALLY.search(clause.text) else set()
    beyond |= {"later"} if _LATER.search(clause.text) else set()
    beyond |= {"full"} if _WHOLLY.search(clause.text.replace("是不是", "")) else set()
    beyond |= {"switch"} if _OTHER_KIND.search(clause.text) else set()
    beyond |= {"own"} if _OWN.search(clause.text) else set()
    beyond |= {"more"} if _MORE.search(reading.text) else set()
    beyond |= _kinds(clause.tokens) or _kinds(reading.tokens)
    here = slots_in(reading, clause)
    if any(slot.name in {"scheme", "population"} for slot in here):
        beyond |= owned(clause.text, clause.start, here)
    else:  # 只给学生、职工没有的,是哪四个病
        beyond |= owned(reading.text, 0, reading.slots)
    beyond |= {f"of {way}" for way, said in _ACCOUNTS.items() if said.search(clause.text)}
    beyond |= superior(clause.text, clause.start, reading.slots)
    beyond |= _pointed(clause) | ({"moved"} if _MOVED.search(reading.text) else set())
    return Ask(
        topic,
        slots,
        frozenset(t.value for t in asking if t.kind in {"cue", "ask"}) | beyond,
        form,
        _is_negated(clause),
        tuple(c for c in best if c.topic == topic),
        _is_strange(clause, asked),
        trailing=_trails(clause) and _is_named(clause),
        verb=echo(said) if form == "yes_no" else "is",
        stance=stance(said) if form == "yes_no" else None,
        others=tuple(c for c in best if c.topic != topic),
    )


def _to_its_end(text: str, clause: Clause) -> str:
    """What a clause asks, with the rest of a sentence that is doubted: 难道过了半年,就作废了?"""
    if not _DOUBTED.search(clause.text):
        return clause.text
    end = _SENTENCE.search(text, clause.start)
    return text[clause.start : end.end() if end else len(text)]


def _offered(asking: list[Token]) -> int:
    """Where the other case begins after a yes or no: 职工能办不,还是只有居民能办; 0 without one."""
    polar = [token.end for token in asking if token.kind == "ask" and token.value == "yn"]
    other = [token.start for token in asking if token.kind == "ask" and token.value == "or"]
    return other[0] if polar and other and polar[0] <= other[0] else 0


def _is_named(clause: Clause) -> bool:
    """Whether a clause names what an ask can be about, or whom: 妈妈呢."""
    named = any(token.kind in SLOTTED or token.kind == "yuan" for token in clause.tokens)
    return named or bool(relatives(clause.text))


def _tells(clause: Clause) -> bool:
    """Whether a clause says itself what it asks about, and more than 也算?"""
    cues = {token.value for token in clause.tokens if token.kind == "cue"}
    return len(cues) > 1 or any(token.kind in SLOTTED for token in clause.tokens)


def _is_any(clause: Clause, token: Token) -> bool:
    """Whether a question word asks nothing but means any: 随便哪个诊所, 哪家医院都行."""
    if not asks(token) or token.value in {"yn", "request"}:
        return False
    before = clause.text[: token.start - clause.start]
    after = clause.text[token.end - clause.start :]
    some = token.said[0] in _COUNTING and _SOME.search(before)
    return bool(some or _ANY.search(before) or _ALL.match(after))


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
    return {t.value for t in tokens if t.value in _KINDS and t.start not in denied}


def _pointed(clause: Clause) -> set[str]:
    """What a question word stands right before: 哪两样单子 asks for the form, not who fills it."""
    words = [t for t in clause.tokens if t.kind == "ask" and t.value in {"what", "which"}]
    cues = [t for t in clause.tokens if t.kind == "cue"]
    return {f"of {c.value}" for w in words for c in cues if 0 <= c.start - w.end <= _NEXT}


def _is_negated(clause: Clause) -> bool:
    """Whether what is asked is put with a negation, not something told in the same breath."""
    polar = [t for t in clause.tokens if t.kind == "ask" and t.value == "yn"]
    denied = [t for t in clause.tokens if t.kind == "neg"]
    if not polar:
        return bool(denied)
    if len(polar) < len(list(filter(asks, clause.tokens))) and any(p.said in _LACKS for p in polar):
        return True  # 哪些病学生没有
    return any(
        p.start - _BESIDE <= t.end and t.start <= p.end + _BESIDE for p in polar for t in denied
    )


def _trails(clause: Clause) -> bool:
    return clause.text.rstrip(" ?。!,").endswith("呢")


def _is_strange(clause: Clause, asked: Asked) -> bool:
    """Whether a clause asks with words of its own; a trailing 呢 only goes on."""
    trailing = _trails(clause)
    words = any(token.kind == "word" for token in clause.tokens)
    polar = any(t.kind == "ask" and t.value == "yn" for t in clause.tokens)
    alone = polar and (FOLLOWING in asked.bag or not clause.has_cue)
    odd = words or asked.odd >= (1 if alone else 2)
    return odd and not trailing and any(map(asks, clause.tokens))


def uncovered(clause: Clause) -> int:
    """How many characters belong to no token at all; a word in letters that is no pinyin is two."""
    covered = {at for t in clause.tokens for at in range(t.start, t.end)}
    text = enumerate(clause.text, clause.start)
    words = (m for m in _WORD.finditer(clause.text) if not spellings(m.group()))
    foreign = sum(2 for m in words if covered.isdisjoint(range(*_shifted(m, clause.start))))
    odd = (char for at, char in text if at not in covered and char not in _PARTICLES)
    return foreign + sum(map(is_han, odd))


def _shifted(found: re.Match[str], by: int) -> tuple[int, int]:
    return found.start() + by, found.end() + by


def gone_on(asked: list[Ask]) -> list[Ask]:
    """Within a message an ask of slots only goes on with the question before it (白内障呢)."""
    made: list[Ask] = []
    figures = any(ask.topic == "benefit" for ask in asked)  # 一年多少,报几成
    for ask in asked:
        last = made[-1] if made else None
        if figures and ask.topic == ELLIPSIS and _is_figure(ask, last or ask):
            made.append(structs.replace(ask, topic="benefit"))
        elif last is not None and last.topic == "diseases" and _is_of_each(ask):
            made[-1] = structs.replace(last, cues=last.cues | ask.cues | {"every"})
        elif last is None or ask.topic != ELLIPSIS or last.topic in {ELLIPSIS, "outside"}:
            made.append(ask)
        elif _is_figure(ask, last):
            made.append(structs.replace(ask, topic="benefit"))
        elif _confirms(ask, last):
            made[-1] = structs.replace(
                last, form="yes_no", verb=ask.verb, stance=ask.stance, cues=last.cues | ask.cues
            )
        elif ask.trailing:
            cues = last.cues | ask.cues
            made.append(structs.replace(ask, topic=last.topic, cues=cues, form=last.form))
        else:
            made.append(ask)
    return made


def _is_of_each(ask: Ask) -> bool:
    """Whether a figure is asked for, and of no disease: 有哪几个病,限额几块."""
    return ask.topic == "benefit" and "limit" in ask.cues and not ask.values("disease")


def _confirms(ask: Ask, last: Ask) -> bool:
    """Whether a bare yes-or-no is asked of what was told before it: 复发了,还能按那档来吗."""
    return ask.form == "yes_no" and last.form == "open" and last.cues.isdisjoint(_OPEN)


def _is_figure(ask: Ask, last: Ask) -> bool:
    """Whether an ask without a topic wants a figure of the disease at hand: 算不算?职工一年几多."""
    ill = any(slot.name == "disease" for slot in (*ask.slots, *last.slots))
    return ill and bool(ask.cues & _FIGURES)


def _united(one: Ask, other: Ask) -> Ask:
    """Two asks of the same as one: a yes or no where either wants it, the nearer phrasings."""
    form: Form = "yes_no" if "yes_no" in {one.form, other.form} else "open"
    polar = other if other.form == "yes_no" else one  # 自己填完就行了吧,用不用大夫签名
    nearer = max(one, other, key=lambda ask: ask.ranked[0].score if ask.ranked else 0.0)
    cues = one.cues | other.cues
    return structs.replace(
        one, cues=cues, form=form, verb=polar.verb, stance=polar.stance, ranked=nearer.ranked
    )


def _timed(ask: Ask) -> Ask:
    """几天有信儿, beside where it is seen: how long it takes."""
    long = not ask.cues.isdisjoint({"howlong", "days"}) and "where" not in ask.cues
    if not (long and ask.topic == "result"):
        return ask
    return structs.replace(ask, topic="review_time", ranked=())


def merged(asked: list[Ask]) -> tuple[Ask, ...]:
    """Asks of one topic about the same things become one; empty ones go where others stay."""
    kept: dict[tuple[object, ...], Ask] = {}
    for ask in map(_timed, asked):
        about = tuple(s.value for s in ask.slots if s.name in _APART)
        before = kept.get((ask.topic, about))
        kept[ask.topic, about] = _united(before, ask) if before else ask
    full = [ask for ask in kept.values() if ask.topic]
    if any(ask.topic == "compare" for ask in full):
        wanted = frozenset(cue for ask in full if ask.topic == "benefit" for cue in ask.cues)
        full = [
            structs.replace(ask, cues=ask.cues | wanted) if ask.topic == "compare" else ask
            for ask in full
            if ask.topic != "benefit"
        ]
    return tuple(full or kept.values())
