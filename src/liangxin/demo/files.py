"""Writes the district as the lists its offices would hold, spoilt rows and all."""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from liangxin.demo.facts import District, Enterprise, Member
from liangxin.demo.geography import geojson
from liangxin.demo.layouts import (
    INSTRUCTORS,
    MASS,
    PARTY,
    REGISTER,
    SITES,
    SOCIAL,
    Layout,
    member_layout,
    street_layout,
)
from liangxin.demo.names import KEEPS_OWN_LIST
from liangxin.demo.noise import untidy
from liangxin.demo.records import (
    Record,
    enterprise_records,
    instructor_records,
    mass_records,
    member_records,
    party_records,
    site_records,
    social_records,
)
from liangxin.demo.sheets import RowSink, csv_file, xlsx_book
from liangxin.demo.spoiling import Spoiler

SPOILT_SHARE = 0.02
FEWEST_SPOILT = 2
REPEATED_HEADER_EVERY = 4_000
REMEMBERED = 40  # clean rows above, one of which a spoilt row is made like


@dataclass(frozen=True, slots=True)
class Spoilt:
    """One row that must be refused: `row` as Excel numbers it, `sheet` empty in a CSV file."""

    file: str
    sheet: str
    row: int
    dirt: str
    column: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: files in the order to import, clean rows per kind, every spoilt row."""

    files: tuple[Path, ...]
    streets: Path
    spoilt_list: Path
    expected: dict[str, int]
    spoilt: tuple[Spoilt, ...]


def write_lists(district: District, folder: Path, *, seed: int) -> Written:
    """Write all lists, `streets.geojson` and `spoilt.json` into `folder`, which is made.

    Every fact stands in one list only. Rows in `spoilt` must be refused by an importer that
    knows the rules, and no others; `expected` counts the rows that must be taken, by kind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(district, folder, rng=Random(f"{seed}/lists"))
    writer.write_all()
    streets = folder / "streets.geojson"
    streets.write_text(json.dumps(geojson(district.streets), ensure_ascii=False), encoding="utf-8")
    spoilt_list = folder / "spoilt.json"
    entries = [asdict(spoilt) for spoilt in writer.spoilt]
    spoilt_list.write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")
    return Written(
        files=tuple(writer.files),
        streets=streets,
        spoilt_list=spoilt_list,
        expected=dict(writer.expected),
        spoilt=tuple(writer.spoilt),
    )


class _Writer:
    """Writes one district's lists and keeps account of them."""

    def __init__(self, district: District, folder: Path, *, rng: Random) -> None:
        self._district = district
        self._folder = folder
        self._rng = rng
        self._spoiler = Spoiler(district, rng)
        self._usccs = _usccs(district)
        self.files: list[Path] = []
        self.expected: Counter[str] = Counter()
        self.spoilt: list[Spoilt] = []

    def write_all(self) -> None:
        """Write every list in the order in which they are imported."""
        district, rng = self._district, self._rng
        self._write_book(SITES, site_records(district.sites), len(district.sites))
        self._write_enterprises()
        social = district.social_organisations
        self._write_book(SOCIAL, social_records(social, rng=rng), len(social))
        party = district.party_organisations
        self._write_book(PARTY, party_records(party, usccs=self._usccs, rng=rng), len(party))
        self._write_members()
        instructors = district.instructors
        self._write_book(INSTRUCTORS, instructor_records(instructors, rng=rng), len(instructors))
        mass = district.mass_presences
        self._write_book(MASS, mass_records(mass, usccs=self._usccs), len(mass))

    def _write_book(self, layout: Layout, records: Iterable[Record], count: int) -> None:
        with xlsx_book(self._path(layout)) as book:
            self._fill(book.sheet(layout.sheet), layout, records, count)

    def _write_enterprises(self) -> None:
        by_list: dict[str, list[Enterprise]] = defaultdict(list)
        for firm in self._district.enterprises:
            by_list[firm.street if firm.street in KEEPS_OWN_LIST else ""].append(firm)
        register = enterprise_records(by_list[""], is_register=True, rng=self._rng)
        self._write_book(REGISTER, register, len(by_list[""]))
        for street in KEEPS_OWN_LIST:
            layout = street_layout(street)
            records = enterprise_records(by_list[street], is_register=False, rng=self._rng)
            with csv_file(self._path(layout)) as sink:
                self._fill(sink, layout, records, len(by_list[street]))

    def _write_members(self) -> None:
        streets = {e.name: e.street for e in self._district.enterprises}
        streets |= {s.name: s.street for s in self._district.social_organisations}
        by_street: dict[str, list[Member]] = defaultdict(list)
        for member in self._district.members:
            by_street[streets[member.work_unit]].append(member)
        layouts = [member_layout(street.name) for street in self._district.streets]
        with xlsx_book(self._path(layouts[0])) as book:
            for layout in layouts:
                members = by_street[layout.sheet]
                records = member_records(members, usccs=self._usccs)
                self._fill(book.sheet(layout.sheet), layout, records, len(members))

    def _path(self, layout: Layout) -> Path:
        path = self._folder / layout.file
        self.files.append(path)
        return path

    def _fill(self, sink: RowSink, layout: Layout, records: Iterable[Record], count: int) -> None:
        """Write one list: head, rows with spoilt ones among them, totals, notes."""
        sink.head(layout)
        page = _Page(sink, layout, rng=self._rng)
        doomed = _positions(count, rng=self._rng)
        above: deque[Record] = deque(maxlen=REMEMBERED)
        for position, record in enumerate(records):
            above.append(dict(record))
            untidy(record, self._rng)
            page.add(record)
            for _ in range(doomed[position]):
                self._spoil(page, layout, above)
        page.finish()
        self.expected[layout.kind] += count

    def _spoil(self, page: "_Page", layout: Layout, above: Sequence[Record]) -> None:
        dirt, records = self._spoiler.spoil(layout.kind, like=self._rng.choice(above))
        for record in records:
            row = page.add(record)
            self.spoilt.append(Spoilt(layout.file, layout.sheet, row, dirt.code, dirt.column))


class _Page:
    """One list on its way down a sheet: numbers rows, sums up, repeats the header at times."""

    def __init__(self, sink: RowSink, layout: Layout, *, rng: Random) -> None:
        self._sink = sink
        self._layout = layout
        self._rng = rng
        self._lines = 0
        self._sum = 0

    def add(self, record: Record) -> int:
        """Write one record and return its row number."""
        if self._lines and self._lines % REPEATED_HEADER_EVERY == 0:
            self._between_pages()
        self._lines += 1
        count = record.get(self._layout.total)
        self._sum += count if isinstance(count, int) else 0
        heads = self._layout.heads
        return self._sink.row(
            [self._lines if head.title == "序号" else record.get(head.code) for head in heads]
        )

    def _between_pages(self) -> None:
        self._sink.row([None] * len(self._layout.heads))
        if not self._layout.is_grouped:
            self._sink.row([head.title for head in self._layout.heads])

    def finish(self) -> None:
        """Write the totals row and the notes below the list."""
        if self._layout.total:
            cells = [
                self._sum if h.code == self._layout.total else None for h in self._layout.heads
            ]
            self._sink.row(["合计", *cells[1:]])
        for note in self._layout.notes:
            self._sink.row([note])


def _positions(count: int, *, rng: Random) -> Counter[int]:
    """Return after which clean rows spoilt ones follow, and how many."""
    number = max(FEWEST_SPOILT, round(count * SPOILT_SHARE))
    first = min(count - 1, 5)
    return Counter(rng.randrange(first, count) for _ in range(number))


def _usccs(district: District) -> dict[str, str]:
    usccs = {firm.name: firm.uscc for firm in district.enterprises}
    return usccs | {one.name: one.uscc for one in district.social_organisations}
