"""Who is to be planned: sorted by members, coverage and what is under way, within the scope."""

import pytest
from django.utils import timezone

from liangxin.coverage.models import Establishment, EstablishmentUnit
from liangxin.coverage.queries.candidates import Candidates, candidates, division, member_counts
from liangxin.coverage.queries.members import MemberCount
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.terms import MemberStage, OrganisationStatus
from tests.factories import registry
from tests.factories.plans import DAY, make_candidate
from tests.factories.viewers import administrator, office, officer_of, secretary_of

pytestmark = pytest.mark.django_db


def found_by(viewer: Viewer, **asked: object) -> Candidates:
    return candidates(viewer, at=DAY, min_members=3, **asked)  # type: ignore[arg-type]


def ids(found: tuple[object, ...]) -> set[int]:
    return {one.organisation_id for one in found}  # type: ignore[attr-defined]


def under_way(version: OrganisationVersion, *, is_open: bool = True) -> None:
    branch = registry.make_party_organisation(founded_date=None).party_organisation
    establishment = Establishment.objects.create(
        party_organisation=branch,
        name="拟建联合党支部",
        basis="测试",
        adopted_date=DAY,
        adopted_at=timezone.now(),
    )
    EstablishmentUnit.objects.create(
        establishment=establishment,
        organisation=version.organisation,
        name=version.name,
        members=1,
        to_transfer=0,
        is_open=is_open,
    )


def test_candidates_are_sorted_by_members() -> None:
    one, two = make_candidate(members=1), make_candidate(members=2)
    three, nobody = make_candidate(members=3), make_candidate(members=0)

    found = found_by(office())

    assert ids(found.to_group) == {one.organisation_id, two.organisation_id}
    assert ids(found.to_attach) == {nobody.organisation_id}
    assert (found.own_branch, found.base) == (1, 4)
    assert three.organisation_id not in ids(found.to_group)


def test_candidates_tell_members_and_transfers() -> None:
    make_candidate(members=2, elsewhere=1)

    only = found_by(office()).to_group[0]

    assert (only.members, only.to_transfer) == (2, 1)


def test_candidates_count_full_members_only() -> None:
    version = make_candidate(members=0)
    registry.make_member(version.organisation, stage=MemberStage.PROBATIONARY)

    assert found_by(office()).to_group == ()


def test_candidates_leave_out_whoever_has_a_party_organisation() -> None:
    version = make_candidate(members=1)
    registry.make_party_organisation(covers=(version.organisation,))

    found = found_by(office())

    assert (found.to_group, found.covered, found.either) == ((), 1, 1)


def test_candidates_keep_whoever_is_covered_by_a_proposed_branch() -> None:
    version = make_candidate(members=1)
    registry.make_party_organisation(covers=(version.organisation,), founded_date=None)

    assert ids(found_by(office()).to_group) == {version.organisation_id}


def test_candidates_leave_out_what_does_not_operate() -> None:
    version = make_candidate(members=1)
    OrganisationVersion.objects.filter(pk=version.pk).update(status=OrganisationStatus.DORMANT)

    found = found_by(office())

    assert (found.to_group, found.base) == ((), 0)


@pytest.mark.parametrize(("is_open", "left"), [(True, 0), (False, 1)])
def test_candidates_leave_out_what_is_under_way(is_open: bool, left: int) -> None:
    under_way(make_candidate(members=1), is_open=is_open)

    found = found_by(office())

    assert (len(found.to_group), found.already_adopted) == (left, 1 - left)


def test_candidates_reached_by_work_are_grouped_but_not_attached() -> None:
    member, nobody = make_candidate(members=1), make_candidate(members=0)
    for version in (member, nobody):
        registry.make_posting(version.organisation)

    found = found_by(office())

    assert [one.is_reached_by_work for one in found.to_group] == [True]
    assert (found.to_attach, found.either) == ((), 2)


def test_candidates_stand_where_their_site_stands() -> None:
    site = registry.make_site(lon=117.25, lat=31.85)
    make_candidate(site=site)

    only = found_by(office()).to_group[0]

    assert (only.lon, only.lat, only.site_name) == (117.25, 31.85, site.name)


def test_candidates_without_any_position_are_told() -> None:
    make_candidate(site=registry.make_site())
    OrganisationVersion.objects.update(lon=None, lat=None)

    assert [one.has_position for one in found_by(office()).to_group] == [False]


def test_candidates_stay_within_the_officers_street() -> None:
    mine, other = registry.make_area(), registry.make_area()
    here = make_candidate(street=mine)
    make_candidate(street=other)

    found = found_by(officer_of(mine))

    assert (ids(found.to_group), found.base) == ({here.organisation_id}, 1)


def test_candidates_stay_within_the_streets_asked() -> None:
    wanted = make_candidate()
    make_candidate()

    found = found_by(office(), street_ids=[wanted.street_id])

    assert (ids(found.to_group), found.base) == ({wanted.organisation_id}, 1)


def test_candidates_are_refused_to_others() -> None:
    branch = registry.make_party_organisation().party_organisation
    for viewer in (secretary_of(branch), administrator()):
        with pytest.raises(NotAllowed):
            found_by(viewer)


def test_candidates_take_as_many_queries_whatever_their_number(
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    make_candidate()
    with django_assert_num_queries(10):
        found_by(office())
    for _ in range(3):
        make_candidate(members=2, elsewhere=1)
    with django_assert_num_queries(10):
        found_by(office())


def test_member_counts_tell_both() -> None:
    version = make_candidate(members=3, elsewhere=2)

    assert member_counts(DAY) == {version.organisation_id: MemberCount(full=3, elsewhere=2)}


@pytest.mark.parametrize(
    ("code", "expected"), [("6510", 65), ("65", 65), ("0511", 5), ("I", None), ("", None)]
)
def test_division_is_the_first_two_digits(code: str, expected: int | None) -> None:
    assert division(code) == expected
