"""Are the packs well formed, and is every fact where its citation says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.errors import InputError
from bot.settings import read_settings
from bot.terminal import tell
from intents.building import engine
from intents.errors import IntentsError
from intents.topics import phrasings, topics
from knowledge.audit import Report, audit
from knowledge.checks import check
from knowledge.errors import Fault
from knowledge.pack import Library, records
from knowledge.pack import load as load_packs
from knowledge.snapshot import load


def checked(pack: str | None) -> tuple[Sequence[Fault | IntentsError], str]:
    """Every fault of the packs, and a line that counts them. Raises InputError."""
    folder = folder_of(pack)
    faults: list[Fault | IntentsError] = list(check(folder))
    if faults:
        return faults, tell("check_faults", count=len(faults))
    alone = (folder / "pack.yaml").is_file()
    library = load_packs(folder.resolve().parent if alone else folder)
    try:
        engine(library)  # Two values with one name are found when their names are put together.
    except IntentsError as error:
        return [error], tell("check_faults", count=1)
    return [], _counts(library, folder.resolve().name if alone else None)


def folder_of(pack: str | None) -> Path:
    """The folder of a pack given by path or by region. Raises InputError where there is none."""
    home = read_settings().packs_folder
    if pack is None:
        return home
    folder = Path(pack)
    if any(folder.glob("pack.yaml")) or any(folder.glob("*/*.y*ml")):
        return folder
    own = {path.parent.name: path.parent for path in sorted(home.glob("*/pack.yaml"))}
    if pack in own:
        return own[pack]
    name = "no_pack" if folder.exists() else "no_folder"
    raise InputError(tell(name, path=pack, known="、".join(own)))


def _counts(library: Library, only: str | None) -> str:
    packs = tuple(pack for pack in library.packs if only in {None, pack.region.id})
    shown = Library(packs=packs, fingerprint=library.fingerprint)
    return tell(
        "check_clean",
        regions=len(packs),
        entries=sum(1 for pack in packs for _ in records(pack)),
        phrasings=sum(1 for _ in phrasings(shown, topics())),
    )


def audited(sources: Path) -> tuple[Report, str]:
    """The audit of the packs against a folder of documents. Raises InputError."""
    if not sources.is_dir():
        raise InputError(tell("no_folder", path=sources))
    settings = read_settings()
    report = audit(load(settings.packs_folder, cache=settings.cache_dir), sources)
    return report, tell(
        "audit_counts",
        audited=report.audited,
        merged=report.merged,
        ambiguous=report.ambiguous,
        missing=report.missing,
    )
