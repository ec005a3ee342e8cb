from datetime import date

import pytest

from liangxin.registry.actions.coverages import begin_coverage, end_coverage
from liangxin.registry.actions.form_refusals import (
    AlreadyCovered,
    BeforeFounding,
    EndsTooEarly,
    NotStanding,
    OutsideUnit,
)
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import PartyCoverage
from tests.factories.registry import make_area, make_organisation, make_party_organisation
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
TODAY, MAY = date(2026, 6, 1), date(2026, 5, 1)


def test_coverage_begins_and_ends() -> None:
    street = make_area()
    branch = make_party_organisation(street=street).party_organisation
    unit = make_organisation(street=street).organisation

    begin_coverage(branch, unit, by=officer_of(street), from_date=MAY, today=TODAY)
    end_coverage(PartyCoverage.objects.get(), by=officer_of(street), end_date=TODAY, today=TODAY)

    row = PartyCoverage.objects.get()
    assert (row.valid_from, row.valid_to, row.provenance.kind) == (MAY, TODAY, "form")
    assert row.ended_by is not None


def test_coverage_of_units_of_others_is_refused() -> None:
    street = make_area()
    branch = make_party_organisation(street=street).party_organisation
    elsewhere = make_organisation().organisation

    with pytest.raises(OutsideUnit):
        begin_coverage(branch, elsewhere, by=officer_of(street), from_date=MAY, today=TODAY)
    with pytest.raises(OutOfScope):
        begin_coverage(branch, elsewhere, by=officer_of(make_area()), from_date=MAY, today=TODAY)


def test_begin_coverage_refusals() -> None:
    unit = make_organisation().organisation
    branch = make_party_organisation(covers=(unit,)).party_organisation
    proposed = make_party_organisation(founded_date=None).party_organisation
    other = make_organisation().organisation

    with pytest.raises(AlreadyCovered):
        begin_coverage(branch, unit, by=office(), from_date=MAY, today=TODAY)
    with pytest.raises(BeforeFounding):
        begin_coverage(branch, other, by=office(), from_date=date(2020, 1, 1), today=TODAY)
    with pytest.raises(FutureDate):
        begin_coverage(branch, other, by=office(), from_date=date(2026, 6, 2), today=TODAY)
    with pytest.raises(NotStanding):
        begin_coverage(proposed, other, by=office(), from_date=MAY, today=TODAY)


def test_end_coverage_refusals() -> None:
    unit = make_organisation().organisation
    make_party_organisation(covers=(unit,))
    row = PartyCoverage.objects.get()

    with pytest.raises(EndsTooEarly):
        end_coverage(row, by=office(), end_date=row.valid_from, today=TODAY)
    end_coverage(row, by=office(), end_date=MAY, today=TODAY)
    with pytest.raises(NothingChanged):
        end_coverage(row, by=office(), end_date=MAY, today=TODAY)
