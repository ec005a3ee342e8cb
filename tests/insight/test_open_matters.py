"""What is under way about a firm stands on its page, for whoever keeps it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liangxin.coverage.models import EstablishmentUnit
from liangxin.insight.queries.open_matters import open_matters
from liangxin.insight.queries.organisation import organisation_dossier
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.organisations import confirmations_of
from liangxin.registry.terms import OrganisationStatus
from tests.factories.establishments import make_establishment
from tests.factories.plans import make_candidate, make_group, make_proposal
from tests.factories.registry import make_area, make_member, make_organisation, make_posting
from tests.factories.reorganisations import waiting_between
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db


def told(version: OrganisationVersion, viewer: Viewer | None = None) -> list[str]:
    today = timezone.localdate()
    said = confirmations_of(version.organisation_id, at=today).first()
    found = open_matters(viewer or office(), version, confirmation=said, today=today)
    return [one.words for one in found]


def test_a_running_establishment_is_told_with_whose_turn_it_is() -> None:
    establishment = make_establishment()
    unit = EstablishmentUnit.objects.filter(establishment=establishment).first()
    assert unit is not None
    version = OrganisationVersion.objects.get(organisation=unit.organisation)

    assert told(version)[0] == f"正在组建“{establishment.name}”：等区级批复"


def test_a_group_that_names_the_firm_is_told_until_it_is_adopted() -> None:
    first, second = make_candidate(), make_candidate()
    proposal = make_proposal()
    make_group(proposal, (first, second))

    assert f"联建方案“{proposal.title}”编入第 1 组" in told(first)


def test_a_firm_adopted_from_one_plan_is_told_of_no_other() -> None:
    units = [make_candidate() for _ in range(3)]
    make_group(make_proposal(title="旧方案"), units)
    make_establishment(make_group(make_proposal(title="新方案"), units))

    assert not any("联建方案" in words for words in told(units[0]))


def test_a_request_and_what_a_closed_firm_left_behind_are_told() -> None:
    old, new = make_area(), make_area("西街道")
    version = make_organisation(street=old, status=OrganisationStatus.CLOSED)
    waiting_between(old, new, version.organisation)
    make_member(version.organisation)
    make_posting(version.organisation)

    found = told(version)

    assert "等西街道接收" in found
    assert "还没有登记去向的党员 1 名" in found
    assert "还在联系的指导员、联络员 1 名" in found


def test_only_whoever_keeps_the_firm_is_told_and_only_of_today() -> None:
    street = make_area()
    version = make_organisation(street=street)
    waiting_between(street, make_area(), version.organisation)
    today = timezone.localdate()

    def on_page(viewer: Viewer, days: int = 0) -> int:
        dossier = organisation_dossier(
            viewer,
            organisation_id=version.organisation_id,
            at=today - timedelta(days=days),
            today=today,
        )
        return len(dossier.open_matters)

    assert on_page(officer_of(street)) == 1
    assert on_page(officer_of(street), days=3) == 0
    assert on_page(owner_of(version.organisation)) == 0
