"""Members among staff: counted a second time in plain loops, and nothing told outside the chain."""

from collections import Counter
from datetime import date

import pytest

from liangxin.coverage.queries import (
    counted_growth,
    employed,
    growth_members,
    growth_organisations,
    growth_reason,
    growth_step,
    with_members,
)
from liangxin.coverage.queries.rules import coverage_rules
from liangxin.coverage.terms import Base, Grouping, GrowthSlice
from liangxin.registry.terms import MemberStage
from tests.coverage.test_against_brute_force import (
    BASES,
    COLUMNS,
    DAYS,
    SOCIAL,
    coverage_on,
    is_counted,
    on,
)
from tests.factories.coverage import make_random_ledger
from tests.factories.registry import (
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
)
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def plain_rows(day: date, base: Base) -> list[dict[str, object]]:
    return [
        row
        for row in on(day, "organisationversion")
        if is_counted(row, base) and row["status"] == "operating"
    ]


def workers(day: date, *, stages: tuple[str, ...]) -> dict[int, set[int]]:
    members = {row["person_id"] for row in on(day, "partymembership") if row["stage"] in stages}
    found: dict[int, set[int]] = {}
    for row in on(day, "employment"):
        if row["person_id"] in members:
            found.setdefault(row["organisation_id"], set()).add(row["person_id"])
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by", [Grouping.STREET, Grouping.INDUSTRY, Grouping.SIZE])
def test_growth_agrees_with_plain_loops(seed: int, by: Grouping) -> None:
    make_random_ledger(seed, size=40)
    for day in DAYS:
        working = workers(day, stages=("full", "probationary"))
        for base in BASES:
            staff, people, units = Counter[str](), Counter[str](), Counter[str]()
            for row in plain_rows(day, base):
                key = "" if row[COLUMNS[by]] is None else str(row[COLUMNS[by]])
                if row["employees"] is not None:
                    units[key] += 1
                    staff[key] += int(str(row["employees"]))
                    people[key] += len(working.get(int(str(row["organisation_id"])), ()))
            table = counted_growth(office(), at=day, base=base, by=by)
            assert {row.key: row.staff for row in table.rows if row.organisations} == dict(staff)
            assert Counter({row.key: row.members for row in table.rows}) == people
            assert table.total.organisations == units.total()
            every = growth_members(office(), at=day, base=base).count()
            assert table.every_member == every


@pytest.mark.parametrize("seed", range(3))
def test_lists_of_growth_agree_with_plain_loops(seed: int) -> None:
    make_random_ledger(seed, size=60)
    day, base = DAYS[-1], Base()
    working = workers(day, stages=("full", "probationary"))
    full = workers(day, stages=("full",))
    here = {row["person_id"] for row in on(day, "partyrelation") if row["party_organisation_id"]}
    covered = coverage_on(day)["joint"]
    rows = plain_rows(day, base)
    firms = [row for row in rows if row["kind"] not in SOCIAL]

    def large(row: dict[str, object], least: int) -> bool:
        return int(str(row["employees"] or 0)) >= least

    expected = {
        GrowthSlice.NO_MEMBER: [
            r for r in firms if large(r, 50) and r["organisation_id"] not in working
        ],
        GrowthSlice.NO_PARTY: [
            r for r in firms if large(r, 100) and r["organisation_id"] not in covered
        ],
        GrowthSlice.TRANSFER: [
            r for r in rows if full.get(int(str(r["organisation_id"])), set()) - here
        ],
    }
    for which, wanted in expected.items():
        found = growth_organisations(office(), at=day, base=base, which=which)
        assert {row.organisation_id for row in found} == {r["organisation_id"] for r in wanted}


def test_each_row_says_what_is_missing_and_what_comes_next() -> None:
    bare = make_organisation(employees=60)
    guided = make_organisation(employees=60)
    make_posting(guided.organisation)
    large = make_organisation(employees=120)
    branch = make_party_organisation().party_organisation
    for _ in range(3):
        make_member(large.organisation, held_in=branch)
    away = make_organisation(employees=5)
    make_member(away.organisation, elsewhere="外地党支部")
    make_member(away.organisation, stage=MemberStage.PROBATIONARY, held_in=branch)
    rules = coverage_rules(DAY)
    rows = {
        row.organisation_id: row
        for row in with_members(growth_organisations(office(), at=DAY, base=Base()), at=DAY)
    }

    told = [
        (growth_reason(rows[one.organisation_id], rules=rules),)
        + (growth_step(rows[one.organisation_id], rules=rules),)
        for one in (bare, guided, large, away)
    ]
    assert told == [
        (
            "从业 60 人，达到 50 人，台账中没有党员",
            "先选派指导员或联络员，上门了解党员情况",
        ),
        (
            "从业 60 人，达到 50 人，台账中没有党员",
            "请已选派的指导员或联络员上门核对党员，有的登记入册",
        ),
        ("从业 120 人，达到 100 人，没有党组织", "有正式党员 3 名，可单独建立党支部"),
        ("1 名正式党员的组织关系不在本区党组织", "与党员本人核实，办理组织关系转接"),
    ]
    assert employed(rows[away.organisation_id]).every == 2


def test_growth_keeps_to_the_officers_street() -> None:
    here, other = make_organisation(employees=9), make_organisation(employees=9)
    make_member(here.organisation)
    make_member(other.organisation)
    assert here.street is not None
    viewer = officer_of(here.street)
    table = counted_growth(viewer, at=DAY, base=Base(), by=Grouping.STREET)

    assert (table.total.members, table.total.staff, table.every_member) == (1, 9, 1)
    assert growth_members(viewer, at=DAY, base=Base()).count() == 1


def test_nothing_of_growth_is_told_to_an_owner() -> None:
    unit = make_organisation(employees=60)
    make_member(unit.organisation)
    owner = owner_of(unit.organisation)
    table = counted_growth(owner, at=DAY, base=Base(), by=Grouping.STREET)

    assert (table.rows, table.total.staff, table.every_member) == ((), 0, 0)
    assert growth_organisations(owner, at=DAY, base=Base()).count() == 0
    assert growth_members(owner, at=DAY, base=Base()).count() == 0
