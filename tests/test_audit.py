"""The audit: every fact stands where its citation says, or is reported with where it should."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.audit import Report, audit
from knowledge.documents import clean, percents, rows, slice_place, text_of, unspaced, yuan
from knowledge.errors import NoDocuments
from knowledge.pack import load
from knowledge.schema import Place

HERE = Path(__file__).parent
SOUND = HERE / "data" / "packs"
DOCUMENTS = HERE / "data" / "documents"
SOURCES = HERE.parent.parent / "shared" / "sources"


def audit_with(folder: Path, file: str, old: str, new: str) -> Report:
    """Audit the sound packs after one change to one file of the town."""
    packs = folder / "packs"
    shutil.copytree(SOUND, packs)
    path = packs / "town" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return audit(load(packs), DOCUMENTS)


def test_sound_packs_audit_clean() -> None:
    """Facts are found through pinyin, traditional characters, full width and spaces."""
    report = audit(load(SOUND), DOCUMENTS)

    assert report.misses == ()
    assert report.clean


def test_the_report_counts_facts() -> None:
    """The report counts the facts looked up, and the merged and ambiguous cells."""
    report = audit(load(SOUND), DOCUMENTS)

    assert (report.audited, report.merged, report.ambiguous, report.missing) == (20, 1, 2, 0)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "offices.yaml",
            "[东门路12号,",
            "[东门路21号,",
            "town: Office east-office: cite: '东门路21号' in town-guide / offices / 东区: not in",
        ),
        (
            "faq.yaml",
            "[化疗、放疗亦同]",
            "[介入]",
            "town: Faq filing-how: points[0]: '介入' in town-guide / filing: not in this place",
        ),
        (
            "faq.yaml",
            "place: filing, words: [平安通, 门诊备案]",
            "place: offices, words: [平安通]",
            "'平安通' in town-guide / offices: not in this place",
        ),
        (
            "benefits.yaml",
            "row: 非透析, words: [8000元]",
            "row: 透析, words: [8000元]",
            "'8000元' in town-guide / benefits / 透析: not in this row",
        ),
        (
            "benefits.yaml",
            "row: 非透析, words: [8000元]",
            "row: 血友病, words: [8000元]",
            "no line of the place starts with the row",
        ),
        (
            "benefits.yaml",
            "yuan: 8000,",
            "yuan: 80000,",
            "/ 非透析: the record holds 80000 yuan, which the words do not say",
        ),
        ("benefits.yaml", "yuan: 22000", "yuan: 2200", "the record holds 2200 yuan"),
        ("benefits.yaml", "words: [8000元]", "words: [00元]", "'00元' in town-guide"),
        (
            "benefits.yaml",
            "above: 40000",
            "above: 400000",
            "the record holds 400000 yuan, which the words do not say",
        ),
        (
            "benefits.yaml",
            "tiers: [{percent: 90}]",
            "tiers: [{percent: 80}]",
            "rate.cite: '90%' in town-guide / benefits / 非透析: the record holds 80 %",
        ),
        ("benefits.yaml", "yuan: 400,", "yuan: 4000,", "the record holds 4000 yuan"),
        ("benefits.yaml", "days: 180", "days: 18", "the record holds 18 days"),
        (
            "benefits.yaml",
            "unlimited: true",
            "yuan: 350000",
            "the record holds 350000 yuan, which the words do not say",
        ),
        (
            "benefits.yaml",
            "limit: {yuan: 8000,",
            "limit: {unlimited: true,",
            "the record holds unlimited, which the words do not say",
        ),
        ("benefits.yaml", "| 2000元 |", "| 2500元 |", "rate.row: '2500元'"),
        ("pack.yaml", "begins: 一、待遇", "begins: 壹、待遇", "begins '壹、待遇' is not in"),
        (
            "pack.yaml",
            "ends: 三、申请",
            "ends: 二、经办地址",
            "ends '二、经办地址' does not follow",
        ),
        ("pack.yaml", "file: town.txt", "file: lost.txt", "lost.txt is not in the folder"),
        (
            "pack.yaml",
            '["12345"]',
            '["12393"]',
            "town: Region town: pointer: '12393' in town-guide: not in this place",
        ),
    ],
)
def test_a_wrong_fact_is_a_miss(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    """A miss names the record, the words, the place and why."""
    report = audit_with(tmp_path, file, old, new)

    assert says in "\n".join(map(str, report.misses))


def test_every_word_that_is_not_there_is_a_miss(tmp_path: Path) -> None:
    """Words of one citation are looked up one by one."""
    report = audit_with(tmp_path, "faq.yaml", "[平安通, 门诊备案]", "[苏周到, 门诊备案, 网站]")

    assert [miss.words for miss in report.misses] == ["苏周到", "网站"]
    assert report.missing == 2


def test_an_absent_folder_of_documents_says_so(tmp_path: Path) -> None:
    """A wrong folder is an error with its name, not a page of misses."""
    with pytest.raises(NoDocuments, match="no such folder; give the folder of the source"):
        audit(load(SOUND), tmp_path / "absent")


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("通過(guò)北京醫(yī)保", "通过北京医保"),
        ("提交后 1 - 3 個工作日", "提交后1-3个工作日"),
        ("化學治療（化療）", "化学治疗(化疗)"),
        ("限額２.２萬元", "限额2.2万元"),
        ("APP(app)", "APP(app)"),
        ("“京通” 小程序", "“京通”小程序"),
        ("東門路　二樓\u00a0", "东门路二楼"),
    ],
)
def test_dirt_is_read_past(dirty: str, expected: str) -> None:
    """Pinyin, traditional characters, width and white space are folded; real brackets stay."""
    assert clean(dirty) == expected


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("8000元", "限额8000元", True),
        ("8000元", "限额18000元", False),
        ("4万元", "限额2.4万元", False),
        ("12", "电话12333", False),
        ("90%", "190%", False),
        ("东路12", "中山东路12号", True),
        ("甲乙", "甲\n乙", True),
    ],
)
def test_a_figure_is_not_found_inside_a_longer_one(
    words: str, text: str, *, expected: bool
) -> None:
    """Words are found across line ends, figures only where they stand whole."""
    assert text_of(text).holds(words) is expected


def test_a_row_is_the_line_whose_first_cell_it_is() -> None:
    """高血压 is not the row of 高血压+糖尿病, and a continued row is found by its first words."""
    text = text_of("高血压+糖尿病\t3000元\n高血压\t2000元\n\t\t7-13岁限额2.9万元\n|名称|要求|")

    assert getattr(rows(text, "高血压"), "lines", None) == ("高血压\t2000元",)
    assert getattr(rows(text, "7-13岁"), "lines", None) == ("\t\t7-13岁限额2.9万元",)
    assert getattr(rows(text, "名称"), "lines", None) == ("|名称|要求|",)
    assert rows(text, "糖尿病") is None


def test_a_place_ends_before_its_end() -> None:
    """A place runs from its begins up to, not including, its ends; anchors may be traditional."""
    document = unspaced("一、待遇\n甲\t乙\n\n二、地址\n丙")

    place = slice_place(document, Place(id="a", name="a", begins="一、待遇", ends="二、 地址"))

    assert getattr(place, "lines", None) == ("一、待遇", "甲\t乙")


def test_amounts_are_read_from_words() -> None:
    """8000元 is 8000, 2.2万元 is 22000, and a rate is no amount."""
    assert list(yuan(("8000元", "2.2万元", "4万元以内90%"))) == [8000, 22000, 40000]
    assert percents(("4万元以内90%", "９５％")) == (90, 95)


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source documents are not on this machine")
def test_the_packs_of_the_project_audit_clean() -> None:
    """Every fact of the project's packs stands in the documents as they came."""
    report = audit(load(), SOURCES)

    assert list(map(str, report.misses)) == []
