from datetime import date

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.form_refusals import PrecedesKnown
from liangxin.registry.actions.mass_presence import MassFacts, set_mass_presence
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import MassPresence
from liangxin.registry.terms import MassKind
from tests.factories.registry import make_area, make_mass_presence, make_organisation
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY, MAY = date(2026, 6, 1), date(2026, 5, 1)


def facts(
    *, is_standing: bool = True, from_date: date = MAY, may_precede: bool = False
) -> MassFacts:
    return MassFacts(
        kind=MassKind.UNION, is_standing=is_standing, from_date=from_date, may_precede=may_precede
    )


def periods() -> list[tuple[date, date | None]]:
    return list(MassPresence.objects.order_by("valid_from").values_list("valid_from", "valid_to"))


def test_set_mass_presence_begins_and_leaves_an_entry() -> None:
    unit = make_organisation().organisation

    set_mass_presence(unit, facts(), by=office(), today=TODAY)

    entry = AuditEntry.objects.get(action="mass_presence.set")
    assert periods() == [(MAY, None)]
    assert (entry.object_key, entry.details["kind"]) == (str(unit.pk), "union")


def test_set_mass_presence_ends() -> None:
    unit = make_organisation().organisation
    row = make_mass_presence(unit)

    set_mass_presence(unit, facts(is_standing=False), by=office(), today=TODAY)

    assert periods() == [(row.valid_from, MAY)]
    assert MassPresence.objects.get().ended_by is not None


def test_set_mass_presence_of_the_past_lasts_until_what_is_known() -> None:
    unit = make_organisation().organisation
    row = make_mass_presence(unit)
    earlier = date(2023, 1, 1)

    with pytest.raises(PrecedesKnown):
        set_mass_presence(unit, facts(from_date=earlier), by=office(), today=TODAY)
    set_mass_presence(unit, facts(from_date=earlier, may_precede=True), by=office(), today=TODAY)

    assert periods() == [(earlier, row.valid_from), (row.valid_from, None)]


def test_set_mass_presence_refuses_what_is_so_already() -> None:
    unit = make_organisation().organisation

    with pytest.raises(NothingChanged, match="本来就没有工会"):
        set_mass_presence(unit, facts(is_standing=False), by=office(), today=TODAY)
    make_mass_presence(unit)
    with pytest.raises(NothingChanged, match="已经有工会"):
        set_mass_presence(unit, facts(), by=office(), today=TODAY)


def test_set_mass_presence_refuses_the_future() -> None:
    unit = make_organisation().organisation

    with pytest.raises(FutureDate):
        set_mass_presence(unit, facts(from_date=date(2026, 6, 2)), by=office(), today=TODAY)


def test_set_mass_presence_is_for_officers_of_the_unit() -> None:
    unit = make_organisation().organisation

    with pytest.raises(OutOfScope):
        set_mass_presence(unit, facts(), by=officer_of(make_area()), today=TODAY)
    with pytest.raises(NotAllowed):
        set_mass_presence(unit, facts(), by=owner_of(unit), today=TODAY)
    assert periods() == []
