"""Workbooks of offices that never saw the importer, against what their clerks expect."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from liangxin.intake.actions import commit_batch, stage_files
from liangxin.intake.models import Batch
from liangxin.intake.queries import batch_report
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import (
    Employment,
    GuideService,
    MassPresence,
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisationVersion,
    Posting,
    Site,
)
from tests.factories.registry import make_area, make_organisation, make_site
from tests.intake.strangers.expectations import EXPECTED, Sheet
from tests.intake.strangers.judgements import JUDGED
from tests.intake.strangers.make_workbooks import make_all
from tests.intake.strangers.tables import (
    BUILDING,
    EAST,
    EAST_MING,
    EASTERN,
    LEDGER,
    SOCIAL_WORK,
    SOUTH,
    WEST,
    WESTERN,
)

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 3)
TAKEN = ("new", "changed", "unchanged", "older")

REFUSED = [name for name, book in EXPECTED.items() if book.refused]
SHEETS = [(name, sheet) for name, book in EXPECTED.items() for sheet in book.sheets]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The fourteen workbooks, written anew."""
    return make_all(tmp_path_factory.mktemp("strangers"))


@pytest.fixture
def district() -> dict[str, Any]:
    """Three streets and one building."""
    streets = {name: make_area(name) for name in (EAST, WEST, SOUTH)}
    make_site(BUILDING, street=streets[EAST])
    return streets


def _batch(name: str, *, books: dict[str, Path], district: dict[str, Any]) -> Batch:
    if EXPECTED[name].needs_ledger:
        for firm, code, street in LEDGER:
            make_organisation(uscc=code, name=firm, street=district[street])
    return stage_files([books[name]], by=SYSTEM, source="示例", as_of=AS_OF, progress=Progress())


REPORTS: dict[str, dict[str, Any]] = {}  # by book: what is told of it does not change


def _staged(name: str, *, books: dict[str, Path], district: dict[str, Any]) -> dict[str, Any]:
    """The report of a book over the ledger it needs; read once, since some take long to read."""
    if name not in REPORTS:
        (file,) = batch_report(_batch(name, books=books, district=district))["files"]
        REPORTS[name] = dict(file)
    return REPORTS[name]


def _committed(name: str, *, books: dict[str, Path], district: dict[str, Any]) -> None:
    batch = _batch(name, books=books, district=district)
    commit_batch(batch, by=SYSTEM, progress=Progress())


def _differences(expected: Sheet, *, got: dict[str, Any] | None) -> Iterator[str]:
    """Each thing in which the importer and the clerk differ, in one line."""
    kind = (got or {}).get("kind") or None
    if kind != expected.kind:
        yield f"kind: expected {expected.kind}, got {kind}"
    if got is None or expected.kind is None:
        return
    faults = {row["row"]: row["faults"] for row in got["rejected"]}
    for row, refusal in expected.refused.items():
        columns = [fault["column"] for fault in faults.get(row, ())]
        if not set(columns) & set(refusal.columns):
            yield f"row {row}: expected refused for {refusal.columns} ({refusal.why}), got {columns}"
    for row in sorted(faults.keys() - expected.refused.keys() - expected.either.keys()):
        said = [(f["column"], f["value"], f["reason"]) for f in faults[row]]
        yield f"row {row}: expected taken, got refused: {said}"
    taken = sum(got["counts"][state] for state in TAKEN)
    most = expected.good + len(expected.either)
    if not expected.good <= taken <= most:
        yield f"good rows: expected {expected.good} to {most}, got {taken}"


@pytest.mark.parametrize(("name", "sheet"), SHEETS)
def test_sheet_is_taken_as_a_clerk_expects(
    name: str, sheet: str, books: dict[str, Path], district: dict[str, Any]
) -> None:
    file = _staged(name, books=books, district=district)

    got = {one["sheet"]: one for one in file["sheets"]}
    found = next(iter(got.values())) if sheet == "" else got.get(sheet)

    assert file["error"] == ""
    judged = list(JUDGED.get((name, sheet), ()))
    assert list(_differences(EXPECTED[name].sheets[sheet], got=found)) == judged


@pytest.mark.parametrize(("name", "sheet"), SHEETS)
def test_every_refused_cell_has_reason_and_mend(
    name: str, sheet: str, books: dict[str, Path], district: dict[str, Any]
) -> None:
    file = _staged(name, books=books, district=district)

    faults = [fault for one in file["sheets"] for row in one["rejected"] for fault in row["faults"]]
    assert [f for f in faults if not (f["reason"] and f["mend"])] == []


@pytest.mark.parametrize("name", REFUSED)
def test_file_without_a_readable_list_is_refused_plainly(
    name: str, books: dict[str, Path], district: dict[str, Any]
) -> None:
    file = _staged(name, books=books, district=district)

    assert file["error"] != ""
    assert sum(len(sheet["rejected"]) for sheet in file["sheets"]) == 0


def test_merged_streets_units_and_brackets_reach_the_ledger(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed("01企业底册.xlsx", books=books, district=district)

    fields = ("name", "street__name", "employees", "revenue_wan", "phone", "has_premises")
    assert sorted(OrganisationVersion.objects.values_list(*fields)) == [
        ("示例东信（测试）科技股份有限公司", EAST, 120, 300, "12000000003", True),
        (EASTERN, EAST, 120, 1200, "12000000001", True),
        (EAST_MING, EAST, 35, Decimal("860.5"), "12000000002", True),
        ("示例南湖农机服务部", SOUTH, 4, None, "", True),
        (WESTERN, WEST, 22, 410, "8120001", True),
    ]


def test_seven_forms_of_one_date_are_that_date(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed("02非公企业摸底.xls", books=books, district=district)

    firms = OrganisationVersion.objects.all()
    assert {firm.established_date for firm in firms} == {date(2021, 3, 5)}
    assert {f.street.name for f in firms if f.name == "示例十二号软件有限公司" and f.street} == {
        EAST
    }


def test_rare_characters_and_quoted_semicolons_survive(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed("03社会组织名单.csv", books=books, district=district)

    found = OrganisationVersion.objects.filter(
        name__in=["示例𠮷祥养老院", "示例书画院", "示例钓鱼协会"]
    )
    assert sorted(found.values_list("name", "address", "kind")) == [
        ("示例书画院", "示例路8号;二楼", "service"),
        ("示例钓鱼协会", "示例路6号", "association"),
        ("示例𠮷祥养老院", "示例路4号", "service"),
    ]


def test_degrees_and_minutes_are_the_same_place(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed("04楼宇园区.xlsx", books=books, district=district)

    places = dict(Site.objects.values_list("name", "lon"))
    assert places["示例度分大厦"] == places[BUILDING] == pytest.approx(121.4956, abs=1e-4)


def test_merged_superior_and_covered_units_reach_the_ledger(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed("05党组织名册.xlsx", books=books, district=district)

    general = PartyOrganisationVersion.objects.get(kind="general_branch")
    below = PartyOrganisationVersion.objects.filter(parent=general.party_organisation)
    covered = PartyCoverage.objects.filter(party_organisation__versions__kind="joint_branch")
    assert {one.street.name for one in below if one.street} == {EAST}
    assert sorted(below.values_list("kind", flat=True)) == [
        "branch",
        "joint_branch",
        "temporary_branch",
    ]
    assert set(covered.values_list("organisation__versions__name", flat=True)) == {
        EAST_MING,
        WESTERN,
        SOCIAL_WORK,
    }


def test_members_work_where_merged_cells_codes_and_brackets_say(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed("06党员花名册.xlsx", books=books, district=district)

    at_eastern = Employment.objects.filter(organisation__versions__name=EASTERN)
    assert sorted(at_eastern.values_list("person__name", flat=True)) == [
        "示例乙",
        "示例卯",
        "示例戊",
        "示例甲",
    ]
    (spaced,) = Employment.objects.filter(person__name="示例寅")
    assert spaced.person.phone == "12000000414"


def test_one_instructor_over_three_rows_serves_three_firms(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed("07指导员和工会.xlsx", books=books, district=district)

    served = Posting.objects.filter(person__name="示例指导甲")
    assert GuideService.objects.filter(person__name="示例指导甲").count() == 1
    assert set(served.values_list("organisation__versions__name", flat=True)) == {
        EASTERN,
        EAST_MING,
        WESTERN,
    }
    assert MassPresence.objects.filter(kind="union").count() == 5
    assert MassPresence.objects.filter(kind="league").count() == 0


def test_sheet_of_liaisons_without_roles_is_told_what_it_lacks(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    file = _staged("07指导员和工会.xlsx", books=books, district=district)

    (problems,) = [one["problems"] for one in file["sheets"] if one["sheet"] == "联络员"]
    assert [problem[:10] for problem in problems] == ["缺少必填列“类别”。"]


def test_lists_of_one_upload_find_each_other(
    books: dict[str, Path], district: dict[str, Any]
) -> None:
    """Members, instructors and branches name firms that only the same upload brings."""
    names = [name for name, book in EXPECTED.items() if not book.refused]
    batch = stage_files(
        [books[name] for name in names],
        by=SYSTEM,
        source="示例",
        as_of=AS_OF,
        progress=Progress(),
    )

    files = {file["file"]: file["sheets"] for file in batch_report(batch)["files"]}
    for name, sheet in SHEETS:
        if not EXPECTED[name].needs_ledger:
            continue
        (found,) = [one for one in files[name] if one["sheet"] == sheet]
        got = list(_differences(EXPECTED[name].sheets[sheet], got=found))
        assert got == list(JUDGED.get((name, sheet), ())), name


@pytest.mark.parametrize("name", ["01企业底册.xlsx", "06党员花名册.xlsx", "07指导员和工会.xlsx"])
def test_same_list_again_brings_nothing_new(
    name: str, books: dict[str, Path], district: dict[str, Any]
) -> None:
    _committed(name, books=books, district=district)
    again = stage_files([books[name]], by=SYSTEM, source="示例", as_of=AS_OF, progress=Progress())

    (file,) = batch_report(again)["files"]
    for sheet in file["sheets"]:
        assert (sheet["counts"]["new"], sheet["counts"]["changed"]) == (0, 0)
