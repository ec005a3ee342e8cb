"""How one organisation stands."""

from datetime import date, timedelta

import pytest

from liangxin.coverage.queries import covered_state
from liangxin.coverage.queries.state import covered_state_of
from liangxin.coverage.terms import Base, BaseKind, Coverage, Standing
from liangxin.kernel.viewer import STRANGER, SYSTEM
from liangxin.registry.models import DistrictRule, OrganisationVersion
from liangxin.registry.terms import (
    GuideRole,
    MassKind,
    OrganisationKind,
    OrganisationStatus,
    PartyKind,
)
from tests.factories.coverage import DAY, make_random_ledger, officer_of, owner_of
from tests.factories.registry import (
    START,
    make_coverage,
    make_mass_presence,
    make_organisation,
    make_party_organisation,
    make_posting,
    make_provenance,
)

pytestmark = pytest.mark.django_db
OPERATING = Base()


def standing(version: OrganisationVersion, *, at: date = DAY, base: Base = OPERATING) -> str:
    return covered_state(SYSTEM, at=at, base=base).get(pk=version.pk).standing


def coverage(version: OrganisationVersion, *, at: date = DAY) -> str:
    return covered_state(SYSTEM, at=at, base=OPERATING).get(pk=version.pk).coverage


def set_rule(code: str, value: object) -> None:
    provenance = make_provenance()
    DistrictRule.objects.create(
        code=code,
        value=value,
        source="本区文件",
        valid_from=START,
        recorded_at=provenance.recorded_at,
        provenance=provenance,
    )


def test_coverage_of_an_organisation_nobody_reached_is_none() -> None:
    assert coverage(make_organisation()) == Coverage.NONE


def test_coverage_by_a_branch_of_one_unit_is_single() -> None:
    firm = make_organisation()
    make_party_organisation(covers=(firm.organisation,))
    assert coverage(firm) == Coverage.SINGLE


def test_coverage_by_a_branch_of_two_units_is_joint() -> None:
    firm, other = make_organisation(), make_organisation()
    make_party_organisation(covers=(firm.organisation, other.organisation))
    assert coverage(firm) == Coverage.JOINT


def test_coverage_by_a_joint_branch_left_with_one_unit_is_joint() -> None:
    firm = make_organisation()
    make_party_organisation(kind=PartyKind.JOINT_BRANCH, covers=(firm.organisation,))
    assert coverage(firm) == Coverage.JOINT


def test_coverage_single_wins_over_joint() -> None:
    firm, other = make_organisation(), make_organisation()
    make_party_organisation(covers=(firm.organisation, other.organisation))
    make_party_organisation(covers=(firm.organisation,))
    assert coverage(firm) == Coverage.SINGLE


def test_coverage_becomes_single_when_the_other_unit_leaves() -> None:
    firm, other = make_organisation(), make_organisation()
    branch = make_party_organisation(covers=(firm.organisation,)).party_organisation
    make_coverage(branch, other.organisation, valid_to=DAY)
    assert coverage(firm, at=DAY - timedelta(days=1)) == Coverage.JOINT
    assert coverage(firm, at=DAY) == Coverage.SINGLE


@pytest.mark.parametrize("founded", [None, DAY + timedelta(days=1)])
def test_coverage_by_an_unfounded_branch_does_not_count(founded: date | None) -> None:
    firm = make_organisation()
    make_party_organisation(founded_date=founded, covers=(firm.organisation,))
    assert coverage(firm) == Coverage.NONE


def test_coverage_ends_on_the_day_the_branch_is_dissolved() -> None:
    firm = make_organisation()
    branch = make_party_organisation(covers=(firm.organisation,)).party_organisation
    branch.dissolved_date = DAY
    branch.save()
    assert coverage(firm, at=DAY - timedelta(days=1)) == Coverage.SINGLE
    assert coverage(firm, at=DAY) == Coverage.NONE


@pytest.mark.parametrize("role", GuideRole)
def test_coverage_by_a_posting_is_work(role: GuideRole) -> None:
    firm = make_organisation()
    make_posting(firm.organisation, role=role)
    assert coverage(firm) == Coverage.WORK


@pytest.mark.parametrize("kind", MassKind)
def test_coverage_by_a_mass_organisation_is_work(kind: MassKind) -> None:
    firm = make_organisation()
    make_mass_presence(firm.organisation, kind=kind)
    assert coverage(firm) == Coverage.WORK


def test_coverage_by_an_ended_posting_does_not_count() -> None:
    firm = make_organisation()
    make_posting(firm.organisation, valid_to=DAY)
    assert coverage(firm) == Coverage.NONE


def test_coverage_by_work_obeys_the_local_rule() -> None:
    firm, other = make_organisation(), make_organisation()
    make_mass_presence(firm.organisation)
    make_posting(other.organisation)
    set_rule("coverage.work_means", ["instructor"])
    assert (coverage(firm), coverage(other)) == (Coverage.NONE, Coverage.WORK)


def test_coverage_numerator_obeys_the_local_rule() -> None:
    alone, shared, other = make_organisation(), make_organisation(), make_organisation()
    make_party_organisation(covers=(alone.organisation,))
    make_party_organisation(covers=(shared.organisation, other.organisation))
    set_rule("coverage.organisation_numerator", ["joint"])
    assert (coverage(alone), coverage(shared)) == (Coverage.NONE, Coverage.JOINT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (OrganisationStatus.OPERATING, Standing.IN_BASE),
        (OrganisationStatus.UNKNOWN, Standing.UNKNOWN),
        (OrganisationStatus.CLOSED, Standing.OUTSIDE),
        (OrganisationStatus.SHELL, Standing.OUTSIDE),
        (OrganisationStatus.DORMANT, Standing.OUTSIDE),
    ],
)
def test_standing_follows_the_status(status: OrganisationStatus, expected: Standing) -> None:
    assert standing(make_organisation(status=status)) == expected


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (OrganisationKind.BRANCH_OFFICE, "coverage.count_branch_offices"),
        (OrganisationKind.INDIVIDUAL_BUSINESS, "coverage.count_sole_traders"),
    ],
)
def test_standing_of_lesser_kinds_follows_the_rule(kind: OrganisationKind, rule: str) -> None:
    version = make_organisation(kind=kind)
    assert standing(version) == Standing.OUTSIDE
    set_rule(rule, True)
    assert standing(version) == Standing.IN_BASE


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Standing.IN_BASE),
        ({"employees": 9}, Standing.OUTSIDE),
        ({"employees": None}, Standing.OUTSIDE),
        ({"has_premises": None}, Standing.OUTSIDE),
        ({"has_activity": False}, Standing.OUTSIDE),
        ({"kind": OrganisationKind.SERVICE}, Standing.OUTSIDE),
        ({"status": OrganisationStatus.UNKNOWN}, Standing.UNKNOWN),
    ],
)
def test_standing_in_the_san_you_base(facts: dict[str, object], expected: Standing) -> None:
    whole = {"employees": 10, "has_premises": True, "has_activity": True}
    version = make_organisation(**(whole | facts))
    assert standing(version, base=Base(BaseKind.SAN_YOU)) == expected


@pytest.mark.parametrize(
    ("employees", "expected"),
    [(None, Standing.OUTSIDE), (49, Standing.OUTSIDE), (50, Standing.IN_BASE)],
)
def test_standing_in_the_staff_base(employees: int | None, expected: Standing) -> None:
    version = make_organisation(employees=employees)
    assert standing(version, base=Base(BaseKind.MIN_STAFF, 50)) == expected


def test_covered_state_keeps_to_the_officers_street() -> None:
    here, _ = make_organisation(), make_organisation()
    found = covered_state(officer_of(here.street), at=DAY, base=OPERATING)
    assert [version.pk for version in found] == [here.pk]


def test_covered_state_shows_owners_and_strangers_nothing() -> None:
    firm = make_organisation()
    owner = owner_of(firm.organisation_id)
    assert list(covered_state(owner, at=DAY, base=OPERATING)) == []
    assert list(covered_state(STRANGER, at=DAY, base=OPERATING)) == []


def test_covered_state_knows_the_past() -> None:
    firm = make_organisation(valid_from=START, valid_to=DAY)
    before = covered_state(SYSTEM, at=DAY - timedelta(days=1), base=OPERATING)
    assert [version.pk for version in before] == [firm.pk]
    assert list(covered_state(SYSTEM, at=DAY, base=OPERATING)) == []


@pytest.mark.parametrize("numerator", [("single", "joint"), ("single",), ("joint",)])
def test_some_organisations_stand_as_they_do_among_all(numerator: tuple[str, ...]) -> None:
    make_random_ledger(7, size=40)
    set_rule("coverage.organisation_numerator", list(numerator))
    every = covered_state(SYSTEM, at=DAY, base=OPERATING).order_by("pk")
    names = ("organisation_id", "standing", "coverage")
    whole = list(every.values_list(*names))

    for part in (whole[::3], whole[1::5], whole[:1]):
        keys = [key for key, *_ in part]
        found = covered_state_of(SYSTEM, keys, at=DAY, base=OPERATING).order_by("pk")
        assert list(found.values_list(*names)) == part
