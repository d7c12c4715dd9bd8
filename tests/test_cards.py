"""A card says of one thing all that the packs say, no more, and where it is written."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.calls import Expense, NotAnAmount, amount, hits, known, reading, reckoned
from bot.desk.cards import card_of
from bot.desk.comparing import comparison
from bot.desk.shapes import DiseaseCard, EntryCard
from bot.desk.sheets import Caller, Sheet, sheet
from bot.messages import Sum, Text
from bot.service import Service, turn
from intents.dialogue import State
from knowledge.errors import UnknownRegion

DAY = date(2026, 11, 22)


def disease(served: Service, id_: str, region: str = "suzhou", **caller: str) -> DiseaseCard:
    """The card of a disease."""
    made = card_of(sheet(served, region, DAY, Caller(**caller)), "disease", id_)
    assert isinstance(made, DiseaseCard)
    return made


def entry(served: Service, kind: str, id_: str, region: str = "suzhou") -> EntryCard:
    """The card of anything else."""
    made = card_of(sheet(served, region, DAY), kind, id_)
    assert isinstance(made, EntryCard)
    return made


def test_schemes_stand_side_by_side(served: Service) -> None:
    """A column a cell: for whom, the limit, each rate with its reach."""
    employee, resident = disease(served, "dialysis").columns

    assert (employee.who, employee.limit) == ("职工医保", "无限额")
    assert [(s.percent, s.reach) for s in employee.shares] == [
        ("90%", "当年住院门特累计4万元以内"),
        ("95%", "累计4万元以上的部分"),
    ]
    assert (resident.who, resident.limit) == ("居民医保", "35万元以内")
    assert resident.limit_note == "按当年住院和门特累计"
    assert [s.percent for s in resident.shares] == ["90%"]


def test_populations_and_ages_stand_apart(served: Service) -> None:
    """Where the table parts them, each has its column; a cell without a benefit says so."""
    columns = disease(served, "pku").columns

    assert [(c.people, c.ages, c.limit) for c in columns] == [
        ("在职、退休", "", "无此项目"),
        ("非就业居民", "", "无此项目"),
        ("学生少儿", "0-6岁", "2.2万元"),
        ("学生少儿", "7-13岁", "2.9万元"),
        ("学生少儿", "14-17岁", "3.6万元"),
        ("学生少儿", "18岁", "3.6万元"),
    ]
    assert [c.offered for c in columns] == [False, False, True, True, True, True]


def test_a_deductible_stands_with_its_period(served: Service) -> None:
    """家庭病床: 400元, every 180 days, from 60 on."""
    column = disease(served, "home-bed").columns[0]

    assert (column.deductible, column.period) == ("400元", "每180天一个结算期")
    assert column.ages == "60岁以上"


@pytest.mark.parametrize(
    "id_", ["hypertension-diabetes", "rheumatoid-arthritis", "parkinson", "copd"]
)
def test_what_is_open_is_said_to_be_open(served: Service, id_: str) -> None:
    """No percentage stands in the column, the printed row does, and nothing is reckoned."""
    column = disease(served, id_).columns[0]

    assert column.shares == ()
    assert column.rate_certainty == "原文未明"
    assert not column.reckons
    assert "（空）" in column.open[0].row
    assert "没有写清" in column.open[0].text


def test_an_open_age_is_not_said_to_be_certain(served: Service) -> None:
    """苯丙酮尿症 at exactly 18: not in one line with the band below it."""
    card = disease(served, "pku")
    spoken = "".join(card.script)

    assert card.columns[-1].limit_certainty == "原文未明"
    assert card.columns[-1].open
    assert "14-17岁：限额3.6万元，结付比例70%；" in spoken
    assert "18岁：限额3.6万元，结付比例70%，这一档是否适用文件没有写清" in spoken


def test_what_a_merged_cell_proves_is_marked(served: Service) -> None:
    """A figure inherited from another row is told from one that is written in its own."""
    merged, own = disease(served, "dialysis"), disease(served, "kidney-nondialysis")

    assert {c.limit_certainty for c in merged.columns} == {"合并格"}
    assert {c.limit_certainty for c in own.columns} == {"原文写明"}
    rows = {proof.row for proof in merged.proofs if proof.fact == "限额"}
    assert rows == {"恶性肿瘤治疗期"}


@pytest.mark.parametrize(
    ("id_", "twin"),
    [
        ("dialysis", "肾衰非透析"),
        ("kidney-nondialysis", "透析"),
        ("cancer-treatment", "恶性肿瘤康复期"),
        ("diabetes", "儿童I型糖尿病"),
    ],
)
def test_near_twins_are_warned_of(served: Service, id_: str, twin: str) -> None:
    """With their own figures beside the warning."""
    found = {one.link.title: one for one in disease(served, id_).twins}

    assert f"不要与“{twin}”混淆" in {one.warning for one in found.values()}
    assert "限额" in "".join(found[twin].lines)


def test_a_scheme_that_the_table_leaves_out_is_said_to_be_left_out(served: Service) -> None:
    """Employees have no column in the table of chronic diseases; that is no 无此项目."""
    card = disease(served, "hypertension")

    assert {column.who for column in card.columns} == {"居民医保"}
    assert "没有写职工医保" in card.absent[0]


def test_a_region_without_figures_gives_none(served: Service) -> None:
    """北京: listed, with its condition, and no figure of another city."""
    card = disease(served, "dialysis", "beijing")
    everything = card.copy + "".join(card.script)

    assert card.columns == ()
    assert "不能给数字" in card.absent[0]
    assert "万元" not in everything
    assert "%" not in everything
    assert "媒体文章" in card.documents[0]


def test_the_cliffs_are_those_of_the_schemes_that_pay(served: Service) -> None:
    """The ceiling of a scheme without a benefit is no matter here."""
    assert len(disease(served, "dialysis").cliffs) == 2
    assert [line[:4] for line in disease(served, "home-bed").cliffs] == ["职工医保"]
    assert [line[:4] for line in disease(served, "autism").cliffs] == ["居民医保"]


def test_a_definition_stands_on_the_card(served: Service) -> None:
    """What counts as treatment is told where the disease is."""
    assert "生物靶向药物治疗" in disease(served, "cancer-treatment").members


@pytest.mark.parametrize("id_", ["dialysis", "pku", "hypertension", "home-bed", "copd", "autism"])
def test_a_script_is_two_or_three_sentences_with_the_source(served: Service, id_: str) -> None:
    """What is read aloud begins with the figures and ends with whose rule it is."""
    card = disease(served, id_)

    assert 2 <= len(card.script) <= 3
    assert card.script[0].startswith(f"苏州的{card.title}，")
    assert "苏州医保2023年10月" in card.script[-1]


def test_a_script_is_that_of_the_caller(served: Service) -> None:
    """Once the scheme is known the other scheme is not read aloud."""
    own = disease(served, "dialysis", scheme="employee")

    assert [column.mine for column in own.columns] == [True, False]
    assert "居民" not in "".join(own.script)
    assert "居民" not in own.copy
    assert [c.mine for c in disease(served, "cataract", population="student").columns] == [
        False,
        False,
        True,
    ]


def test_a_caller_whom_no_cell_fits_gets_all(served: Service) -> None:
    """An employee with 高血压 hears that there is no column, and what there is."""
    card = disease(served, "hypertension", scheme="employee")

    assert "限额2000元" in card.script[0]
    assert "没有写职工医保" in card.copy


def test_a_copy_is_plain_text_with_source_and_day(served: Service) -> None:
    """Fit for a short message: no mark-up, document, place and the day of it."""
    copy = disease(served, "kidney-nondialysis").copy

    assert copy.splitlines()[0] == "【苏州｜肾衰非透析】"
    assert "职工医保、居民医保：限额8000元，结付比例90%" in copy
    assert "《苏州市门诊慢特病待遇享受、政策经办一本通》（苏州医保，2023年10月）" in copy
    assert "2026-11-22" in copy.splitlines()[-1]


def test_an_old_document_asks_to_confirm(served: Service) -> None:
    """A guide of 2023 is old in 2026, and was not in the year it came out."""
    fresh = card_of(sheet(served, "suzhou", date(2024, 1, 1)), "disease", "dialysis")

    assert "2023年10月" in disease(served, "dialysis").old
    assert fresh.old == ""


def test_a_cell_that_does_not_hold_yet_is_not_shown(served: Service) -> None:
    """On a day before the first document there are no figures."""
    card = card_of(sheet(served, "suzhou", date(2020, 1, 1)), "disease", "dialysis")

    assert isinstance(card, DiseaseCard)
    assert card.columns == ()


def test_every_entry_of_every_pack_has_a_card_with_a_proof(served: Service) -> None:
    """Nothing that can be found is without its document, place, text to send and to read aloud."""
    kinds = {
        "disease": "diseases",
        "rule": "faqs",
        "office": "offices",
        "platform": "platforms",
        "document": "sources",
    }
    for pack in served.library.packs:
        on = sheet(served, pack.region.id, DAY)
        for kind, field in kinds.items():
            for record in getattr(on.pack, field):
                made = card_of(on, kind, record.id)
                assert made.proofs
                assert all(proof.place for proof in made.proofs)
                assert made.script
                assert made.copy


def test_every_hit_has_a_card(served: Service) -> None:
    """Whatever the search box offers can be opened."""
    for text in (
        "透析",
        "地址",
        "材料",
        "苏周到",
        "病种目录",
        "35万",
        "依据",
        "复发",
        "邮寄",
        "昆山",
    ):
        found = hits(served, text, Caller(), day=DAY, limit=20)
        assert found
        for hit in found:
            on = sheet(served, hit.region, DAY)
            assert card_of(on, hit.kind, hit.id).title


def test_an_office_card_has_all_its_parts(served: Service) -> None:
    """Address, hall, account and the note, none lost, none from another district."""
    card = entry(served, "office", "office-wujiang")
    fields = {field.label: field.value for field in card.fields}

    assert card.lead == "苏州市吴江区开平路300号人社大厦"
    assert fields["大厅"] == "2楼西大厅"
    assert fields["微信公众号"] == "吴江医保"
    assert "为民服务中心" in fields["备注"]
    for part in (card.lead, *fields.values()):
        assert part in card.copy


def test_an_app_is_not_called_an_account(served: Service) -> None:
    """工业园区 has an app, no WeChat account."""
    labels = {field.label for field in entry(served, "office", "office-sip").fields}

    assert labels == {"APP（不是微信公众号）"}


def test_a_rule_card_says_for_whom_it_holds(served: Service) -> None:
    """The first line, its conditions in words, the source."""
    card = entry(served, "rule", "ceiling-employee")

    assert "95%" in card.lead
    assert card.lead in card.copy
    assert [(f.label, f.value) for f in card.fields] == [("适用于", "职工医保")]


def test_general_advice_is_labelled(served: Service) -> None:
    """What belongs to no city says so, on the card, aloud and in the text."""
    general = served.valid(DAY).pack("general")
    card = entry(served, "rule", general.faqs[0].id, "general")

    assert "不是某个城市" in card.general
    assert card.general in card.script
    assert card.general in card.copy


@pytest.mark.parametrize(
    ("kind", "id_", "region", "said"),
    [
        ("region", "materials", "suzhou", "《门诊慢特病病种待遇申请表》"),
        ("region", "diseases", "beijing", "多发性硬化"),
        ("region", "address", "suzhou", "昆山市前进西路1801号"),
        ("platform", "suzhoudao", "suzhou", "全部服务-医疗健康"),
        ("document", "beijing-mobile-2025", "beijing", "媒体文章"),
    ],
)
def test_lists_platforms_and_documents_have_cards(
    served: Service, kind: str, id_: str, region: str, said: str
) -> None:
    """Each with what it is there for."""
    assert said in entry(served, kind, id_, region).copy


@pytest.mark.parametrize(
    ("kind", "id_", "region"),
    [
        ("disease", "no-such", "suzhou"),
        ("no-such", "dialysis", "suzhou"),
        ("region", "no-such", "suzhou"),
        ("region", "address", "beijing"),
        ("office", "../../etc/passwd", "suzhou"),
        ("disease", "pku", "beijing"),
    ],
)
def test_what_there_is_not_has_no_card(served: Service, kind: str, id_: str, region: str) -> None:
    """A LookupError, which the page turns into a sentence."""
    on = sheet(served, region, DAY)
    with pytest.raises(LookupError):
        card_of(on, kind, id_)


def test_a_region_that_there_is_not(served: Service) -> None:
    """No card of 上海."""
    with pytest.raises(UnknownRegion):
        sheet(served, "shanghai", DAY)


def test_two_diseases_are_compared(served: Service) -> None:
    """Row by row, what differs told from what is the same."""
    made = comparison(served, DAY, "suzhou/dialysis", "suzhou/kidney-nondialysis")
    rows = {row.label: row for row in made.rows}

    assert (rows["职工医保｜限额"].left, rows["职工医保｜限额"].right) == (("无限额",), ("8000元",))
    # 35万 counts inpatient costs too, 8000 does not: there is no figure between them.
    assert rows["居民医保｜限额"].gap == ""
    assert rows["居民医保｜结付比例"].same
    assert not rows["职工医保｜结付比例"].same


def test_the_gap_between_two_limits_is_told(served: Service) -> None:
    """Where both limits are of the same kind."""
    made = comparison(served, DAY, "suzhou/hemophilia", "suzhou/kidney-nondialysis")
    rows = {row.label: row for row in made.rows}

    assert rows["居民医保｜限额"].gap == "限额相差9.2万元"


def test_two_schemes_are_compared(served: Service) -> None:
    """Without the scheme in every label."""
    made = comparison(served, DAY, "suzhou/cataract/employee", "suzhou/cataract/resident")
    rows = {row.label: row for row in made.rows}

    assert rows["限额"].left == ("3800元",)
    assert rows["限额"].right == (
        "居民医保（非就业居民）：3800元",
        "居民医保（学生少儿）：无此项目",
    )


def test_two_regions_are_compared(served: Service) -> None:
    """What the other document does not write is said not to be written, never filled in."""
    made = comparison(served, DAY, "suzhou/dialysis", "beijing/dialysis")
    rows = {row.label: row for row in made.rows}

    assert rows["职工医保｜限额"].right == ("资料没有写",)
    assert not rows["来源"].same


def test_the_peers_of_a_card_can_be_compared(served: Service) -> None:
    """Every suggestion leads somewhere: twins, the two schemes, the other region."""
    card = disease(served, "dialysis")

    assert {peer.group for peer in card.peers} == {"相近病种", "两种医保", "另一地区"}
    for peer in card.peers:
        assert comparison(served, DAY, peer.left, peer.right).rows


@pytest.mark.parametrize("side", ["suzhou/no-such", "suzhou/dialysis/nobody", "suzhou", ""])
def test_a_side_that_there_is_not(served: Service, side: str) -> None:
    """A LookupError or UnknownRegion, never a half-empty comparison."""
    with pytest.raises((LookupError, UnknownRegion)):
        comparison(served, DAY, "suzhou/dialysis", side)


def test_an_expense_comes_to_what_the_answer_says(served: Service) -> None:
    """The calculator of the card and the conversation are one code."""
    blocks = reckoned(served, Expense("suzhou", "dialysis", "employee", "6万"), day=DAY).blocks
    asked = turn(served, State(), "透析职工花了6万能报多少", day=DAY, region="suzhou").answer

    assert isinstance(blocks[0], Text)
    assert isinstance(blocks[1], Sum)
    assert blocks[0].text == "职工医保：能结付5.5万元。"
    assert blocks[1] in asked.blocks


def test_an_expense_is_that_of_an_age(served: Service) -> None:
    """The column's age band decides the cell."""
    expense = Expense("suzhou", "pku", "resident", "1万", population="student", age=7)

    assert "7000元" in str(reckoned(served, expense, day=DAY).blocks[0])


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("60000", "60000"),
        ("6万", "60000"),
        (" 1,234.50元 ", "1234.50"),
        ("0.5万", "5000.0"),
        ("0", "0"),
    ],
)
def test_an_amount_as_it_is_typed(typed: str, yuan: str) -> None:
    """With 万, 元, commas and blanks."""
    assert str(amount(typed, "cost")) == yuan


@pytest.mark.parametrize(
    "typed", ["", "-5", "六万块", "1e9", "nan", "９９", "1.2.3", "99999999999", "1亿", "200000000"]
)
def test_what_is_no_amount(typed: str) -> None:
    """It names the field that it was typed in."""
    with pytest.raises(NotAnAmount) as found:
        amount(typed, "spent")
    assert found.value.key == "spent"


@pytest.mark.parametrize(
    ("text", "caller", "first"),
    [
        ("tx xe", {}, "透析限额"),
        ("ks dz", {}, "昆山市经办地址"),
        ("昆山地址", {"region": "suzhou"}, "昆山市经办地址"),
        ("xe", {"region": "suzhou", "disease": "dialysis"}, "透析限额"),
        ("材料", {"region": "suzhou", "disease": "pku"}, "苯丙酮尿症办理材料"),
        ("高血压", {"region": "suzhou", "disease": "dialysis"}, "高血压"),
    ],
)
def test_a_search_uses_what_is_known_of_the_caller(
    served: Service, text: str, caller: dict[str, str], first: str
) -> None:
    """A facet alone is first that of the caller's disease; another disease goes before it."""
    assert hits(served, text, Caller(**caller), day=DAY, limit=5)[0].title == first


def test_what_is_known_of_the_caller_goes_with_a_question(served: Service) -> None:
    """限额多少 needs nothing more, and what the question says itself goes before."""
    state = known(State(), Caller("suzhou", "employee", "retired", "dialysis"))
    plain = turn(served, state, "限额多少", day=DAY, region="suzhou").answer
    other = turn(served, state, "居民透析限额多少", day=DAY, region="suzhou").answer

    assert "无限额" in str(plain.blocks[0])
    assert "35万元" in str(other.blocks[0])


def test_a_chip_takes_the_place_of_what_was_said_before(served: Service) -> None:
    """Setting the scheme forgets the one of the last question, and its population."""
    before = turn(served, State(), "非就业居民透析限额多少", day=DAY, region="suzhou").state
    state = known(before, Caller(region="suzhou", scheme="employee"))
    values = {slot.name: slot.value for slot in state.slots}

    assert (values["scheme"], "population" in values) == ("employee", False)
    assert known(before, Caller()) == before


def test_what_was_understood_is_named(served: Service) -> None:
    """In the words of the packs, not in ids."""
    slots = {"region": "suzhou", "disease": "dialysis", "population": "retired", "age": "7"}
    fields = [(one.label, one.value) for one in reading(served, slots)]

    assert fields == [("地区", "苏州"), ("病种", "透析"), ("人群", "退休"), ("年龄", "7岁")]


def test_a_sheet_without_a_caller_knows_of_none(served: Service) -> None:
    """Nothing is anybody's."""
    on = sheet(served, "suzhou", DAY)

    assert isinstance(on, Sheet)
    assert on.caller == Caller()
