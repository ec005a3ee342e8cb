"""Streets and sites that are renamed, taken into another, or belong elsewhere."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liangxin.accounts.queries import viewer_of
from liangxin.coverage.queries import coverage_table, usual_base
from liangxin.coverage.terms import Grouping
from liangxin.intake.queries.ledger_places import Places
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.actions.place_changes import (
    NameTaken,
    NotThere,
    SitesOfOneName,
    merge_sites,
    merge_streets,
    move_site,
    rename_street,
)
from liangxin.registry.actions.reorganisation_undo import NotUndoable, undo_reorganisation
from liangxin.registry.actions.shifting import SamePlace
from liangxin.registry.models import Area, OrganisationVersion, Reorganisation, Site
from liangxin.registry.queries import organisations_in_scope
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.sites import streets
from tests.factories.accounts import make_user
from tests.factories.merges import whole_ledger
from tests.factories.registry import (
    make_area,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_site,
)
from tests.factories.reorganisations import ON_DATE, TODAY, order, taken_back
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
BEFORE = ON_DATE - timedelta(days=1)


def undo(act: Reorganisation) -> None:
    undo_reorganisation(act, by=office(), now=timezone.now())


def test_a_street_taken_into_another_brings_everything_along() -> None:
    gone, stays = make_area("旧街道"), make_area("新街道")
    site = make_site("大厦", street=gone)
    firm = make_organisation(street=gone, site=site).organisation
    branch = make_party_organisation(street=gone).party_organisation

    merge_streets(gone, stays, by=office(), order=order())

    for day, street in ((BEFORE, gone), (ON_DATE, stays)):
        assert firm.versions.get(true_at(day)).street == street
        assert branch.versions.get(true_at(day)).street == street
    assert Site.objects.get(pk=site.pk).street == stays
    assert gone not in streets()
    assert gone in streets(at=BEFORE)
    assert gone not in streets(at=ON_DATE)


def test_figures_of_a_day_before_stay_and_those_after_lie_in_one_street() -> None:
    gone, stays = make_area("旧街道"), make_area("新街道")
    covered = make_organisation(street=gone).organisation
    make_organisation(street=gone)
    make_organisation(street=stays)
    make_party_organisation(street=gone, covers=(covered,))
    base = usual_base(TODAY)

    def rows(day: date) -> list[tuple[str, int, int]]:
        table = coverage_table(office(), at=day, base=base, by=Grouping.STREET)
        shares = [(row.title, row.organisation_share) for row in table.rows]
        return sorted((title, one.count, one.base_count) for title, one in shares)

    before = rows(BEFORE)
    merge_streets(gone, stays, by=office(), order=order())

    assert rows(BEFORE) == before == [("新街道", 0, 1), ("旧街道", 1, 2)]
    assert [row for row in rows(TODAY) if row[2]] == [("新街道", 1, 3)]


def test_a_grant_over_the_street_holds_for_the_one_that_stands() -> None:
    gone, stays = make_area(), make_area()
    firm, neighbour = make_organisation(street=gone), make_organisation(street=stays)
    user = make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(gone.pk)))

    merge_streets(gone, stays, by=office(), order=order())

    viewer = viewer_of(user, at=timezone.localdate())
    both = {firm.organisation_id, neighbour.organisation_id}
    for day in (BEFORE, TODAY):
        seen = organisations_in_scope(viewer, at=day)
        assert set(seen.values_list("organisation_id", flat=True)) == both


def test_a_list_that_names_the_former_street_means_the_one_that_stands() -> None:
    gone, stays = make_area("旧桥街道"), make_area("新桥街道")
    site = make_site("大厦", street=gone)

    merge_streets(gone, stays, by=office(), order=order())

    places = Places()
    assert places.street("旧桥街道") == stays.pk
    found = places.site("大厦", street=stays.pk)
    assert found is not None
    assert found.key == site.pk


def test_outlines_are_united() -> None:
    def square(lon: float) -> dict[str, object]:
        ring = [[lon, 31.0], [lon + 0.1, 31.0], [lon + 0.1, 31.1], [lon, 31.0]]
        return {"type": "Polygon", "coordinates": [ring]}

    gone, stays = make_area(boundary=square(117.0)), make_area(boundary=square(117.1))

    merge_streets(gone, stays, by=office(), order=order())

    united = Area.objects.get(pk=stays.pk).boundary
    assert united["type"] == "MultiPolygon"
    assert len(united["coordinates"]) == 2


def test_sites_of_one_name_have_to_be_told_apart_first() -> None:
    gone, stays = make_area(), make_area()
    for street in (gone, stays):
        make_site("中心大厦", street=street)
    before = whole_ledger()

    with pytest.raises(SitesOfOneName, match="中心大厦"):
        merge_streets(gone, stays, by=office(), order=order())

    assert whole_ledger() == before


def test_places_are_the_districts_to_change() -> None:
    gone, stays = make_area(), make_area()
    with pytest.raises(NotAllowed):
        merge_streets(gone, stays, by=officer_of(gone), order=order())
    with pytest.raises(SamePlace):
        merge_streets(gone, gone, by=office(), order=order())
    merge_streets(gone, stays, by=office(), order=order())
    with pytest.raises(NotThere):
        merge_streets(gone, make_area(), by=office(), order=order())


def test_a_street_gets_another_name_and_the_act_keeps_the_former() -> None:
    street, other = make_area("东街道"), make_area("西街道")

    with pytest.raises(NameTaken):
        rename_street(street, other.name, by=office(), order=order())
    act = rename_street(street, "南街道", by=office(), order=order())

    assert Area.objects.get(pk=street.pk).name == "南街道"
    assert act.name == "东街道"
    undo(act)
    assert Area.objects.get(pk=street.pk).name == "东街道"


def test_a_site_moves_to_another_street_with_its_firms() -> None:
    old, new = make_area(), make_area()
    site = make_site(street=old)
    inside = make_organisation(street=old, site=site).organisation
    outside = make_organisation(street=old).organisation

    move_site(site, new, by=office(), order=order())

    assert inside.versions.get(true_at(TODAY)).street == new
    assert inside.versions.get(true_at(BEFORE)).street == old
    assert outside.versions.get(true_at(TODAY)).street == old
    assert Site.objects.get(pk=site.pk).street == new


def test_a_site_taken_into_another_is_on_no_list_afterwards() -> None:
    street = make_area()
    gone, stays = make_site(street=street), make_site(street=street)
    firm = make_organisation(street=street, site=gone).organisation

    act = merge_sites(gone, stays, by=office(), order=order())

    assert firm.versions.get(true_at(TODAY)).site == stays
    assert firm.versions.get(true_at(BEFORE)).site == gone
    undo(act)
    assert firm.versions.get(true_at(TODAY)).site == gone
    assert Site.objects.get(pk=gone.pk).closed_date is None


def test_one_changed_firm_stands_in_the_way_of_an_undo() -> None:
    gone, stays = make_area(), make_area()
    version = make_organisation(street=gone)
    act = merge_streets(gone, stays, by=office(), order=order())
    OrganisationVersion.objects.filter(
        organisation=version.organisation, valid_to__isnull=True
    ).update(provenance=version.provenance)

    with pytest.raises(NotUndoable, match="单位资料"):
        undo(act)


PERIODS = st.lists(
    st.sampled_from(
        [date(2024, 1, 1), BEFORE, ON_DATE, ON_DATE + timedelta(days=5), date(2026, 9, 9)]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(firms=st.lists(st.tuples(PERIODS, st.booleans()), min_size=1, max_size=4))
def test_no_firm_is_lost_and_an_undo_is_exact(
    firms: list[tuple[list[date], bool]], db: None
) -> None:
    with taken_back():
        gone, stays = make_area(), make_area()
        for days, is_there in firms:
            make_history(sorted(days), street=gone if is_there else stays)
        told = whole_ledger()
        days = [BEFORE, ON_DATE, ON_DATE + timedelta(days=5), TODAY]
        known = [firms_on(day) for day in days]

        act = merge_streets(gone, stays, by=office(), order=order())

        assert [set(firms_on(day)) for day in days] == [set(one) for one in known]
        assert firms_on(BEFORE) == known[0]
        assert all(gone.pk not in firms_on(day).values() for day in days[1:])
        undo(act)
        assert whole_ledger() == told


def make_history(days: list[date], *, street: Area) -> None:
    """A firm of that street whose facts changed on each of the days."""
    first = make_organisation(street=street, valid_from=days[0])
    previous = first
    for day in days[1:]:
        OrganisationVersion.objects.filter(pk=previous.pk).update(valid_to=day)
        previous = make_organisation_version(
            first.organisation, name=first.name, street=street, valid_from=day
        )


def firms_on(day: date) -> dict[int, int | None]:
    found = OrganisationVersion.objects.filter(true_at(day))
    return dict(found.values_list("organisation_id", "street_id"))
