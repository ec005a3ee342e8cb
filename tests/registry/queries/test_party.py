from datetime import date

import pytest

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Organisation
from liangxin.registry.queries.party import (
    covered_organisations,
    covering_party_organisations,
    described_party_organisations,
    posts,
    with_member_counts,
)
from tests.factories.registry import (
    make_area,
    make_member,
    make_organisation,
    make_party_organisation,
    make_post,
)
from tests.factories.viewers import office, officer_of, owner_of, secretary_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def names(viewer: Viewer) -> list[str]:
    return [row.name for row in described_party_organisations(viewer, at=TODAY)]


def test_described_party_organisations_count_units_and_name_the_parent() -> None:
    parent = make_party_organisation("上级").party_organisation
    covers = tuple(make_organisation().organisation for _ in range(2))
    make_party_organisation("支部", parent=parent, covers=covers)

    rows = {row.name: row for row in described_party_organisations(office(), at=TODAY)}

    assert (rows["支部"].units, rows["支部"].parent_name) == (2, "上级")  # type: ignore[attr-defined]


def test_owners_see_what_covers_their_firm_and_nothing_else() -> None:
    version = make_organisation()
    make_party_organisation("覆盖本单位", covers=(version.organisation,))
    make_party_organisation("无关")

    assert names(owner_of(version.organisation)) == ["覆盖本单位"]


def test_officers_see_those_of_their_street() -> None:
    street = make_area()
    make_party_organisation("本街", street=street)
    make_party_organisation("他街", street=make_area())

    assert names(officer_of(street)) == ["本街"]


def test_member_counts_are_told_where_the_viewer_leads() -> None:
    version = make_organisation()
    branch = make_party_organisation(covers=(version.organisation,))
    make_member(version.organisation, held_in=branch.party_organisation)

    def told(viewer: Viewer) -> list[int | None]:
        found = described_party_organisations(viewer, at=TODAY)
        counted = with_member_counts(found, viewer=viewer, at=TODAY)
        return [row.members for row in counted]  # type: ignore[attr-defined]

    assert told(office()) == [1]
    assert told(secretary_of(branch.party_organisation)) == [1]
    assert told(owner_of(version.organisation)) == [None]


def test_covered_organisations_out_of_scope_are_not_named() -> None:
    here, elsewhere = make_organisation(), make_organisation()
    branch = make_party_organisation(covers=(here.organisation, elsewhere.organisation))
    assert here.street is not None

    found = covered_organisations(
        officer_of(here.street),
        party_organisation_id=branch.party_organisation_id,
        at=TODAY,
    )

    assert list(found) == [here]


def test_covering_party_organisations_are_those_of_the_day() -> None:
    organisation: Organisation = make_organisation().organisation
    branch = make_party_organisation(covers=(organisation,), valid_from=date(2025, 1, 1))

    def on(day: date) -> list[object]:
        return list(covering_party_organisations(office(), organisation_id=organisation.pk, at=day))

    assert (on(date(2024, 12, 31)), on(date(2025, 1, 1))) == ([], [branch])


def test_posts_are_told_to_those_who_lead() -> None:
    version = make_organisation()
    branch = make_party_organisation(covers=(version.organisation,)).party_organisation
    post = make_post(branch)

    def told(viewer: Viewer) -> list[object]:
        return list(posts(viewer, party_organisation_id=branch.pk, at=TODAY))

    assert told(secretary_of(branch)) == [post]
    assert told(owner_of(version.organisation)) == []
