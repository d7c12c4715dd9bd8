"""The command line: every command's way in and out; bad input gets a sentence and a status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import LONGEST, main
from bot.terminal import tell

ROOT = Path(__file__).parents[1]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command where nothing is set."""
    monkeypatch.chdir(tmp_path)
    for key in [key for key in os.environ if key.startswith("YIWENTONG_")]:
        monkeypatch.delenv(key)
    runner = CliRunner()

    def invoked(*words: str, given: bytes = b"") -> Result:
        return runner.invoke(main, list(words), input=given)

    return invoked


def test_ask_answers(run: Run) -> None:
    """`ask` prints the answer as text, the figure first."""
    result = run("ask", "职工医保透析限额多少", "--region", "suzhou")

    assert result.exit_code == 0
    assert "无限额" in result.stdout.splitlines()[0]


def test_ask_prints_a_reply(run: Run) -> None:
    """`ask --json` prints one JSON object with the keys of the contract, on one line."""
    result = run("ask", "透析限额多少", "--region", "苏州", "--day", "2024-03-01", "--json")
    reply = json.loads(result.stdout)

    assert " ".join(reply) == (
        "kind status text blocks citations options understood as_of session packs"
    )
    assert reply["as_of"] == "2024-03-01"
    assert result.stdout.count("\n") == 1


def test_ask_says_why(run: Run) -> None:
    """`ask --why` shows how the words were read, in the text and in the JSON."""
    shown = run("ask", "透析限额多少", "--region", "suzhou", "--why").stdout
    reply = json.loads(run("ask", "透析限额多少", "--why", "--json").stdout)

    assert "disease=dialysis" in shown
    assert any("disease=dialysis" in line for line in reply["why"])


def test_ask_reads_standard_input(run: Run) -> None:
    """`ask -` takes the question from standard input, broken bytes and all."""
    result = run(
        "ask", "-", "--region", "suzhou", given="透析\0限额多少".encode() + b"\xed\xa0\x80\n"
    )

    assert result.exit_code == 0
    assert "无限额" in result.stdout


@pytest.mark.parametrize("size", [LONGEST + 1, 1_000_000])
def test_ask_refuses_a_text_without_end(run: Run, size: int) -> None:
    """A question beyond all measure is bad input: a sentence on stderr, nothing on stdout."""
    result = run("ask", "-", given=b"a" * size)

    assert result.exit_code == 2
    assert result.stderr.strip() == tell("text_too_long", longest=LONGEST)
    assert result.stdout == ""


def test_ask_fails_where_the_answer_is_an_error(run: Run) -> None:
    """A question too long to be read is answered so, and the status says so too."""
    result = run("ask", "-", "--json", given="透析".encode() * 3000)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "error"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ask", "透析", "--region", "mars"], "没有收录统筹地区“mars”，可以写：北京（beijing）、"),
        (["chat", "--region", "mars"], "没有收录统筹地区“mars”"),
        (["batch", "-", "--region", "mars"], "没有收录统筹地区“mars”"),
        (["ask", "透析", "--day", "2024-02-30"], "“2024-02-30”不是日历上的一天"),
        (["ask", "透析", "--day", "20240301"], "请写成 YYYY-MM-DD"),
        (["eval", "absent", "--day", "明天"], "“明天”不是日历上的一天"),
        (["eval", "absent.yaml"], "找不到“absent.yaml”"),
        (["check", "absent"], "找不到文件夹“absent”"),
        (["check", "."], "“.”里没有条目文件"),
        (["audit", "--sources", "absent"], "找不到文件夹“absent”"),
    ],
)
def test_bad_input_gets_a_sentence(run: Run, words: list[str], says: str) -> None:
    """What cannot be used is named on stderr, with what to do; the status is 2."""
    result = run(*words)

    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_a_missing_batch_is_named(run: Run) -> None:
    """A file that is not there, or is a folder, is named."""
    assert "找不到“absent.jsonl”" in run("batch", "absent.jsonl").stderr
    assert "读不出来" in run("batch", ".").stderr


def test_a_setting_that_cannot_be_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A region in the settings without a pack stops the program and names the setting."""
    monkeypatch.setenv("YIWENTONG_REGION", "mars")
    result = run("ask", "透析")

    assert result.exit_code == 2
    assert "设置 YIWENTONG_REGION 的值“mars”不能用" in result.stderr


def test_the_setting_is_the_region(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The region of the settings holds for a question that names none."""
    monkeypatch.setenv("YIWENTONG_REGION", "suzhou")

    assert "无限额" in run("ask", "职工医保透析限额多少").stdout


def test_packs_are_sound(run: Run) -> None:
    """`check` finds nothing wrong in the project's own packs, and counts them."""
    result = run("check")

    assert result.exit_code == 0
    assert result.stdout.startswith("没有错误：3个统筹地区，")


def test_check_takes_a_region(run: Run) -> None:
    """`check suzhou` looks at that pack only."""
    assert run("check", "suzhou").stdout.startswith("没有错误：1个统筹地区，")


def test_check_prints_all_faults(run: Run) -> None:
    """`check` prints every fault with its file and line, then how many, and fails."""
    result = run("check", str(ROOT / "tests" / "broken" / "loading"))
    *faults, summary = result.stdout.splitlines()

    assert result.exit_code == 1
    assert len(faults) > 10
    assert summary == tell("check_faults", count=len(faults))


def test_audit_fails_without_the_documents(run: Run, tmp_path: Path) -> None:
    """`audit` counts the facts and names every one that it cannot find."""
    result = run("audit", "--sources", str(tmp_path))
    *misses, summary = result.stdout.splitlines()

    assert result.exit_code == 1
    assert summary.endswith(f"找不到{len(misses)}条。")


def test_output_is_utf8_in_any_locale() -> None:
    """Where the locale knows no Chinese, question and answer are UTF-8 all the same."""
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "职工医保透析限额多少", "--region", "suzhou"],
        env={**os.environ, **environment, "PYTHONIOENCODING": "latin-1"},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )

    assert "无限额" in done.stdout.decode("utf-8")


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    """Who reads only the first line of a batch sees no traceback."""
    file = tmp_path / "lines.jsonl"
    file.write_text('{"id": "a", "turns": ["透析限额多少"]}\n' * 300, "utf-8")
    command = f'"{sys.executable}" -m bot batch "{file}" | head -n 1'
    done = subprocess.run(  # noqa: S602
        command, shell=True, cwd=ROOT, capture_output=True, check=True
    )

    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch"], "没有这个命令"),
        (["ask"], "还缺 TEXT"),
        (["ask", "x", "--nosuch"], "没有选项 --nosuch"),
        (["eval", ".", "--misses", "many"], "misses 写得不对"),
        (["check", "suzhou", "beijing", "x"], "多写或写错"),
    ],
)
def test_odd_words_get_a_sentence(run: Run, words: list[str], said: str) -> None:
    """A command, option or value that there is not is said in Chinese, with the help to look at."""
    result = run(*words)

    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert " -h " in result.stderr


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("ask", "透析限额多少"), b""),
        (("chat",), "透析限额多少\n".encode()),
        (("batch", "-"), '{"id": 1, "turns": ["透析限额多少"]}'.encode()),
        (("check",), b""),
        (("audit", "--sources", str(ROOT / "tests/data/documents")), b""),
    ],
)
def test_the_packs_of_the_setting_are_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], given: bytes
) -> None:
    """Every command that reads packs reads those of the folder that is set."""
    own = run(*words, given=given)
    monkeypatch.setenv("YIWENTONG_PACKS_DIR", str(ROOT / "tests/data/packs"))

    result = run(*words, given=given)

    assert result.exit_code == 0
    assert result.stdout != own.stdout
    assert "suzhou" not in result.stdout


def test_the_first_process_of_a_container_can_be_ended_from_its_start_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system keeps SIGTERM from a process with the number 1 that has no handler for it."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    try:
        run("check", "--help")
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
