"""What changed since a group was adopted is told, what calls for a decision first."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from liangxin.coverage.models import Establishment, EstablishmentUnit
from liangxin.coverage.queries.changed_facts import What
from liangxin.coverage.queries.establishments import (
    changes_of_establishments,
    establishment_changes,
    establishments,
)
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.terms import OrganisationStatus
from tests.factories.plans import ADOPTED, make_establishment
from tests.factories.registry import make_area, make_member, make_party_organisation
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
LATER = ADOPTED + timedelta(days=5)


def told(made: Establishment) -> list[tuple[What, bool, str]]:
    changes = establishment_changes(made, at=LATER)
    return [(change.what, change.is_blocking, change.text) for change in changes]


def host(made: Establishment) -> EstablishmentUnit:
    return made.units.get(is_host=True)


def test_nothing_changed_says_nothing() -> None:
    assert establishment_changes(make_establishment(), at=LATER) == ()


def test_closed_unit_is_told_first() -> None:
    made = make_establishment()
    unit = host(made)
    make_member(unit.organisation)
    versions = OrganisationVersion.objects.filter(organisation=unit.organisation)
    versions.update(status=OrganisationStatus.CLOSED)

    assert told(made) == [
        (
            What.STATUS,
            True,
            f"{unit.name}现在的登记状态是“注销、吊销或迁出”，不再是在营单位。",
        ),
        (What.MEMBERS, False, f"{unit.name}的正式党员由 1 名变为 2 名。"),
        (What.TRANSFER, False, f"{unit.name}需转接组织关系的正式党员由 0 名变为 1 名。"),
    ]


def test_unit_gone_from_the_ledger_is_told() -> None:
    made = make_establishment()
    OrganisationVersion.objects.filter(organisation=host(made).organisation).delete()

    assert [what for what, *_ in told(made)] == [What.GONE]


def test_unit_covered_by_another_branch_is_told() -> None:
    made = make_establishment()
    make_party_organisation("甲公司党支部", covers=(host(made).organisation,))

    assert told(made) == [(What.COVERED, True, f"{host(made).name}已由“甲公司党支部”覆盖。")]


def test_new_name_and_street_are_told() -> None:
    made = make_establishment()
    unit = host(made)
    street = make_area("乙街道")
    versions = OrganisationVersion.objects.filter(organisation=unit.organisation)
    versions.update(name="新名公司", street=street)

    assert told(made) == [
        (What.NAME, False, f"{unit.name}已更名为新名公司。"),
        (What.STREET, False, f"{unit.name}的所属街道由“{unit.street}”变为“乙街道”。"),
    ]


def test_changes_cost_the_same_for_one_and_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in (1, 2):
        for _ in range(number):
            make_party_organisation(covers=(host(make_establishment()).organisation,))
        found = list(establishments(office()))
        with django_assert_num_queries(5):
            changes = changes_of_establishments(found, at=LATER)
        assert [len(changes[one.pk]) for one in found] == [1] * len(found)
