"""Acts for tests, told with a usual day and document."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.utils import timezone

from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.organisations import edition
from liangxin.registry.actions.reorganising import Departure, Destination, move_organisation
from liangxin.registry.actions.shifting import Order
from liangxin.registry.models import (
    Area,
    Organisation,
    OrganisationVersion,
    Reorganisation,
    Site,
)
from liangxin.registry.terms import ReorganisationAct, ReorganisationState
from tests.factories.viewers import office

ON_DATE = date(2026, 6, 1)
TODAY = date(2026, 11, 1)
BASIS = "示范两新〔2026〕1号"


def departure_of(organisation: Organisation, *, on_date: date = ON_DATE) -> Departure:
    """The act's day and document, based on the version the ledger holds now."""
    current = OrganisationVersion.objects.get(organisation=organisation, valid_to__isnull=True)
    return Departure(on_date=on_date, basis=BASIS, based_on=edition(current))


def order(*, on_date: date = ON_DATE) -> Order:
    """A document about streets or sites."""
    return Order(on_date=on_date, basis=BASIS)


def move(
    organisation: Organisation, to: Area, *, by: Viewer | None = None, site: Site | None = None
) -> Reorganisation:
    """A firm moves, or is asked to."""
    return move_organisation(
        organisation,
        Destination(street=to, site=site, address="新路1号"),
        by=by or office(),
        departure=departure_of(organisation),
        today=TODAY,
    )


def waiting_between(old: Area, new: Area, organisation: Organisation) -> Reorganisation:
    """A request that a street has not answered yet."""
    return Reorganisation.objects.create(
        act=ReorganisationAct.MOVE,
        state=ReorganisationState.REQUESTED,
        organisation=organisation,
        area=old,
        into_area=new,
        on_date=ON_DATE,
        basis=BASIS,
        name="某单位",
        into_name=new.name,
        asked_at=timezone.now(),
    )


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back whatever is written inside: one example of a property must not meet another's rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
