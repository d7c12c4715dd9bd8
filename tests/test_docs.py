"""The documents name every setting and command that there is and no other; their links resolve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.accounts import PREFIX
from bot.cli import main
from bot.settings import KEYS

ROOT = Path(__file__).parent.parent
READMES = sorted(ROOT.glob("README*.md"))
DOCUMENTS = [*READMES, *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def commands(group: click.Group, before: str = "yiwentong") -> Iterator[str]:
    """Every command as it is typed: yiwentong bench, yiwentong bench turn."""
    for name, command in group.commands.items():
        yield f"{before} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")


def links(file: Path) -> list[str]:
    """The relative links of a document, outside its code."""
    prose = CODE.sub("", FENCE.sub("", file.read_text("utf-8")))
    return [link for link in LINK.findall(prose) if ":" not in link]


def anchors(file: Path) -> set[str]:
    """What a link into a document can point at: its headings, as a page names them."""
    headings = HEADING.findall(FENCE.sub("", file.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", one).strip().lower().replace(" ", "-") for one in headings}


def test_there_are_documents_to_look_at() -> None:
    """Both READMEs are read."""
    assert {file.name for file in READMES} == {"README.md", "README.zh-CN.md"}


def test_the_settings_are_those_of_the_program() -> None:
    """Every setting has a row in docs/settings.md, and every row is a setting."""
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \|", text, re.MULTILINE)

    assert sorted(rows) == sorted(KEYS)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_no_document_names_a_setting_that_there_is_not(file: Path) -> None:
    """A setting that was renamed is renamed everywhere."""
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", file.read_text("utf-8")))

    assert {one.removesuffix("_FILE") for one in named} <= set(KEYS)


@pytest.mark.parametrize("file", READMES, ids=lambda file: file.name)
@pytest.mark.parametrize("command", list(commands(main)))
def test_every_command_stands_in_both_readmes(file: Path, command: str) -> None:
    """Who adds a command says what it does, in both languages."""
    assert re.search(rf"{command}\b", file.read_text("utf-8"))


@pytest.mark.parametrize("file", READMES, ids=lambda file: file.name)
def test_a_readme_shows_no_command_that_there_is_not(file: Path) -> None:
    """What is typed in an example exists."""
    shown = set(re.findall(r"^\$ (yiwentong [a-z]+)", file.read_text("utf-8"), re.MULTILINE))

    assert shown
    assert shown <= set(commands(main))


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_every_relative_link_resolves(file: Path) -> None:
    """The file is there, and so is the heading where one is named."""
    for link in links(file):
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
