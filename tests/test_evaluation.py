"""Judging question files: what a case must say, how it is held against a reply, how it counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import DAY
from click.testing import CliRunner

from bot.cli import main
from bot.errors import InputError
from bot.evaluation import Case, judge, read_cases, tallies, verdicts
from bot.messages import Answer, Text
from bot.scores import as_data, misses, table
from bot.service import Service
from bot.terminal import wide

GOOD = """\
- id: one
  turns: [透析限额多少]
  region: 苏州
  expect: answered
  must: [无限额]
  topic: limit
- id: two
  turns: [上海透析报多少]
  region: suzhou
  expect: answered
  must_not: [上海]
  topic: limit
  style: trap
"""


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A folder with one good case and one that goes wrong, in YAML."""
    (tmp_path / "some.yaml").write_text(GOOD, "utf-8")
    return tmp_path


def replied(text: str, status: str = "answered") -> Answer:
    """An answer of one line."""
    return Answer(status, (Text(text),))  # type: ignore[arg-type]


def case(**fields: object) -> Case:
    """A case of one turn that expects an answer."""
    given = {"id": "a", "turns": ("x",), "expect": "answered", **fields}
    return Case(**given)  # type: ignore[arg-type]


def test_yaml_and_json_lines_are_read(questions: Path) -> None:
    """A folder's files are read in order of name, YAML and JSON lines alike."""
    line = json.dumps({"id": "three", "turns": ["谢谢"], "expect": "smalltalk"})
    (questions / "z.jsonl").write_text(f"{line}\n\n", "utf-8")

    assert [case.id for case in read_cases(questions)] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "- {id: a, turns: [x], expect: answered, mus: [x]}",
            "第 1 条不能用：Object contains unknown",
        ),
        ("- {id: a, turns: [], expect: answered}", "turns 至少要有一句话"),
        ("- {id: a, turns: [no], expect: answered}", "Expected `str`, got `bool`"),
        ("- {id: a, turns: [x], expect: anwsered}", "expect 里的“anwsered”不是一种结果"),
        ("- {id: a, turns: [x], expect: answered, must: ['(']}", "正则表达式“(”写错了"),
        ("- {id: a, turns: [x], expect: answered, day: '2024-02-30'}", "不是日历上的一天"),
        ("5", "里要写成问题的列表"),
        ("- [", "读不出来"),
    ],
)
def test_a_case_that_cannot_be_run_is_named(tmp_path: Path, text: str, says: str) -> None:
    """The file, the number of the case and what is wrong with it."""
    file = tmp_path / "bad.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as raised:
        list(read_cases(file))

    assert says in str(raised.value)
    assert str(file) in str(raised.value)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    """A folder without question files is bad input."""
    with pytest.raises(InputError, match="没有问题文件"):
        list(read_cases(tmp_path))


def test_a_kind_or_a_status_may_be_expected() -> None:
    """`expect` names kinds or statuses, any of which will do."""
    answer = replied("x", "declined_medical")

    assert judge(case(expect="answered|declined"), answer).right
    assert judge(case(expect="declined_medical"), answer).right
    assert not judge(case(expect="declined_personal"), answer).right


def test_a_pattern_that_must_not_be_there_is_a_wrong_fact() -> None:
    """What is lacking is a miss; what must not stand there is a wrong fact."""
    lacking = judge(case(must=("90%",)), replied("80%"))
    wrong = judge(case(must_not=("80%",)), replied("80%"))

    assert (lacking.faults, lacking.wrong) == (("缺少 90%",), False)
    assert (wrong.faults, wrong.wrong) == (("不该有 80%",), True)


def test_counts() -> None:
    """Refusals and questions back count as abstained, unexpected refusals as false ones."""
    judged = [
        judge(case(), replied("x")),
        judge(case(), replied("x", "declined_unknown")),
        judge(case(expect="declined"), replied("x", "declined_unknown")),
        judge(case(), replied("x", "clarify_slot")),
    ]
    tally = tallies(judged)["all"]["all"]

    assert (tally.cases, tally.right, tally.abstained, tally.false_refusals) == (4, 2, 3, 1)
    assert tally.accuracy == 50


def test_cases_are_run(served: Service, questions: Path) -> None:
    """Every case is a fresh conversation in its own region."""
    judged = list(verdicts(served, read_cases(questions), DAY))

    assert [verdict.right for verdict in judged] == [True, False]


def test_a_region_without_a_pack_is_bad_input(served: Service) -> None:
    """A case of an unknown region cannot be run."""
    with pytest.raises(InputError, match="没有收录统筹地区“mars”"):
        list(verdicts(served, [case(region="mars")], DAY))


def test_the_table_is_aligned() -> None:
    """All, topics and styles, every line of a block as wide as its head."""
    judged = [judge(case(topic="限额"), replied("x")), judge(case(topic="b"), replied("x"))]
    blocks = table(tallies(judged)).split("\n\n")

    assert len(blocks) == 3
    assert all(len({wide(line) for line in block.splitlines()}) == 1 for block in blocks)


def test_misses_are_listed() -> None:
    """A miss shows its id, turns, what was wrong, and the first line of the reply."""
    verdict = judge(case(turns=("问", "再问"), must=("90%",)), replied("80%\n来源"))

    assert misses([verdict, verdict], 1) == (
        "答错 2 道，列出前 1 道：\n\na  问 / 再问\n  ✗ 缺少 90%\n  → 80%"
    )
    assert as_data(tallies([verdict]), [verdict], 0)["misses"] == []


def test_the_command_ends_well(questions: Path) -> None:
    """`eval` reports and succeeds, whatever the accuracy."""
    result = CliRunner().invoke(main, ["eval", str(questions), "--json"])
    data = json.loads(result.stdout)

    assert result.exit_code == 0
    assert (data["all"]["cases"], data["all"]["accuracy"]) == (2, 50.0)
    assert [miss["id"] for miss in data["misses"]] == ["two"]


def test_the_command_holds_an_aim(questions: Path) -> None:
    """With `--min-accuracy` an evaluation that misses it fails, and says by how much."""
    words = ["eval", str(questions), "--min-accuracy", "97"]
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 1
    assert "正确率 50.0% 低于要求的 97.0%" in result.stderr
