"""What must always hold of establishments is held by the database itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from liangxin.coverage.models import Consent, Establishment, EstablishmentUnit
from liangxin.coverage.terms import ConsentState, EstablishmentState
from tests.factories.plans import ADOPTED, make_establishment
from tests.factories.registry import make_area

pytestmark = pytest.mark.django_db
BEFORE, LATER = ADOPTED - timedelta(days=1), ADOPTED + timedelta(days=5)


def changed(**values: object) -> None:
    made = make_establishment()
    Establishment.objects.filter(pk=made.pk).update(**values)


def copied(made: Establishment) -> Establishment:
    """The same group adopted a second time, past the action."""
    copy = Establishment.objects.get(pk=made.pk)
    copy.pk = None
    copy.save(force_insert=True)
    return copy


def group_adopted_twice() -> None:
    copied(make_establishment())


def approved_without_a_date() -> None:
    changed(state=EstablishmentState.APPROVED)


def founded_without_approval() -> None:
    changed(state=EstablishmentState.FOUNDED, founded_date=LATER)


def withdrawn_without_a_date() -> None:
    changed(state=EstablishmentState.WITHDRAWN)


def withdrawn_though_founded() -> None:
    changed(
        state=EstablishmentState.WITHDRAWN,
        approved_date=LATER,
        founded_date=LATER,
        withdrawn_date=LATER,
    )


def proposed_with_a_date_of_approval() -> None:
    changed(approved_date=LATER)


def approved_before_adopted() -> None:
    changed(state=EstablishmentState.APPROVED, approved_date=BEFORE)


def founded_before_approved() -> None:
    changed(state=EstablishmentState.FOUNDED, approved_date=LATER, founded_date=ADOPTED)


def unit_twice_in_an_establishment() -> None:
    unit = make_establishment().units.get(is_host=True)
    unit.pk, unit.is_open = None, False
    unit.save(force_insert=True)


def organisation_in_two_open_establishments() -> None:
    unit = make_establishment().units.get(is_host=True)
    unit.pk, unit.establishment = None, make_establishment()
    unit.save(force_insert=True)


def consent_twice_for_a_street() -> None:
    made, street = make_establishment(), make_area()
    for _ in range(2):
        Consent.objects.create(establishment=made, street=street)


def consent_given_on_no_day() -> None:
    Consent.objects.create(
        establishment=make_establishment(), street=make_area(), state=ConsentState.GIVEN
    )


def consent_waiting_though_answered() -> None:
    Consent.objects.create(
        establishment=make_establishment(), street=make_area(), decided_date=LATER
    )


@pytest.mark.parametrize(
    ("constraint", "breaking"),
    [
        ("establishment_group_adopted_once", group_adopted_twice),
        ("establishment_state_has_its_dates", approved_without_a_date),
        ("establishment_state_has_its_dates", founded_without_approval),
        ("establishment_state_has_its_dates", withdrawn_without_a_date),
        ("establishment_state_has_its_dates", withdrawn_though_founded),
        ("establishment_state_has_its_dates", proposed_with_a_date_of_approval),
        ("establishment_approved_after_adopted", approved_before_adopted),
        ("establishment_founded_after_approved", founded_before_approved),
        ("establishment_unit_once", unit_twice_in_an_establishment),
        ("organisation_in_one_open_establishment", organisation_in_two_open_establishments),
        ("consent_once_per_street", consent_twice_for_a_street),
        ("consent_decided_has_date", consent_given_on_no_day),
        ("consent_decided_has_date", consent_waiting_though_answered),
    ],
)
def test_constraint_refuses(constraint: str, breaking: Callable[[], None]) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        breaking()

    assert constraint in str(refused.value) or "UNIQUE constraint failed" in str(refused.value)


def test_group_is_adopted_anew_once_it_was_withdrawn() -> None:
    made = make_establishment()
    Establishment.objects.filter(pk=made.pk).update(
        state=EstablishmentState.WITHDRAWN, withdrawn_date=LATER
    )
    again = Establishment.objects.get(pk=made.pk)
    again.pk, again.state, again.withdrawn_date = None, EstablishmentState.PROPOSED, None
    again.save(force_insert=True)

    assert made.group is not None
    assert made.group.establishments.count() == 2


def test_organisation_is_free_once_its_establishment_is_settled() -> None:
    unit = make_establishment().units.get(is_host=True)
    EstablishmentUnit.objects.filter(pk=unit.pk).update(is_open=False)
    unit.pk, unit.establishment = None, make_establishment()
    unit.save(force_insert=True)

    assert EstablishmentUnit.objects.filter(organisation=unit.organisation).count() == 2
