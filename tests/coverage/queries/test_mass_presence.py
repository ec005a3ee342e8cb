"""Union and League presence counted a second time in plain loops; guides' load against capacity."""

from collections import Counter

import pytest

from liangxin.coverage.queries import counted_mass, guide_loads, mass_organisations
from liangxin.coverage.terms import Base, Grouping, MassSlice
from liangxin.registry.terms import GuideRole
from tests.coverage.test_against_brute_force import BASES, COLUMNS, DAYS, is_counted, on
from tests.factories.coverage import DAY, make_random_ledger
from tests.factories.registry import make_guide, make_mass_presence, make_organisation, make_posting
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by", [Grouping.STREET, Grouping.INDUSTRY, Grouping.SIZE])
def test_presence_agrees_with_plain_loops(seed: int, by: Grouping) -> None:
    make_random_ledger(seed, size=40)
    for day in DAYS:
        present = {(row["organisation_id"], row["kind"]) for row in on(day, "masspresence")}
        guided = {row["organisation_id"] for row in on(day, "posting")}
        for base in BASES:
            expected: dict[str, Counter[str]] = {}
            for row in on(day, "organisationversion"):
                if not is_counted(row, base) or row["status"] != "operating":
                    continue
                unit = row["organisation_id"]
                key = "" if row[COLUMNS[by]] is None else str(row[COLUMNS[by]])
                union, league = (unit, "union") in present, (unit, "league") in present
                facts = {
                    "base": True,
                    "union": union,
                    "league": league,
                    "neither": not union and not league,
                    "nobody": not union and not league and unit not in guided,
                }
                place = expected.setdefault(key, Counter())
                place.update({name: int(holds) for name, holds in facts.items()})
            table = counted_mass(office(), at=day, base=base, by=by)
            names = ("base", "union", "league", "neither", "nobody")
            found = {row.key: Counter({n: getattr(row, n) for n in names}) for row in table.rows}
            assert found == expected
            for which in (MassSlice.UNION, MassSlice.LEAGUE, MassSlice.NEITHER, MassSlice.NOBODY):
                listed = mass_organisations(office(), at=day, base=base, which=which).count()
                assert listed == getattr(table.total, which.value)


def test_presence_keeps_to_the_officers_street() -> None:
    here, other = make_organisation(), make_organisation()
    make_mass_presence(other.organisation)
    assert here.street is not None
    total = counted_mass(officer_of(here.street), at=DAY, base=Base(), by=Grouping.STREET).total
    assert (total.base, total.union, total.neither) == (1, 0, 1)


def test_guide_loads_tell_who_carries_too_many() -> None:
    busy, idle, open_ended = (
        make_guide(capacity=1),
        make_guide(capacity=3),
        make_guide(capacity=None),
    )
    for _ in range(2):
        make_posting(make_organisation().organisation, person=busy)
    make_posting(make_organisation().organisation, person=open_ended)
    (load,) = guide_loads(office(), at=DAY)

    assert idle.pk
    assert (load.role, load.people, load.served, load.capacity) == (GuideRole.INSTRUCTOR, 3, 3, 4)
    assert (load.over, load.full, load.free, load.unnamed) == (1, 0, 2, 1)
