from datetime import date

import pytest

from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.form_refusals import AlreadyGuide, EndsTooEarly, StaleForm
from liangxin.registry.actions.guides import (
    GuideFacts,
    confirm_guide,
    create_guide,
    guide_edition,
    revise_guide,
)
from liangxin.registry.actions.persons import PersonFacts
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import GuideService, Posting
from tests.factories.registry import make_area, make_guide, make_organisation, make_posting
from tests.factories.viewers import instructor, office, officer_of

pytestmark = pytest.mark.django_db
TODAY, MAY, NEXT_YEAR = date(2026, 6, 1), date(2026, 5, 1), date(2027, 5, 1)


def facts(name: str = "赵指导", **more: object) -> GuideFacts:
    told = {"person": PersonFacts(name=name), "role": "instructor", "capacity": 3} | more
    return GuideFacts(**told)  # type: ignore[arg-type]


def revise(service: GuideService, **more: object) -> GuideService:
    told = {
        "person": PersonFacts(name=service.person.name),
        "role": service.role,
        "home_unit": service.home_unit,
        "capacity": service.capacity,
        "end_date": service.valid_to,
    }
    asked = {
        "by": office(),
        "based_on": guide_edition(service),
        "today": TODAY,
        "from_date": MAY,
    }
    told |= {name: value for name, value in more.items() if name in told}
    asked |= {name: value for name, value in more.items() if name in asked}
    return revise_guide(service, GuideFacts(**told), **asked)  # type: ignore[arg-type]


def terms() -> list[tuple[int | None, date, date | None]]:
    rows = GuideService.objects.order_by("valid_from")
    return list(rows.values_list("capacity", "valid_from", "valid_to"))


def test_create_serves_to_the_end_of_the_term() -> None:
    street = make_area()

    service = create_guide(
        facts(end_date=NEXT_YEAR), by=officer_of(street), from_date=MAY, today=TODAY
    )

    assert terms() == [(3, MAY, NEXT_YEAR)]
    assert service.person.id_index is None


def test_create_refusals() -> None:
    guide = make_guide("赵指导")
    known = PersonFacts(name="赵指导", id_number=guide.id_number)

    with pytest.raises(AlreadyGuide):
        create_guide(facts(person=known), by=office(), from_date=MAY, today=TODAY)
    with pytest.raises(EndsTooEarly):
        create_guide(facts(end_date=MAY), by=office(), from_date=MAY, today=TODAY)
    with pytest.raises(FutureDate):
        create_guide(facts(), by=office(), from_date=NEXT_YEAR, today=TODAY)
    with pytest.raises(NotAllowed):
        create_guide(facts(), by=instructor(guide), from_date=MAY, today=TODAY)


def test_create_takes_the_other_role_of_the_same_person() -> None:
    guide = make_guide("赵指导")
    known = PersonFacts(name="赵指导", id_number=guide.id_number)

    service = create_guide(
        facts(person=known, role="liaison"), by=office(), from_date=MAY, today=TODAY
    )

    assert service.person_id == guide.pk


def test_revise_from_a_day_keeps_what_was() -> None:
    service = make_guide().guide_services.get()

    revise(service, capacity=5)

    assert terms() == [(3, service.valid_from, MAY), (5, MAY, None)]


def test_revise_as_a_correction_leaves_one_service() -> None:
    service = make_guide().guide_services.get()

    revise(service, capacity=5, from_date=None)

    assert terms() == [(5, service.valid_from, None)]


def test_another_end_of_term_moves_the_postings() -> None:
    guide = make_guide(valid_to=NEXT_YEAR)
    unit = make_organisation().organisation
    posting = make_posting(unit, person=guide, valid_to=NEXT_YEAR)

    longer = date(2028, 5, 1)
    revise(guide.guide_services.get(), end_date=longer)
    posting.refresh_from_db()
    first = posting.valid_to
    revise(guide.guide_services.get(), end_date=MAY)

    posting.refresh_from_db()
    assert (first, posting.valid_to) == (longer, MAY)
    assert Posting.objects.count() == 1
    assert terms()[0][2] == MAY


def test_revise_refusals() -> None:
    street = make_area()
    guide = make_guide(home_unit=street.name)
    service = guide.guide_services.get()

    with pytest.raises(NothingChanged):
        revise(service)
    with pytest.raises(StaleForm):
        revise(service, capacity=5, based_on="0.0")
    with pytest.raises(EndsTooEarly):
        revise(service, end_date=service.valid_from, from_date=None)
    make_posting(make_organisation().organisation, person=guide)
    with pytest.raises(OutOfScope):
        revise(service, capacity=5, by=officer_of(street))


def test_confirm_refuses_an_old_form() -> None:
    service = make_guide().guide_services.get()

    confirm_guide(service, by=office(), based_on=guide_edition(service), today=TODAY)

    with pytest.raises(StaleForm):
        confirm_guide(service, by=office(), based_on="0.0", today=TODAY)
