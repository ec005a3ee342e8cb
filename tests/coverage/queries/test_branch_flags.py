"""Each kind of flag on a joint branch: what raises it, and what does not."""

from datetime import date, timedelta

import pytest
from django.db.models import F

from liangxin.coverage.queries.branch_flags import (
    KINDS,
    PEOPLE_KINDS,
    flag_condition,
    flagged_branches,
    flags_of,
)
from liangxin.coverage.queries.branch_units import joint_branches
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.branch_changes import leave_joint_branch
from liangxin.registry.actions.shifting import Order
from liangxin.registry.models import Employment, Organisation, OrganisationVersion, PartyCoverage
from liangxin.registry.terms import OrganisationStatus
from tests.factories.establishments import FOUNDED, make_establishment, make_founded
from tests.factories.plans import LAT, LON, make_candidate, make_group, make_proposal
from tests.factories.registry import make_area, make_member
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
TODAY = FOUNDED + timedelta(days=60)
LATER = FOUNDED + timedelta(days=30)


def codes(branch: int, *, by: Viewer | None = None) -> list[str]:
    return [flag.kind.code for flag in flags_of(by or office(), branch, at=TODAY)]


def founded(**facts: object) -> tuple[int, list[Organisation]]:
    """A joint branch of three units of one member each; the host first."""
    made = make_founded(make_establishment(**facts))  # type: ignore[arg-type]
    units = [unit.organisation for unit in made.units.all()]
    return made.party_organisation_id, units


def revised(unit: Organisation, **facts: object) -> None:
    """What the ledger holds of a unit from LATER on."""
    now = OrganisationVersion.objects.get(organisation=unit, valid_to__isnull=True)
    OrganisationVersion.objects.filter(pk=now.pk).update(valid_to=LATER)
    now.pk = None
    now.valid_from, now.valid_to = LATER, None
    for name, value in facts.items():
        setattr(now, name, value)
    now.save(force_insert=True)


def test_a_branch_as_it_was_founded_bears_no_flag() -> None:
    branch, _ = founded()

    assert codes(branch) == []
    assert flagged_branches(office(), at=TODAY) == {}


def test_a_closed_unit_and_too_few_members_are_flagged() -> None:
    branch, units = founded()
    revised(units[1], status=OrganisationStatus.CLOSED)

    assert codes(branch) == ["closed", "few"]
    (row,) = joint_branches(office(), at=TODAY)
    assert (row.units, row.members) == (2, 2)


def test_a_unit_beyond_the_distance_is_flagged_only_after_a_move() -> None:
    branch, units = founded()
    revised(units[1], lat=LAT + 0.1, lon=LON)

    assert codes(branch) == ["far"]


def test_a_unit_in_another_street_is_flagged() -> None:
    branch, units = founded()
    revised(units[1], street=make_area())

    assert "moved" in codes(branch)


def test_a_unit_of_three_members_should_have_its_own() -> None:
    branch, units = founded()
    for _ in range(2):
        make_member(units[1])

    (flag,) = flags_of(office(), branch, at=TODAY)
    assert (flag.kind.code, flag.row.full) == ("own", 3)
    assert "3 名" in flag.text


def test_a_closed_unit_is_not_told_to_found_a_branch() -> None:
    branch, units = founded()
    for _ in range(2):
        make_member(units[1])
    revised(units[1], status=OrganisationStatus.CLOSED)

    assert "own" not in codes(branch)


def test_a_branch_of_one_unit_is_flagged() -> None:
    branch, units = founded()
    PartyCoverage.objects.filter(organisation__in=units[1:]).update(valid_to=LATER)

    assert codes(branch) == ["few", "lone"]


def test_many_members_and_many_units_are_flagged() -> None:
    branch, units = founded()
    for _ in range(50):
        make_member(units[0])
    street = units[0].versions.get().street
    for _ in range(3):
        extra = make_candidate(street=street)
        row = PartyCoverage.objects.filter(party_organisation_id=branch).first()
        assert row is not None
        row.pk, row.organisation = None, extra.organisation
        row.save(force_insert=True)

    assert set(codes(branch)) == {"own", "many", "crowded"}


def test_a_branch_whose_secretary_left_is_flagged() -> None:
    made = make_founded()
    made.party_organisation.posts.update(valid_to=LATER)

    assert codes(made.party_organisation_id) == ["vacant"]


def test_relations_of_a_unit_that_left_are_to_be_moved() -> None:
    street = make_area()
    units = [make_candidate(street=street, members=2) for _ in range(3)]
    group = make_group(make_proposal(), units)
    made = make_founded(make_establishment(group))
    branch = made.party_organisation
    for person in Employment.objects.values_list("person_id", flat=True):
        relation = branch.relations.model.objects.filter(person_id=person)
        relation.update(party_organisation=branch)
    leave_joint_branch(
        branch,
        units[2].organisation,
        by=officer_of(street),
        order=Order(on_date=LATER, basis="批复"),
        today=TODAY,
    )

    assert codes(branch.pk) == ["left", "left"]


def test_another_streets_officer_meets_none_of_it() -> None:
    street = make_area()
    branch, units = founded(street=street)
    revised(units[1], status=OrganisationStatus.CLOSED)

    assert codes(branch, by=officer_of(make_area())) == []
    assert codes(branch, by=officer_of(street)) == ["closed", "few"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_each_kind_is_one_ordered_query_with_its_day(kind: object) -> None:
    rows = kind.rows(office(), at=date(2026, 6, 1))  # type: ignore[attr-defined]

    assert rows.ordered
    assert list(rows.annotate(day=F("since"))) == []
    assert all((kind.rule, kind.next_step, kind.why))  # type: ignore[attr-defined]
    assert flag_condition(office(), kind.code, at=TODAY)  # type: ignore[attr-defined]


def test_people_are_named_in_the_kinds_that_say_so_alone() -> None:
    assert PEOPLE_KINDS == ("left",)
