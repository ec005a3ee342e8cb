from datetime import date

import pytest

from liangxin.registry.actions.form_refusals import (
    AlreadyPosted,
    EndsTooEarly,
    OutsideTerm,
    OutsideUnit,
    OverCapacity,
)
from liangxin.registry.actions.postings import PostingFacts, begin_posting, end_posting
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import Organisation, Person, Posting
from tests.factories.registry import make_area, make_guide, make_organisation, make_posting
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
TODAY, MAY, NEXT_YEAR = date(2026, 6, 1), date(2026, 5, 1), date(2027, 5, 1)


def facts(guide: Person, unit: Organisation, **more: object) -> PostingFacts:
    told = {
        "service": guide.guide_services.get(),
        "organisation_id": unit.pk,
        "from_date": MAY,
    } | more
    return PostingFacts(**told)  # type: ignore[arg-type]


def test_posting_lasts_to_the_end_of_the_term() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    guide = make_guide(valid_to=NEXT_YEAR)

    begin_posting(facts(guide, unit), by=officer_of(street), today=TODAY)

    row = Posting.objects.get()
    assert (row.person, row.organisation, row.role) == (guide, unit, "instructor")
    assert (row.valid_from, row.valid_to) == (MAY, NEXT_YEAR)


def test_posting_beyond_the_load_needs_to_be_agreed() -> None:
    guide = make_guide(capacity=1)
    make_posting(make_organisation().organisation, person=guide)
    unit = make_organisation().organisation

    with pytest.raises(OverCapacity, match="最多 1 家（名册写明）"):
        begin_posting(facts(guide, unit), by=office(), today=TODAY)
    begin_posting(facts(guide, unit, is_over_capacity=True), by=office(), today=TODAY)

    assert Posting.objects.count() == 2


def test_the_rule_sets_the_load_where_the_list_does_not() -> None:
    guide = make_guide(capacity=None)
    for _ in range(3):
        make_posting(make_organisation().organisation, person=guide)

    with pytest.raises(OverCapacity, match="最多 3 家（一名党建指导员联系的企业数，合肥市做法）"):
        begin_posting(facts(guide, make_organisation().organisation), by=office(), today=TODAY)


def test_posting_refusals() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    guide = make_guide(valid_to=NEXT_YEAR)

    with pytest.raises(OutsideTerm):
        begin_posting(facts(guide, unit, from_date=date(2020, 1, 1)), by=office(), today=TODAY)
    with pytest.raises(OutsideTerm):
        begin_posting(facts(guide, unit, end_date=date(2028, 1, 1)), by=office(), today=TODAY)
    with pytest.raises(EndsTooEarly):
        begin_posting(facts(guide, unit, end_date=MAY), by=office(), today=TODAY)
    with pytest.raises(FutureDate):
        begin_posting(facts(guide, unit, from_date=NEXT_YEAR), by=office(), today=TODAY)
    with pytest.raises(OutsideUnit):
        begin_posting(facts(guide, unit), by=officer_of(make_area()), today=TODAY)
    begin_posting(facts(guide, unit), by=office(), today=TODAY)
    with pytest.raises(AlreadyPosted):
        begin_posting(facts(guide, unit), by=office(), today=TODAY)


def test_guides_of_other_streets_are_not_posted() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    guide = make_guide(home_unit="外街道")
    make_posting(make_organisation().organisation, person=guide)

    with pytest.raises(OutOfScope):
        begin_posting(facts(guide, unit), by=officer_of(street), today=TODAY)


def test_posting_ends() -> None:
    street = make_area()
    posting = make_posting(make_organisation(street=street).organisation)

    with pytest.raises(OutsideUnit):
        end_posting(posting, by=officer_of(make_area()), end_date=MAY, today=TODAY)
    with pytest.raises(EndsTooEarly):
        end_posting(posting, by=office(), end_date=posting.valid_from, today=TODAY)
    end_posting(posting, by=officer_of(street), end_date=MAY, today=TODAY)
    with pytest.raises(NothingChanged):
        end_posting(posting, by=office(), end_date=MAY, today=TODAY)

    assert Posting.objects.get().valid_to == MAY
