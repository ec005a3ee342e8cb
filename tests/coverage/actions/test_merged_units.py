"""A unit of an open establishment goes along when its organisation is merged; closed documents stay."""

import pytest
from django.utils import timezone

from liangxin.coverage.models import EstablishmentUnit, ProposedUnit
from liangxin.registry.actions.merge_undo import undo_merge
from liangxin.registry.actions.merging import ConflictNotChosen
from liangxin.registry.queries.merge_plan import merge_plan
from tests.factories.establishments import ADOPTED, make_establishment, make_withdrawn
from tests.factories.merges import merge, whole_ledger
from tests.factories.registry import make_organisation
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db


def test_unit_of_an_open_establishment_goes_along_and_comes_back() -> None:
    unit = make_establishment().units.first()
    assert unit is not None
    kept = make_organisation().organisation
    before = whole_ledger()

    held = merge(kept, unit.organisation, today=ADOPTED)

    assert EstablishmentUnit.objects.get(pk=unit.pk).organisation == kept
    assert ProposedUnit.objects.filter(organisation=unit.organisation).exists()
    undo_merge(held, by=office(), now=timezone.now())
    assert whole_ledger() == before


def test_two_units_of_open_establishments_must_be_chosen() -> None:
    first, second = (make_establishment().units.first() for _ in range(2))
    assert first is not None
    assert second is not None
    plan = merge_plan(first.organisation, second.organisation, day=ADOPTED)
    keys = [one.key for one in plan.conflicts if one.relation.table.endswith("establishmentunit")]

    with pytest.raises(ConflictNotChosen, match="组建事项"):
        merge(first.organisation, second.organisation, today=ADOPTED, choices={keys[0]: ""})
    before = whole_ledger()
    held = merge(
        first.organisation, second.organisation, today=ADOPTED, choices={keys[0]: "absorbed"}
    )

    open_units = EstablishmentUnit.objects.filter(organisation=first.organisation, is_open=True)
    assert open_units.get().establishment == second.establishment
    undo_merge(held, by=office(), now=timezone.now())
    assert whole_ledger() == before


def test_unit_of_a_withdrawn_establishment_stays() -> None:
    unit = make_withdrawn().units.first()
    assert unit is not None
    merge(make_organisation().organisation, unit.organisation, today=ADOPTED)
    assert EstablishmentUnit.objects.get(pk=unit.pk).organisation == unit.organisation
