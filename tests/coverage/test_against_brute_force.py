"""Coverage counted a second time in plain loops over the raw tables; shares no code with the app."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

import pytest
from django.db import connection

from liangxin.coverage.queries import counted_table
from liangxin.coverage.terms import Base, BaseKind, Grouping
from liangxin.kernel.viewer import SYSTEM
from tests.factories.coverage import make_random_ledger

pytestmark = pytest.mark.django_db
Counts = dict[str, Counter[str]]
DAYS = (date(2024, 3, 1), date(2025, 8, 15), date(2026, 6, 20))
BASES = (Base(), Base(BaseKind.SAN_YOU), Base(BaseKind.MIN_STAFF, 50))
COLUMNS = {
    Grouping.STREET: "street_id",
    Grouping.SITE: "site_id",
    Grouping.INDUSTRY: "industry_section",
    Grouping.SIZE: "size_class",
}
SOCIAL = ("association", "service", "foundation")
LEFT_OUT = ("branch_office", "individual_business")


def table(name: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM registry_{name}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def day_of(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


def on(day: date, name: str) -> list[dict[str, Any]]:
    found = []
    for row in table(name):
        start, end = day_of(row["valid_from"]), day_of(row["valid_to"])
        if start is not None and start <= day and (end is None or day < end):
            found.append(row)
    return found


def coverage_on(day: date) -> dict[str, set[int]]:
    """Organisations covered singly, by any Party organisation, and by work."""
    standing = set()
    for row in table("partyorganisation"):
        founded, dissolved = day_of(row["founded_date"]), day_of(row["dissolved_date"])
        if founded and founded <= day and (dissolved is None or day < dissolved):
            standing.add(row["id"])
    units = defaultdict(set)
    for row in on(day, "partycoverage"):
        if row["party_organisation_id"] in standing:
            units[row["party_organisation_id"]].add(row["organisation_id"])
    joint = {
        row["party_organisation_id"]
        for row in on(day, "partyorganisationversion")
        if row["kind"] == "joint_branch"
    }
    reached = on(day, "posting") + on(day, "masspresence")
    return {
        "single": {
            unit
            for key, covered in units.items()
            if len(covered) == 1 and key not in joint
            for unit in covered
        },
        "joint": {unit for covered in units.values() for unit in covered},
        "work": {row["organisation_id"] for row in reached},
    }


def is_counted(row: dict[str, Any], base: Base) -> bool:
    staff = row["employees"] or 0
    if row["kind"] in LEFT_OUT or row["status"] not in ("operating", "unknown"):
        return False
    if base.kind is BaseKind.SAN_YOU:
        is_enterprise = row["kind"] not in SOCIAL
        return is_enterprise and bool(row["has_premises"] and row["has_activity"]) and staff >= 10
    return staff >= base.min_staff


def brute_force(day: date, base: Base, column: str) -> Counts:
    covered = coverage_on(day)
    counts: Counts = defaultdict(Counter)
    for row in on(day, "organisationversion"):
        if is_counted(row, base):
            unit = row["organisation_id"]
            how = next((name for name, units in covered.items() if unit in units), "none")
            place = "" if row[column] is None else str(row[column])
            counts[place]["unknown" if row["status"] == "unknown" else how] += 1
    return dict(counts)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("by", list(Grouping))
def test_counted_table_agrees_with_plain_loops_in_every_cell(seed: int, by: Grouping) -> None:
    make_random_ledger(seed, size=40)
    for day in DAYS:
        for base in BASES:
            expected = brute_force(day, base, COLUMNS[by])
            found = {
                row.key: Counter(
                    {
                        name: getattr(row, name)
                        for name in ("single", "joint", "work", "none", "unknown")
                        if getattr(row, name)
                    }
                )
                for row in counted_table(SYSTEM, at=day, base=base, by=by).rows
            }
            assert found == expected, (day, base)


def test_brute_force_meets_every_kind_of_coverage() -> None:
    make_random_ledger(1, size=60)
    counts = brute_force(DAYS[-1], BASES[0], "street_id").values()
    assert {name for row in counts for name in row} == {
        "single",
        "joint",
        "work",
        "none",
        "unknown",
    }
