"""Whole-pack checks: what no single file can show to be wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.checks import check, fold
from knowledge.pack import PACKS

HERE = Path(__file__).parent
SOUND = HERE / "data" / "packs"
BROKEN = sorted((HERE / "broken" / "packs").glob("*.yaml"))


def faults_with(broken: Path, folder: Path) -> list[str]:
    """Return the faults of the sound packs when one file is replaced by a broken one."""
    packs = folder / "packs"
    shutil.copytree(SOUND, packs)
    shutil.copy(broken, packs / "town" / header(broken, "replaces"))
    return [str(fault) for fault in check(packs)]


def header(path: Path, key: str) -> str:
    """Return a line of a broken file's header: which file it replaces, what the error says."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return next(line for line in lines if line.startswith(f"# {key}: ")).removeprefix(f"# {key}: ")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_broken_pack_says_its_mistake(path: Path, tmp_path: Path) -> None:
    """A broken pack gives a fault with file, line, key, value and how to mend it."""
    assert header(path, "says") in "\n".join(faults_with(path, tmp_path))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_one_mistake_is_one_fault(path: Path, tmp_path: Path) -> None:
    """One mistake is reported once, not again by what follows from it."""
    # Everything that cites a default source's pack.yaml stays sound in every one of them.
    assert len(faults_with(path, tmp_path)) == 1


def test_sound_packs_have_no_faults() -> None:
    """Sound packs check clean, cells of successive years and of different ages included."""
    assert check(SOUND) == ()


def test_the_packs_of_the_project_have_no_faults() -> None:
    """The project's own packs check clean."""
    assert list(map(str, check(PACKS))) == []


def test_one_region_is_checked_alone() -> None:
    """A region's folder is checked by itself, and may refer to general beside it."""
    assert check(SOUND / "town") == ()


def test_one_region_reports_only_its_own_faults(tmp_path: Path) -> None:
    """Checking one region does not report the faults of the regions beside it."""
    packs = tmp_path / "packs"
    shutil.copytree(SOUND, packs)
    (packs / "general" / "faq.yaml").write_text("- no\n")

    assert check(packs / "town") == ()
    assert len(check(packs)) > 0


def test_faults_come_in_order_of_place(tmp_path: Path) -> None:
    """Faults are sorted by file and line, the loader's among those of the checks."""
    packs = tmp_path / "packs"
    shutil.copytree(SOUND, packs)
    diseases = packs / "town" / "diseases.yaml"
    text = diseases.read_text(encoding="utf-8")
    diseases.write_text(text.replace("[dialysis]", "[dialisis]") + "  shrt: x\n", encoding="utf-8")

    faults = check(packs)

    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert faults[0].file == "town/diseases.yaml"


def test_a_reference_to_a_broken_record_is_no_second_fault(tmp_path: Path) -> None:
    """A disease with a mistake still has its id, so its benefits are not reported too."""
    packs = tmp_path / "packs"
    shutil.copytree(SOUND, packs)
    diseases = packs / "town" / "diseases.yaml"
    text = diseases.read_text(encoding="utf-8")
    diseases.write_text(text.replace("kind: special", "kind: none", 1), encoding="utf-8")

    assert len(check(packs)) == 1


@pytest.mark.parametrize("other", ["怎么办理？", " 怎么 办理", "怎么办理?", "怎么办理。"])
def test_phrasings_are_compared_without_width_and_space(other: str) -> None:
    """Two phrasings are one if they differ only in width, case, space or the mark at the end."""
    assert fold(other) == fold("怎么办理")


def test_a_phrasing_may_be_shared_by_entries_that_exclude_each_other(tmp_path: Path) -> None:
    """Two entries for different diseases may be asked in the same words."""
    packs = tmp_path / "packs"
    shutil.copytree(SOUND, packs)
    faq = packs / "town" / "faq.yaml"
    text = faq.read_text(encoding="utf-8")
    first = text.replace("  says", "  when: {disease: [dialysis]}\n  says", 1)
    second = text.replace("filing-how", "filing-other").replace(
        "  says", "  when: {disease: [kidney-nondialysis]}\n  says", 1
    )
    faq.write_text(first + second, encoding="utf-8")

    assert check(packs) == ()
