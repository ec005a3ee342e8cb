"""What must always hold of the ledger is held by the database itself."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from liangxin.registry.models import (
    DistrictRule,
    GuideService,
    Organisation,
    PartyOrganisation,
)
from liangxin.registry.terms import GuideRole, MassKind
from tests.factories.registry import (
    START,
    make_area,
    make_coverage,
    make_employment,
    make_guide,
    make_mass_presence,
    make_membership,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_person,
    make_post,
    make_posting,
    make_provenance,
    make_relation,
    make_site,
)

pytestmark = pytest.mark.django_db
LATER = date(2025, 1, 1)
BEFORE = date(2023, 1, 1)


def same_area_code() -> None:
    area = make_area()
    area.pk = None
    area.name = "另一街道"
    area.save(force_insert=True)


def same_area_name() -> None:
    make_area("同名街道")
    make_area("同名街道")


def same_site_name_in_street() -> None:
    street = make_area()
    make_site("同名大厦", street=street)
    make_site("同名大厦", street=street)


def site_outside_the_country() -> None:
    make_site(lon=10.0, lat=30.0)


def site_with_half_a_point() -> None:
    make_site(lon=115.0)


def organisation_with_half_a_point() -> None:
    make_organisation(lat=31.0)


def same_uscc() -> None:
    make_organisation(uscc="91990100000000017X")
    make_organisation(uscc="91990100000000017X")


def uscc_in_lower_case() -> None:
    Organisation.objects.create(uscc="91990100ma00000000", provenance=make_provenance())


def uscc_too_short() -> None:
    Organisation.objects.create(uscc="9199010000", provenance=make_provenance())


def two_open_versions() -> None:
    make_organisation_version(make_organisation().organisation, valid_from=LATER)


def two_versions_of_one_day() -> None:
    version = make_organisation(valid_to=LATER)
    make_organisation_version(version.organisation, valid_from=START)


def version_that_ends_before_it_begins() -> None:
    make_organisation(valid_to=BEFORE)


def version_of_no_day() -> None:
    make_organisation(valid_to=START)


def ended_without_an_end_date() -> None:
    make_organisation(ended_by=make_provenance())


def organisation_outside_the_country() -> None:
    make_organisation(lon=115.0, lat=80.0)


def negative_employees() -> None:
    make_organisation(employees=-1)


def dissolved_before_founded() -> None:
    identity = make_party_organisation().party_organisation
    PartyOrganisation.objects.filter(pk=identity.pk).update(dissolved_date=BEFORE)


def own_parent() -> None:
    version = make_party_organisation()
    version.parent = version.party_organisation
    version.save()


def two_open_party_versions() -> None:
    version = make_party_organisation()
    version.pk = None
    version.valid_from = LATER
    version.save(force_insert=True)


def covered_twice() -> None:
    organisation = make_organisation().organisation
    branch = make_party_organisation(covers=(organisation,)).party_organisation
    make_coverage(branch, organisation, valid_from=LATER)


def two_relations() -> None:
    person = make_person()
    make_relation(person)
    make_relation(person, valid_from=LATER)


def relation_here_and_elsewhere() -> None:
    branch = make_party_organisation().party_organisation
    make_relation(make_person(), held_in=branch, elsewhere="外地")


def relation_nowhere() -> None:
    relation = make_relation(make_person())
    relation.elsewhere = ""
    relation.save()


def same_id_number() -> None:
    number = make_person().id_number
    make_person(id_number=number)


def two_employments() -> None:
    person, organisation = make_person(), make_organisation().organisation
    make_employment(person, organisation)
    make_employment(person, organisation, valid_from=LATER)


def two_memberships() -> None:
    person = make_person()
    make_membership(person)
    make_membership(person, valid_from=LATER)


def two_services_of_one_role() -> None:
    service = GuideService.objects.get(person=make_guide(role=GuideRole.LIAISON))
    service.pk = None
    service.valid_from = LATER
    service.save(force_insert=True)


def posted_twice() -> None:
    organisation, person = make_organisation().organisation, make_guide()
    make_posting(organisation, person=person)
    make_posting(organisation, person=person, valid_from=LATER)


def two_unions() -> None:
    organisation = make_organisation().organisation
    make_mass_presence(organisation, kind=MassKind.UNION)
    make_mass_presence(organisation, kind=MassKind.UNION, valid_from=LATER)


def two_open_rules() -> None:
    for _ in range(2):
        DistrictRule.objects.create(
            code="x",
            value=1,
            source="测试文件",
            valid_from=START,
            recorded_at=timezone.now(),
            provenance=make_provenance(),
        )


BROKEN: tuple[Callable[[], None], ...] = (
    same_area_code,
    same_area_name,
    same_site_name_in_street,
    site_outside_the_country,
    site_with_half_a_point,
    organisation_with_half_a_point,
    same_uscc,
    uscc_in_lower_case,
    uscc_too_short,
    two_open_versions,
    two_versions_of_one_day,
    version_that_ends_before_it_begins,
    version_of_no_day,
    ended_without_an_end_date,
    organisation_outside_the_country,
    negative_employees,
    dissolved_before_founded,
    own_parent,
    two_open_party_versions,
    covered_twice,
    two_relations,
    relation_here_and_elsewhere,
    relation_nowhere,
    same_id_number,
    two_employments,
    two_memberships,
    two_services_of_one_role,
    posted_twice,
    two_unions,
    two_open_rules,
)


@pytest.mark.parametrize("break_it", BROKEN, ids=lambda broken: broken.__name__)
def test_database_refuses(break_it: Callable[[], None]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it()


@pytest.mark.parametrize(
    "fact",
    [
        lambda: make_coverage(
            make_party_organisation().party_organisation,
            make_organisation().organisation,
            valid_to=BEFORE,
        ),
        lambda: make_relation(make_person(), valid_to=BEFORE),
        lambda: make_employment(make_person(), make_organisation().organisation, valid_to=BEFORE),
        lambda: make_membership(make_person(), valid_to=BEFORE),
        lambda: make_guide(valid_to=BEFORE),
        lambda: make_posting(make_organisation().organisation, valid_to=BEFORE),
        lambda: make_mass_presence(make_organisation().organisation, valid_to=BEFORE),
        lambda: make_post(make_party_organisation().party_organisation, valid_to=BEFORE),
    ],
    ids=["coverage", "relation", "employment", "membership", "guide", "posting", "mass", "post"],
)
def test_every_fact_runs_forward(fact: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match="period_runs_forward"), transaction.atomic():
        fact()


def test_a_closed_version_leaves_room_for_the_next() -> None:
    first = make_organisation(valid_to=LATER)

    second = make_organisation_version(first.organisation, valid_from=LATER)

    assert list(first.organisation.versions.order_by("valid_from")) == [first, second]
