"""What changed in the ledger since a group was planned, and what forbids adopting it."""

from datetime import date

import pytest
from django.utils import timezone

from liangxin.coverage.models import (
    Establishment,
    EstablishmentUnit,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.changed_facts import (
    FactChange,
    What,
    changes_of,
    fingerprint,
    group_changes,
)
from liangxin.registry.models import (
    Employment,
    OrganisationVersion,
    PartyOrganisation,
    PartyRelation,
)
from liangxin.registry.terms import OrganisationStatus
from tests.factories import registry
from tests.factories.plans import (
    DAY,
    DEGREES_A_METRE,
    LAT,
    LON,
    make_candidate,
    make_group,
    make_proposal,
)

pytestmark = pytest.mark.django_db
LATER = date(2026, 7, 1)


def version_of(unit: ProposedUnit) -> OrganisationVersion:
    return OrganisationVersion.objects.get(organisation_id=unit.organisation_id)


def told(unit: ProposedUnit, **facts: object) -> None:
    OrganisationVersion.objects.filter(organisation_id=unit.organisation_id).update(**facts)


def units_of(group: ProposedGroup) -> list[ProposedUnit]:
    return list(group.units.order_by("-is_host", "way_m"))


def changed(group: ProposedGroup) -> dict[What, FactChange]:
    found = group_changes(group, at=LATER)
    assert len({one.what for one in found}) == len(found)
    return {one.what: one for one in found}


def test_group_changes_are_none_where_all_is_as_planned() -> None:
    group = make_group(make_proposal())

    assert group_changes(group, at=LATER) == ()
    assert fingerprint(()) == ""


def test_group_changes_tell_a_new_name() -> None:
    group = make_group(make_proposal())
    unit = units_of(group)[1]
    told(unit, name="新名测试有限公司")

    (only,) = group_changes(group, at=LATER)

    assert (only.what, only.before, only.after) == (What.NAME, unit.name, "新名测试有限公司")
    assert (only.organisation_id, only.is_blocking) == (unit.organisation_id, False)
    assert only.text == f"{unit.name}已更名为新名测试有限公司。"


@pytest.mark.parametrize(
    "status", [OrganisationStatus.CLOSED, OrganisationStatus.SHELL, OrganisationStatus.UNKNOWN]
)
def test_group_changes_forbid_what_does_not_operate(status: OrganisationStatus) -> None:
    group = make_group(make_proposal())
    told(units_of(group)[2], status=status)

    found = changed(group)

    assert list(found) == [What.STATUS]
    assert found[What.STATUS].is_blocking
    assert found[What.STATUS].after == status.label


def test_group_changes_forbid_what_is_gone_from_the_ledger() -> None:
    group = make_group(make_proposal())
    told(units_of(group)[1], valid_to=date(2026, 6, 15))

    found = changed(group)

    assert list(found) == [What.GONE]
    assert found[What.GONE].is_blocking


def test_group_changes_tell_a_move_nearby() -> None:
    group = make_group(make_proposal())
    unit = units_of(group)[1]
    told(unit, lat=LAT + 300 * DEGREES_A_METRE)

    found = changed(group)

    assert list(found) == [What.POSITION]
    assert found[What.POSITION].text == f"{unit.name}的位置移动了约 200 米。"
    assert not found[What.POSITION].is_blocking


def test_group_changes_pass_over_a_few_metres() -> None:
    group = make_group(make_proposal())
    told(units_of(group)[1], lat=LAT + 140 * DEGREES_A_METRE)

    assert group_changes(group, at=LATER) == ()


def test_group_changes_forbid_a_move_out_of_reach() -> None:
    group = make_group(make_proposal())
    told(units_of(group)[1], lat=LAT + 1500 * DEGREES_A_METRE)

    found = changed(group)

    assert list(found) == [What.REACH, What.POSITION]
    assert found[What.REACH].is_blocking


def test_group_changes_forbid_every_unit_that_a_moving_host_leaves_behind() -> None:
    group = make_group(make_proposal())
    told(units_of(group)[0], lat=LAT - 1500 * DEGREES_A_METRE)

    found = group_changes(group, at=LATER)

    assert [one.what for one in found] == [What.REACH, What.REACH, What.POSITION]


def test_group_changes_forbid_another_street_without_another_tie() -> None:
    group = make_group(make_proposal())
    street = registry.make_area("别处街道")
    told(units_of(group)[1], street=street)

    found = changed(group)

    assert list(found) == [What.REACH, What.STREET]
    assert found[What.STREET].after == "别处街道"


def test_group_changes_allow_another_street_within_one_industry() -> None:
    street = registry.make_area()
    firms = [
        make_candidate(street=street, industry_code="6510", north_m=100.0 * step)
        for step in range(3)
    ]
    group = make_group(make_proposal(), firms)
    told(units_of(group)[1], street=registry.make_area())

    assert list(changed(group)) == [What.STREET]


def test_group_changes_tell_a_lost_position() -> None:
    group = make_group(make_proposal())
    told(units_of(group)[1], lon=None, lat=None)

    assert list(changed(group)) == [What.REACH, What.POSITION]


def test_group_changes_tell_site_and_industry() -> None:
    site = registry.make_site("测试大厦", lon=LON, lat=LAT)
    firms = [make_candidate(site=site, industry_code="6511") for _ in range(3)]
    group = make_group(make_proposal(), firms)
    told(firms_unit(group, firms[1]), site=None, lon=LON, lat=LAT, industry_code="7910")

    found = changed(group)

    assert set(found) == {What.SITE, What.INDUSTRY}
    assert (found[What.SITE].before, found[What.SITE].after) == ("测试大厦", "未填")
    assert found[What.INDUSTRY].before.startswith("6511 ")
    assert not any(one.is_blocking for one in found.values())


def firms_unit(group: ProposedGroup, version: OrganisationVersion) -> ProposedUnit:
    return group.units.get(organisation=version.organisation)


def test_group_changes_pass_over_an_industry_of_the_same_division() -> None:
    firms = [make_candidate(industry_code="6510") for _ in range(3)]
    group = make_group(make_proposal(), firms)
    told(firms_unit(group, firms[1]), industry_code="6520")

    assert group_changes(group, at=LATER) == ()


def test_group_changes_forbid_too_few_members() -> None:
    group = make_group(make_proposal())
    unit = units_of(group)[1]
    Employment.objects.filter(organisation_id=unit.organisation_id).update(valid_to=DAY)

    found = changed(group)

    assert found[What.MEMBERS].text == f"{unit.name}的正式党员由 1 名变为 0 名。"
    assert not found[What.MEMBERS].is_blocking
    whole = found[What.GROUP_MEMBERS]
    assert (whole.organisation_id, whole.is_blocking) == (None, True)
    assert whole.text == "第 1 组现有正式党员 2 名，不足 3 名，不能成立党支部。"


def test_group_changes_allow_a_member_more() -> None:
    group = make_group(make_proposal())
    registry.make_member(units_of(group)[1].organisation)

    found = changed(group)

    assert set(found) == {What.MEMBERS, What.TRANSFER}
    assert not found[What.MEMBERS].is_blocking


def test_group_changes_forbid_a_unit_that_can_have_its_own_branch() -> None:
    group = make_group(make_proposal())
    unit = units_of(group)[1]
    for _ in range(2):
        registry.make_member(unit.organisation)

    found = changed(group)

    assert found[What.MEMBERS].is_blocking
    assert found[What.MEMBERS].text.endswith("变为 3 名，已可单独建立党支部。")


def test_group_changes_tell_transfers() -> None:
    group = make_group(make_proposal())
    unit = units_of(group)[1]
    worker = Employment.objects.get(organisation_id=unit.organisation_id)
    PartyRelation.objects.filter(person_id=worker.person_id).update(
        party_organisation=None, elsewhere="外地"
    )

    found = changed(group)

    assert list(found) == [What.TRANSFER]
    assert (found[What.TRANSFER].before, found[What.TRANSFER].after) == ("0 名", "1 名")


def test_group_changes_forbid_what_is_covered_by_now() -> None:
    group = make_group(make_proposal())
    registry.make_party_organisation(covers=(units_of(group)[1].organisation,))

    found = changed(group)

    assert list(found) == [What.COVERED]
    assert found[What.COVERED].is_blocking


def test_group_changes_pass_over_cover_that_is_only_proposed() -> None:
    group = make_group(make_proposal())
    registry.make_party_organisation(covers=(units_of(group)[1].organisation,), founded_date=None)

    assert group_changes(group, at=LATER) == ()


def under_way(unit: ProposedUnit, *, group: ProposedGroup | None, is_open: bool = True) -> None:
    branch = registry.make_party_organisation(founded_date=None).party_organisation
    establishment = Establishment.objects.create(
        group=group,
        party_organisation=branch,
        name="拟建联合党支部",
        basis="测试",
        adopted_date=DAY,
        adopted_at=timezone.now(),
    )
    EstablishmentUnit.objects.create(
        establishment=establishment,
        organisation=unit.organisation,
        name=unit.name,
        members=1,
        to_transfer=0,
        is_open=is_open,
    )


def test_group_changes_forbid_what_another_establishment_holds() -> None:
    group = make_group(make_proposal())
    under_way(units_of(group)[1], group=None)

    found = changed(group)

    assert list(found) == [What.ELSEWHERE]
    assert found[What.ELSEWHERE].is_blocking


def test_group_changes_pass_over_ones_own_and_closed_establishments() -> None:
    group = make_group(make_proposal())
    own, other = units_of(group)[1:]
    under_way(own, group=group)
    under_way(other, group=None, is_open=False)

    assert group_changes(group, at=LATER) == ()


def test_group_changes_forbid_a_branch_that_is_dissolved() -> None:
    branch = registry.make_party_organisation().party_organisation
    group = make_group(make_proposal(), [make_candidate()], into_branch=branch)
    assert group_changes(group, at=LATER) == ()

    PartyOrganisation.objects.filter(pk=branch.pk).update(dissolved_date=date(2026, 6, 20))

    assert list(changed(group)) == [What.BRANCH]


def test_group_changes_follow_the_day() -> None:
    group = make_group(make_proposal())
    unit = units_of(group)[1]
    old = version_of(unit)
    told(unit, valid_to=LATER)
    registry.make_organisation_version(
        old.organisation,
        name="新名测试有限公司",
        street=old.street,
        lon=old.lon,
        lat=old.lat,
        valid_from=LATER,
    )

    assert group_changes(group, at=DAY) == ()
    assert list(changed(group)) == [What.NAME]


def test_changes_of_many_groups_take_constant_queries(
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    proposal = make_proposal()
    for number in range(1, 4):
        make_group(proposal)
        groups = list(ProposedGroup.objects.filter(proposal=proposal))
        with django_assert_num_queries(7):
            assert len(changes_of(groups, at=LATER)) == number


def test_fingerprint_differs_with_what_is_shown() -> None:
    group = make_group(make_proposal())
    first, second = units_of(group)[:2]
    told(first, name="甲测试公司")
    one = fingerprint(group_changes(group, at=LATER))
    told(second, name="乙测试公司")
    both = fingerprint(group_changes(group, at=LATER))

    assert len(one) == 32
    assert one != both
    assert both == fingerprint(reversed(group_changes(group, at=LATER)))
