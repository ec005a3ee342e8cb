"""Finding a sheet's header, its kind of list and what each column means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from liangxin.workbook.book import Sheet
from liangxin.workbook.cells import Cell, cell_text, column_letter, compact, is_blank, is_blank_row
from liangxin.workbook.header_matching import is_ignored, match_header, rarity
from liangxin.workbook.header_rows import Levels, header_key, header_levels, joined
from liangxin.workbook.kinds import KINDS, ListKind
from liangxin.workbook.kinds import kind as kind_of
from liangxin.workbook.money_units import money_scale
from liangxin.workbook.sheet_problems import (
    AskedColumn,
    SheetProblem,
    column_problems,
    form_not_list,
    no_header,
    no_rows,
)

__all__ = ["ColumnMatch", "Recognition", "SheetProblem", "header_key", "recognise"]

_HEADER_WITHIN = 30
_DEEPEST = 3
_SAMPLE_ROWS = 100
_TITLE_CELLS = 2
_LATE = 0.02  # taken off for each row above, so that a repeated header never wins
_ENOUGH = 0.9
_NAMELESS = 0.35  # what is left of a score where the column that names the record is missing
_INCOMPLETE = 0.75  # and where another required column is
_BOUND = 0.3  # added where merged cells hold the header rows together
_HEADER_BELOW = 0.3  # taken off for each header-like cell under the header
_FORM_TITLES = 2
_DEFAULT_KIND = "enterprises"

Mapped = Mapping[str, str | None]


@dataclass(frozen=True)
class ColumnMatch:
    """What one column of a sheet means; `scale` leads its money figures to 万元."""

    index: int
    letter: str
    header: str
    code: str | None
    confidence: float
    scale: Decimal = Decimal(1)


@dataclass(frozen=True)
class Recognition:
    """A sheet understood: its kind, its header rows (counted from 0) and its columns."""

    kind: ListKind | None
    header_start: int
    header_end: int
    columns: tuple[ColumnMatch, ...]
    problems: tuple[SheetProblem, ...]

    @property
    def is_usable(self) -> bool:
        """Whether rows can be cleaned: the kind is known and nothing needed is missing."""
        return self.kind is not None and not any(problem.blocking for problem in self.problems)


@dataclass(frozen=True)
class _Reading:
    """One way to read a sheet's header, and how well it fits."""

    kind: ListKind
    start: int
    end: int
    levels: tuple[Levels, ...]
    found: Mapping[int, tuple[str, float]]
    score: float


def recognise(
    sheet: Sheet, *, mapping: Mapped | None = None, kind_code: str | None = None
) -> Recognition:
    """Return how the sheet reads best; what stands in the way is among its problems.

    `mapping` leads from header_key of a header to a column code, or to None for a column to leave
    out, and goes before every guess. `kind_code` settles the kind of list.
    """
    kinds = (kind_of(kind_code),) if kind_code else KINDS
    best = _best(sheet, kinds, mapping or {})
    if not any(not is_blank_row(row) for row in sheet.rows):
        return Recognition(None, 0, 0, (), (no_rows(),))
    if best is None or (kind_code is None and not _is_convincing(best)):
        return Recognition(kinds[0] if kind_code else None, 0, 0, (), (no_header(),))
    columns = tuple(_columns(sheet, best))
    if _is_form(sheet, best, columns):
        return Recognition(best.kind, best.start, best.end, columns, (form_not_list(),))
    unnamed = _unnamed(sheet, best)
    problems = column_problems(
        best.kind,
        columns=[
            AskedColumn(c.letter, c.header, c.code, best.found.get(c.index, (None,))[0])
            for c in columns
            if not _is_left_out(c, mapping)
        ],
        unnamed=unnamed,
    )
    return Recognition(best.kind, best.start, best.end, columns, problems)


def _is_convincing(reading: _Reading) -> bool:
    """Tell whether a reading is no chance hit: telling columns, or all that the kind requires.

    One column alone convinces by its exact title only; a note that mentions 名称 does not.
    """
    if reading.score >= _ENOUGH:
        return True
    codes = {code for code, _ in reading.found.values()}
    complete = all(column.code in codes for column in reading.kind.required)
    surest = max(confidence for _, confidence in reading.found.values())
    return complete and (len(codes) > 1 or surest >= 1.0)


def _is_form(sheet: Sheet, reading: _Reading, columns: tuple[ColumnMatch, ...]) -> bool:
    """Tell whether the column of names holds other titles, as a form filled in for one firm does."""
    name = reading.kind.columns[0].code
    index = next((column.index for column in columns if column.code == name), None)
    if index is None:
        return False
    sample = sheet.rows[reading.end + 1 : reading.end + 1 + _SAMPLE_ROWS]
    cells = [row[index] for row in sample if index < len(row) and not is_blank(row[index])]
    titles = sum(1 for cell in cells if _asks_other_column(reading.kind, cell, than=name))
    return titles >= _FORM_TITLES and 2 * titles > len(cells)


def _asks_other_column(kind: ListKind, cell: Cell, *, than: str) -> bool:
    match = match_header(kind, (cell,)) if isinstance(cell, str) and len(cell) < 20 else None
    return match is not None and match[1] >= _ENOUGH and match[0].code != than


def _best(sheet: Sheet, kinds: tuple[ListKind, ...], mapping: Mapped) -> _Reading | None:
    readings = (
        reading
        for start, end in _spans(sheet)
        for reading in _readings(sheet, start, end, kinds, mapping)
    )
    return max(readings, key=lambda one: (one.score, -one.end, one.start), default=None)


def _spans(sheet: Sheet) -> Iterator[tuple[int, int]]:
    for start in range(min(_HEADER_WITHIN, len(sheet.rows))):
        if is_blank_row(sheet.rows[start]):
            continue
        for end in range(start, min(start + _DEEPEST, len(sheet.rows))):
            if is_blank_row(sheet.rows[end]):
                break
            yield start, end


def _readings(
    sheet: Sheet, start: int, end: int, kinds: tuple[ListKind, ...], mapping: Mapped
) -> Iterator[_Reading]:
    levels = header_levels(sheet, start, end)
    title = compact(sheet.name + "".join(_title_texts(sheet, start)))
    malus = _HEADER_BELOW * _header_cells(sheet, end + 1)
    malus += _LATE * end
    malus -= _BOUND if _is_bound(sheet, start, end) else 0.0
    for kind in kinds:
        found = dict(_found(kind, levels, mapping))
        if found:
            score = _score(kind, levels, found, title) - malus
            yield _Reading(kind, start, end, levels, found, score)


def _is_bound(sheet: Sheet, start: int, end: int) -> bool:
    """Tell whether a merged header cell spans exactly these rows, which makes them one header."""
    return end > start and any(block.top == start and block.bottom == end for block in sheet.merged)


def _header_cells(sheet: Sheet, number: int) -> int:
    """Count cells of a row that read like headers; a single one may well be data."""
    row = sheet.rows[number] if number < len(sheet.rows) else ()
    texts = {cell for cell in row if isinstance(cell, str) and rarity((cell,))}
    return len(texts) if len(texts) > 1 else 0


def _title_texts(sheet: Sheet, start: int) -> Iterator[str]:
    """Titles and notes fill few cells; a row that fills more is data above a repeated header."""
    for row in sheet.rows[:start]:
        texts = {cell_text(cell) for cell in row if not is_blank(cell)}
        if len(texts) <= _TITLE_CELLS:
            yield from sorted(texts)


def _found(
    kind: ListKind, levels: tuple[Levels, ...], mapping: Mapped
) -> Iterator[tuple[int, tuple[str, float]]]:
    for index, texts in enumerate(levels):
        key = header_key(joined(texts))
        if texts and key in mapping:
            code = mapping[key]
            if code is not None and code in kind.by_code:
                yield index, (code, 1.1)
            continue
        match = match_header(kind, texts)
        if match:
            yield index, (match[0].code, match[1])


def _score(
    kind: ListKind,
    levels: tuple[Levels, ...],
    found: Mapping[int, tuple[str, float]],
    title: str,
) -> float:
    """Telling columns count more, missing required ones take away, titles decide close cases."""
    weights: dict[str, float] = {}
    for index, (code, confidence) in found.items():
        weight = confidence * (0.3 + rarity(levels[index]))
        weights[code] = max(weight, weights.get(code, 0.0))
    score = sum(weights.values())
    for column in kind.required:
        if column.code not in weights:
            score *= _NAMELESS if column is kind.columns[0] else _INCOMPLETE
    named = sum(1 for texts in levels if texts)
    words = _title_words(kind, title)
    prior = 0.01 if kind.code == _DEFAULT_KIND else 0.0
    return score + 0.5 * len(weights) / max(1, named) + min(words, 2) * 0.8 + prior


def _title_words(kind: ListKind, title: str) -> int:
    """Count the kind's words in a title; 企业 within 民办非企业 is a word of the other kind."""
    for other in KINDS:
        for word in other.title_words if other is not kind else ():
            if word in title and any(own in word for own in kind.title_words if own != word):
                title = title.replace(word, " ")
    return sum(1 for word in kind.title_words if word in title)


def _columns(sheet: Sheet, reading: _Reading) -> Iterator[ColumnMatch]:
    winners = _winners(reading.found)
    note = "".join(_title_texts(sheet, reading.start))
    for index, texts in enumerate(reading.levels):
        if not texts:
            continue
        code, confidence = reading.found.get(index, (None, 0.0))
        wins = code is not None and winners[code] == index
        header = joined(texts)
        yield ColumnMatch(
            index=index,
            letter=column_letter(index),
            header=header,
            code=code if wins else None,
            confidence=min(1.0, confidence) if wins else 0.0,
            scale=money_scale(header, note=note) if code == "revenue_wan" else Decimal(1),
        )


def _winners(found: Mapping[int, tuple[str, float]]) -> dict[str, int]:
    """Return the surest column of each code, the leftmost among equals."""
    winners: dict[str, int] = {}
    for index, (code, confidence) in found.items():
        if code not in winners or confidence > found[winners[code]][1]:
            winners[code] = index
    return winners


def _is_left_out(column: ColumnMatch, mapping: Mapped | None) -> bool:
    """Whether nobody needs to hear of a column: left out on purpose, or known to be needless."""
    if column.code is not None:
        return False
    decided = mapping is not None and mapping.get(header_key(column.header), "") is None
    return decided or is_ignored(tuple(column.header.split("|")))


def _unnamed(sheet: Sheet, reading: _Reading) -> list[str]:
    """Return the letters of columns that hold data under no header."""
    named = {index for index, texts in enumerate(reading.levels) if texts}
    sample = sheet.rows[reading.end + 1 : reading.end + 1 + _SAMPLE_ROWS]
    filled = {i for row in sample for i, cell in enumerate(row) if not is_blank(cell)}
    return [column_letter(index) for index in sorted(filled - named)]
