"""Search as you type: what a few characters or letters stand for, best first."""

from __future__ import annotations

from time import process_time

import pytest
from asking import DAY

from bot.answers import plain
from bot.search import Hit, Index, find, index, index_of
from bot.service import Service, turn
from intents.dialogue import State
from knowledge.pack import Library

Expected = tuple[str, str, str]


@pytest.fixture(scope="module")
def found(served: Service) -> Index:
    """The index of the project's own packs."""
    return index_of(served, DAY)


def first(found: Index, text: str, region: str | None = "suzhou") -> Expected:
    """The kind, id and facet of the best hit."""
    hits = find(found, text, region=region)
    assert hits, text
    return hits[0].kind, hits[0].id, hits[0].facet


WHOLE = ("disease", "dialysis", "")
LIMIT = ("disease", "dialysis", "limit")
ADDRESS = ("office", "office-kunshan", "address")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透", WHOLE),
        ("tou", WHOLE),
        ("touxi", WHOLE),
        ("tx", WHOLE),
        ("血透", WHOLE),
        ("gaoxu", ("disease", "hypertension", "")),
        ("gxy", ("disease", "hypertension", "")),
        ("tnb", ("disease", "diabetes", "")),
        ("康复", ("disease", "cancer-recovery", "")),
        ("透析限额", LIMIT),
        ("透析 限额", LIMIT),
        ("限额 透析", LIMIT),
        ("tx xe", LIMIT),
        ("txxe", LIMIT),
        ("touxi xe", LIMIT),
        ("touxixiane", LIMIT),
        ("tou xi xian e", LIMIT),
        ("透析xe", LIMIT),
        ("tou析限额", LIMIT),
        ("职工 透析 限额", LIMIT),
        ("透析 材料", ("disease", "dialysis", "materials")),
        ("touxi bili", ("disease", "dialysis", "rate")),
        ("ks dz", ADDRESS),
        ("ksdz", ADDRESS),
        ("昆山地址", ADDRESS),
        ("kunshan dizhi", ADDRESS),
        ("花桥 地址", ADDRESS),
        ("前进西路", ADDRESS),
        ("昆山 公众号", ("office", "office-kunshan", "account")),
        ("SIP", ("office", "office-sip", "address")),
        ("材料", ("region", "materials", "materials")),
        ("邮寄", ("rule", "mail", "")),
        ("youji", ("rule", "mail", "")),
        ("苏周到", ("platform", "suzhoudao", "")),
        ("一本通", ("document", "suzhou-guide-2023-10", "source")),
        ("12333", ("rule", "hotline", "")),
    ],
)
def test_what_is_typed_finds_it(found: Index, text: str, expected: Expected) -> None:
    """Chinese, parts of names, pinyin, initials, mixed, unfinished, several words in any order."""
    assert first(found, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透析限額", LIMIT),
        ("複發", ("rule", "relapse", "")),
        ("ＴＸ　ＸＥ", LIMIT),
        ("tuoxi", WHOLE),
        ("头析", WHOLE),
        ("高学压", ("disease", "hypertension", "")),
        ("gaoxeuya", ("disease", "hypertension", "")),
        ("gaoxuey", ("disease", "hypertension", "")),
        ("血友并", ("disease", "hemophilia", "")),
        ("白内樟", ("disease", "cataract", "")),
        ("kunshang dizhi", ADDRESS),
        ("昆伤地址", ADDRESS),
        ("生张激素", ("disease", "growth-hormone", "")),
    ],
)
def test_script_width_and_a_slip_do_not_matter(found: Index, text: str, expected: Expected) -> None:
    """Traditional script, full width, another character of the same sound, one wrong letter."""
    assert first(found, text) == expected


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("透析", ("透析", "肾衰非透析")),
        ("恶性肿瘤", ("恶性肿瘤治疗期", "恶性肿瘤康复期")),
        ("糖尿病", ("糖尿病", "儿童I型糖尿病", "高血压+糖尿病")),
    ],
)
def test_near_twins_stand_beside_each_other(found: Index, text: str, both: tuple[str, ...]) -> None:
    """What a name may also mean is shown too, told apart by its title."""
    titles = [hit.title for hit in find(found, text, region="suzhou")]

    assert [title for title in titles if title in both] == list(both)


def test_a_denied_name_is_its_twin(found: Index) -> None:
    """非透析 is never taken for 透析 that somebody began to type."""
    hits = find(found, "非透析", region="suzhou")

    assert {hit.id for hit in hits} == {"kidney-nondialysis"}
    assert first(found, "fei touxi") == ("disease", "kidney-nondialysis", "")


def test_several_words_narrow(found: Index) -> None:
    """Each hit for two words has to do with both."""
    hits = find(found, "透析 限额", region="suzhou")

    assert {(hit.kind, hit.facet) for hit in hits} == {("disease", "limit")}


def test_words_that_do_not_go_together_are_both_shown(found: Index) -> None:
    """A disease has no address: the disease is found, and so are the addresses."""
    kinds = {(hit.kind, hit.facet) for hit in find(found, "透析地址", region="suzhou", limit=20)}

    assert {("disease", ""), ("region", "address")} <= kinds


def test_a_region_keeps_others_out(found: Index) -> None:
    """One city's papers are not offered for another, nor general advice beside its own rule."""
    regions = {hit.region for hit in find(found, "材料", region="suzhou", limit=50)}

    assert regions == {"suzhou"}


def test_general_advice_fills_what_a_region_is_silent_on(found: Index) -> None:
    """The hotline is in the general article alone."""
    assert find(found, "热线", region="suzhou")[0].region == "general"


def test_naming_another_region_goes_there(found: Index) -> None:
    """北京 材料 is about Beijing, wherever one is."""
    assert find(found, "北京 材料", region="suzhou")[0].region == "beijing"


def test_without_a_region_every_region_is_searched(found: Index) -> None:
    """The same disease under two documents is two hits."""
    hits = find(found, "血友病", limit=20)

    assert {hit.region for hit in hits if hit.facet == ""} == {"suzhou", "beijing"}


@pytest.mark.parametrize("text", ["", " ", "。。", "\0", "\ud800", "qqqq", "🙂", "魑魅魍魉"])
def test_nothing_is_found_for_nothing(found: Index, text: str) -> None:
    """What stands for nothing finds nothing, without a fault."""
    assert find(found, text) == ()


def test_no_more_than_were_wanted(found: Index) -> None:
    """The limit holds, and fewer are the best of more."""
    many = find(found, "病", limit=20)

    assert len(many) == 20
    assert find(found, "病", limit=3) == many[:3]
    assert find(found, "病", limit=0) == ()


def test_the_same_text_finds_the_same(library: Library, found: Index) -> None:
    """Another index of the same packs gives the same hits in the same order."""
    again = index(library.at(DAY))

    for text in ("t", "tx", "限额", "ks", "gaoxu", "chuq", "白内樟"):
        assert find(again, text, limit=20) == find(found, text, limit=20), text


def test_every_prefix_of_a_name_leads_to_it(found: Index, library: Library) -> None:
    """Whoever types on, character by character, has the disease among the hits all the while."""
    for disease in library.pack("suzhou").diseases:
        for size in range(2, len(disease.short) + 1):
            hits = find(found, disease.short[:size], region="suzhou", limit=20)
            assert disease.id in {hit.id for hit in hits}, disease.short[:size]


def test_the_line_is_the_main_figure(found: Index) -> None:
    """The figures stand in the hit itself, as the document has them."""
    line = find(found, "肾衰非透析限额", region="suzhou")[0].line

    assert line == "职工医保：限额8000元；居民医保：限额8000元"


def test_an_open_figure_is_said_to_be_open(found: Index) -> None:
    """Where the document leaves a rate open, no figure is made up."""
    assert find(found, "帕金森结付比例", region="suzhou")[0].line == "居民医保：原文没有写清"


def opened_by(served: Service, hit: Hit) -> bool:
    """Whether the question of a hit opens what the hit is about."""
    answer = turn(served, State(), hit.ask, day=DAY, region=hit.region).answer
    text = plain(answer)
    if answer.kind != "answered":
        return False
    if hit.kind == "disease":
        return answer.slots.get("disease") == hit.id
    if hit.kind == "office":
        return hit.line[:6] in text
    if hit.kind == "rule":
        return hit.line[:10] in text or answer.topic == "filing"
    return True


def test_every_hit_is_opened_by_its_question(served: Service, found: Index) -> None:
    """Whatever is chosen is answered, and answered with what its title says."""
    missed = [entry.hit for entry in found.entries if not opened_by(served, entry.hit)]

    assert missed == []


def test_typing_on_is_quick(found: Index) -> None:
    """Of all keystrokes of common queries 99 in 100 take at most 5 ms of the processor."""
    whole = (
        "touxi xiane,tx xe,gaoxueya cailiao,ks dz,透析限额多少,昆山经办地址,exingzhongliu,"
        "恶性肿瘤康复期,tangniaobing bili,shenqingbiao,qqqqqqqq"
    ).split(",")
    find(found, "warm")
    times = []
    for text in whole * 3:
        for size in range(1, len(text) + 1):
            began = process_time()
            find(found, text[:size], region="suzhou")
            times.append(process_time() - began)

    assert sorted(times)[len(times) * 99 // 100] <= 0.015, "three times the aim, on any machine"
