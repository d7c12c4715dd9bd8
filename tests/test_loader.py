"""Files to records: whatever the loader does not read it refuses, all faults at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import NoPacks, PackError
from knowledge.loader import build, line_of, read_file, read_folder, read_packs
from knowledge.schema import Disease, Region

HERE = Path(__file__).parent
SOUND = HERE / "data" / "packs"
BROKEN = sorted((HERE / "broken" / "loading").glob("*/*"))
DISEASE = """
- id: dialysis
  name: 透析
  short: 透析
  kind: special
  cite: {source: s, place: p, words: [w]}
"""


def says(path: Path) -> str:
    """Return the words that the error of a broken file must contain, from its first line."""
    return path.read_text(encoding="utf-8").split("\n")[0].removeprefix("# says: ")


def faults_of(path: Path) -> list[str]:
    """Return the faults of a broken region folder that holds only this file."""
    every = map(str, read_folder(path.parent).faults)
    return [fault for fault in every if "the region has no pack.yaml" not in fault]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.parent.name)
def test_every_broken_file_says_its_mistake(path: Path) -> None:
    """A broken file gives a fault with file, line, key, value and how to mend it."""
    assert says(path) in "\n".join(faults_of(path))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.parent.name)
def test_one_mistake_is_one_fault(path: Path) -> None:
    """One mistake is reported once, not again by what follows from it."""
    count = 2 if path.parent.name == "comma-in-text" else 1  # It holds the mistake twice.

    assert len(faults_of(path)) == count


def test_a_sound_folder_becomes_packs() -> None:
    """A folder of sound packs becomes a library with one pack a region."""
    library = build(SOUND)

    assert library.regions == ("general", "town")
    assert [disease.id for disease in library.pack("town").diseases] == [
        "dialysis",
        "kidney-nondialysis",
    ]


def test_records_get_their_region_from_the_folder() -> None:
    """The region of every record is the name of its folder."""
    pack = build(SOUND).pack("town")

    assert {disease.region for disease in pack.diseases} == {"town"}
    assert {district.region for district in pack.districts} == {"town"}


def test_a_region_need_not_repeat_its_id() -> None:
    """A pack.yaml without a region id takes the folder's name."""
    assert build(SOUND).pack("general").region.id == "general"


def test_one_file_is_read_alone(tmp_path: Path) -> None:
    """One file of records is read without its pack."""
    path = tmp_path / "diseases.yaml"
    path.write_text(DISEASE, encoding="utf-8")

    (entry,) = read_file(path, "town").entries

    assert isinstance(entry.record, Disease)
    assert entry.record.region == "town"


def test_faults_of_all_files_are_collected(tmp_path: Path) -> None:
    """A folder with mistakes in several files and records reports every one."""
    town = tmp_path / "town"
    town.mkdir()
    (town / "diseases.yaml").write_text(DISEASE.replace("short", "shrt") * 2, encoding="utf-8")
    (town / "faqs.yaml").write_text("[]")

    with pytest.raises(PackError) as raised:
        build(tmp_path)

    assert len(raised.value.faults) == 2 * 2 + 1 + 1
    assert str(raised.value).startswith("6 faults in the packs\n")


def test_a_broken_record_still_tells_its_id(tmp_path: Path) -> None:
    """A record with a fault keeps its id, so that references to it are not reported too."""
    path = tmp_path / "diseases.yaml"
    path.write_text(DISEASE.replace("kind: special", "kind: none"), encoding="utf-8")

    (entry,) = read_file(path, "town").entries

    assert entry.record is None
    assert entry.id == "dialysis"


def test_a_key_leads_to_its_line() -> None:
    """The line of a nested key is found again, or that of its nearest parent."""
    entries = read_packs(SOUND).entries
    head = next(e for e in entries if e.kind is Region and e.region == "town")

    assert line_of(head.node, "aliases[0]") == 4
    assert head.spot("pointer.words[7]").line == 5


def test_an_empty_file_holds_no_records(tmp_path: Path) -> None:
    """A file with comments only is a kind the region has nothing of."""
    path = tmp_path / "faq.yaml"
    path.write_text("# none yet\n")

    assert read_file(path, "town") == ((), (), {})


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    """What editors leave behind is no pack file."""
    town = tmp_path / "town"
    town.mkdir()
    (town / ".faq.yaml.swp").write_text("junk")

    assert len(read_folder(town).faults) == 1


@pytest.mark.parametrize("name", ["absent", ""])
def test_a_folder_without_packs_says_so(tmp_path: Path, name: str) -> None:
    """An absent or empty folder is named, with what belongs there."""
    with pytest.raises(NoPacks, match=r"no packs here; expected <region>/pack\.yaml"):
        build(tmp_path / name)


def test_a_stray_file_beside_the_regions_is_refused(tmp_path: Path) -> None:
    """A pack file outside a region's folder would be read by nobody, so it is a fault."""
    (tmp_path / "town").mkdir()
    (tmp_path / "faq.yaml").write_text("[]")

    assert "faq.yaml:1: no record kind is read from this file" in "\n".join(
        map(str, read_packs(tmp_path).faults)
    )
