"""Packs and the library: frozen, dated, in order of precedence."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from knowledge.errors import PackError, UnknownRegion
from knowledge.pack import FIELDS, Library, Pack, load, parts, records
from knowledge.schema import Benefit, Disease, Faq, Limit, Source, Statement

SOUND = Path(__file__).parent / "data" / "packs"


@pytest.fixture(scope="module")
def library() -> Library:
    """The sound packs of the tests."""
    return load(SOUND)


def ids(records: tuple[Benefit, ...]) -> list[str]:
    """Return the ids of benefits."""
    return [record.id for record in records]


def test_a_pack_holds_its_regions_records(library: Library) -> None:
    """A pack has the region, the version and every kind of record its files give."""
    pack = library.pack("town")

    assert (pack.region.name, pack.version) == ("平安镇", "2023-10.1")
    assert [office.address for office in pack.offices] == ["东门路12号便民大厦二楼"]
    assert pack.hotlines == ()


def test_every_kind_has_a_field() -> None:
    """Every field of a pack but its head holds one kind of record."""
    assert set(Pack.__struct_fields__) - {"region", "version"} == set(FIELDS.values())


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 12, 31), []),
        (date(2020, 1, 1), ["nondialysis-employee-old"]),
        (date(2023, 9, 30), ["nondialysis-employee-old"]),
        (
            date(2023, 10, 1),
            ["dialysis-employee", "nondialysis-employee", "dialysis-student"],
        ),
        (
            date(2026, 11, 22),
            ["dialysis-employee", "nondialysis-employee", "dialysis-student"],
        ),
    ],
)
def test_a_day_has_the_rules_of_that_day(library: Library, day: date, expected: list[str]) -> None:
    """A rule holds from its first day on and no longer on its until."""
    assert ids(library.pack("town").at(day).benefits) == expected


def test_undated_records_hold_on_every_day(library: Library) -> None:
    """Diseases, districts and sources have no dates and never fall away."""
    pack = library.pack("town").at(date(1990, 1, 1))

    assert pack.diseases == library.pack("town").diseases
    assert pack.sources == library.pack("town").sources
    assert (pack.offices, pack.faqs) == ((), ())


def test_the_library_of_a_day_is_made_of_packs_of_that_day(library: Library) -> None:
    """The library of a day has the packs of that day and the same fingerprint."""
    then = library.at(date(2021, 6, 1))

    assert then.pack("town") == library.pack("town").at(date(2021, 6, 1))
    assert then.fingerprint == library.fingerprint


def test_a_regions_own_entries_come_first(library: Library) -> None:
    """What a region says stands before what is said in general."""
    assert [faq.id for faq in library.entries("town", Faq)] == ["filing-how", "general-filing"]


def test_general_has_only_its_own_entries(library: Library) -> None:
    """The general pack never takes a region's rule."""
    assert [faq.id for faq in library.entries("general", Faq)] == ["general-filing"]
    assert library.entries("general", Disease) == ()


def test_a_parent_stands_between_a_region_and_general(library: Library) -> None:
    """Precedence is region, parent, general."""
    town = library.pack("town")
    village = replace(town, region=replace(town.region, id="village", parent="town"))
    family = replace(library, packs=(*library.packs, village))

    lineage = [pack.region.id for pack in family.lineage("village")]

    assert lineage == ["village", "town", "general"]


def test_parents_in_a_circle_end(library: Library) -> None:
    """Two regions that name each other as parent are walked once each."""
    town = library.pack("town")
    east = replace(town, region=replace(town.region, id="east", parent="west"))
    west = replace(town, region=replace(town.region, id="west", parent="east"))

    lineage = replace(library, packs=(east, west)).lineage("east")

    assert [pack.region.id for pack in lineage] == ["east", "west"]


def test_an_unknown_region_is_named_with_the_known_ones(library: Library) -> None:
    """Asking for a region without a pack says which regions have one."""
    with pytest.raises(UnknownRegion, match=r"no pack for region 'wuxi'; known regions: general"):
        library.pack("wuxi")


def test_a_pack_cannot_be_changed(library: Library) -> None:
    """Records are frozen."""
    with pytest.raises(AttributeError):
        library.pack("town").version = "2"  # type: ignore[misc]


def test_the_fingerprint_follows_the_contents(library: Library, tmp_path: Path) -> None:
    """The same contents have the same fingerprint wherever they lie; other contents another."""
    for region in ("general", "town"):
        (tmp_path / region).mkdir()
        for file in (SOUND / region).iterdir():
            (tmp_path / region / file.name).write_bytes(file.read_bytes())
    same = load(tmp_path).fingerprint
    faq = tmp_path / "town" / "faq.yaml"
    faq.write_text(faq.read_text(encoding="utf-8").replace("小程序办理", "办理"), encoding="utf-8")

    assert same == library.fingerprint
    assert load(tmp_path).fingerprint != library.fingerprint


def test_broken_packs_are_not_loaded(tmp_path: Path) -> None:
    """Loading packs with faults raises them all and gives no library."""
    (tmp_path / "town").mkdir()

    with pytest.raises(PackError, match=r"the region has no pack\.yaml"):
        load(tmp_path)


def test_the_project_has_its_three_packs() -> None:
    """The packs that come with the project load."""
    assert {"beijing", "general", "suzhou"} <= set(load().regions)


def test_parts_name_every_record_within(library: Library) -> None:
    """A record's parts come with the keys by which the pack file names them."""
    benefit = library.pack("town").benefits[0]
    keys = [key for key, _ in parts(benefit)]

    assert keys[:3] == ["", "limit", "limit.cite"]
    assert "rate.tiers[1]" in keys
    assert isinstance(dict(parts(benefit))["limit"], Limit)


def test_records_begin_with_the_region(library: Library) -> None:
    """All records of a pack come in one row, whatever their kind."""
    pack = library.pack("town")
    every = list(records(pack))

    assert every[0] is pack.region
    assert sum(isinstance(record, Source) for record in every) == 1
    assert not any(isinstance(record, Statement) for record in every)


def test_importing_packs_does_not_import_yaml() -> None:
    """Who only reads records never pays for the YAML parser or the converter."""
    code = "import sys, knowledge.snapshot; print({'yaml', 'opencc'} & {*sys.modules})"
    root = Path(__file__).parent.parent

    done = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )

    assert done.stdout.strip() == "set()"
