"""Pack files to records: every fault with its file, line and key, all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from knowledge.errors import (
    Fault,
    MissingFile,
    NoPacks,
    PackError,
    RegionMismatch,
    RegionWritten,
    Spot,
    UnknownFile,
    WrongType,
)
from knowledge.fitting import fit, show
from knowledge.pack import FIELDS, Library, Pack
from knowledge.reading import Node, is_whole, plain, read
from knowledge.schema import Record, Region

# faq.yaml is the one file that is not named after the field it fills.
FILES: dict[str, type[Record]] = {
    "faq.yaml" if field == "faqs" else f"{field}.yaml": kind
    for kind, field in FIELDS.items()
    if field not in {"sources", "districts"}
}


class Entry(NamedTuple):
    """A record with the node it was read from; `record` is None where it has faults."""

    record: Record | None
    kind: type[Record]
    region: str
    file: str
    node: Node

    @property
    def id(self) -> str:
        """The id as written, also of a record with faults, so that references to it resolve."""
        children = self.node.value
        written = children.get("id") if isinstance(children, dict) else None
        return str(written.value) if written else ""

    def spot(self, key: str = "", value: object = "") -> Spot:
        """Say where a key such as `limit.cite` or `steps[2]` of this record stands."""
        return Spot(self.file, line_of(self.node, key), key, str(value))


class Loaded(NamedTuple):
    """The entries of some files in their order, and every fault met."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    versions: Mapping[str, str] = MappingProxyType({})


def build(folder: Path) -> Library:
    """Read a folder of packs into a library; PackError holds all faults."""
    loaded = read_packs(folder)
    if loaded.faults:
        raise PackError(loaded.faults)
    packs = tuple(assemble(loaded, region) for region in loaded.versions)
    return Library(packs=packs, fingerprint=fingerprint(packs))


def fingerprint(packs: tuple[Pack, ...]) -> str:
    """Return a digest of what the packs say, whatever their files are called or dated."""
    return blake2b(msgspec.msgpack.encode(packs), digest_size=16).hexdigest()


def assemble(loaded: Loaded, region: str) -> Pack:
    """Put the records of one region together."""
    fields: dict[str, Any] = {field: [] for field in FIELDS.values()}
    for entry in loaded.entries:
        if entry.region == region and entry.kind in FIELDS:
            fields[FIELDS[entry.kind]].append(entry.record)
    of_region = (entry.record for entry in loaded.entries if entry.region == region)
    head = next(record for record in of_region if isinstance(record, Region))
    rows = {field: tuple(records) for field, records in fields.items()}
    return Pack(region=head, version=loaded.versions[region], **rows)


def read_packs(folder: Path) -> Loaded:
    """Read every region folder below a folder of packs."""
    if not folder.is_dir():
        raise NoPacks(folder)
    regions = [path for path in sorted(folder.iterdir()) if path.is_dir() and is_ours(path)]
    if not regions:
        raise NoPacks(folder)
    strays = [path for path in sorted(folder.iterdir()) if path.suffix in {".yaml", ".yml"}]
    faults = tuple(stray(path, path.name) for path in strays)
    return joined([*map(read_folder, regions), Loaded((), faults)])


def is_ours(path: Path) -> bool:
    """Tell pack files and folders from what editors and Python leave behind."""
    return not path.name.startswith((".", "_"))


def joined(parts: list[Loaded]) -> Loaded:
    """Join what several files or folders gave."""
    return Loaded(
        tuple(entry for part in parts for entry in part.entries),
        tuple(fault for part in parts for fault in part.faults),
        {region: version for part in parts for region, version in part.versions.items()},
    )


def read_folder(folder: Path) -> Loaded:
    """Read the files of one region; the folder's name is the region's id."""
    parts: list[Loaded] = []
    if not (folder / "pack.yaml").is_file():
        parts.append(Loaded((), (MissingFile(Spot(f"{folder.name}/pack.yaml", 1)),)))
    for path in sorted(filter(is_ours, folder.iterdir())):
        name = f"{folder.name}/{path.name}"
        if path.name == "pack.yaml":
            parts.append(read_head(path, folder.name))
        elif path.name in FILES:
            parts.append(read_file(path, folder.name))
        else:
            parts.append(Loaded((), (stray(path, name),)))
    return joined(parts)


def stray(path: Path, name: str) -> UnknownFile:
    """Make the fault of a file that nothing reads."""
    known = ["pack.yaml", *FILES]
    near = get_close_matches(path.name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known files: {', '.join(known)}"
    return UnknownFile(Spot(name, 1), hint=hint)


def read_file(path: Path, region: str) -> Loaded:
    """Read one file of records: a list of mappings of the kind its name says."""
    name = f"{region}/{path.name}"
    reading = read(path, name)
    if reading.root is None or reading.root.value is None:
        return Loaded((), reading.faults)
    loaded = records(FILES[path.name], reading.root, Spot(name, 1, value=region))
    return Loaded(loaded.entries, reading.faults + loaded.faults)


def records(kind: type[Record], rows: Node, at: Spot) -> Loaded:
    """Turn a list of mappings into entries; `at` names the file and, as value, the region."""
    if not isinstance(rows.value, list):
        spot = Spot(at.file, rows.line, at.key, show(rows))
        hint = "begin every record with a dash"
        fault = WrongType(spot, expected="a list of records", found=found(rows), hint=hint)
        return Loaded((), (fault,))
    return joined([record(kind, row, at) for row in rows.value])


def found(node: Node) -> str:
    """Name what stands in the place of a list or mapping."""
    names = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return names.get(type(node.value), "a single value")


def record(kind: type[Record], row: Node, at: Spot) -> Loaded:
    """Turn one mapping into an entry, its region set from the folder."""
    region = at.value
    faults: list[Fault] = []
    children = row.value if isinstance(row.value, dict) else {}
    if "region" in children and kind is not Region:
        faults.append(RegionWritten(Spot(at.file, children["region"].line, "region")))
    filled = row
    if isinstance(row.value, dict) and "region" in kind.__struct_fields__:
        filled = row._replace(value={**children, "region": Node(region, row.line, region)})
    faults += fit(filled, kind, at.file)
    made = None
    if not faults and is_whole(filled):
        made = msgspec.convert(plain(filled), kind)
    return Loaded((Entry(made, kind, region, at.file, row),), tuple(faults))


class Head(Record, kw_only=True):
    """The shape of pack.yaml, apart from the records it holds."""

    region: dict[str, Any]
    version: str
    sources: tuple[Any, ...]
    districts: tuple[Any, ...] = ()


def read_head(path: Path, region: str) -> Loaded:
    """Read a region's pack.yaml: the region itself, the version, sources and districts."""
    name = f"{region}/{path.name}"
    reading = read(path, name)
    if reading.root is None:
        return Loaded((), reading.faults, {region: ""})
    shape = tuple(fit(reading.root, Head, name))
    children = reading.root.value if isinstance(reading.root.value, dict) else {}
    parts = [Loaded((), reading.faults + shape, {region: version_of(children)})]
    if "region" in children:
        parts.append(read_region(children["region"], region, name))
    for kind, field in FIELDS.items():
        if field in children and isinstance(children[field].value, list):
            parts.append(records(kind, children[field], Spot(name, 1, field, region)))
    return joined(parts)


def version_of(children: dict[str, Node]) -> str:
    """Return the version as written; `fit` has already reported what is wrong with it."""
    return str(children["version"].value) if "version" in children else ""


def read_region(row: Node, region: str, name: str) -> Loaded:
    """Read the Region itself, whose id is the folder's name, written or not."""
    if not isinstance(row.value, dict):
        return Loaded((), ())
    written = row.value.get("id", Node(region, row.line, region))
    if written.value != region:
        spot = Spot(name, written.line, "region.id", show(written))
        return Loaded((), (RegionMismatch(spot, folder=region),))
    filled = row._replace(value={"id": written, **row.value})
    return record(Region, filled, Spot(name, row.line, "region", region))


def line_of(node: Node, key: str) -> int:
    """Return the line of a key such as `limit.cite` or `steps[2]`, or of its nearest parent."""
    for part in key.replace("[", ".").replace("]", "").split("."):
        child: Node | None = None
        if isinstance(node.value, dict):
            child = node.value.get(part)
        elif isinstance(node.value, list) and part.isdigit() and int(part) < len(node.value):
            child = node.value[int(part)]
        if child is None:
            break
        node = child
    return node.line
