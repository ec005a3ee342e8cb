"""Bulk writing: ids are nobody else's, prepared rows equal saved ones."""

from datetime import date

import pytest
from django.db import transaction

from liangxin.kernel.bulk import copy_rows, prepare_rows, reserve_ids
from liangxin.registry.models import OrganisationVersion, Person
from tests.factories.registry import make_area, make_organisation, make_provenance

pytestmark = pytest.mark.django_db


def person(pk: int, *, name: str) -> Person:
    return Person(pk=pk, name=name, id_number="990100199001011234", provenance=make_provenance())


def test_reserved_ids_do_not_collide_with_saved_rows() -> None:
    first = reserve_ids(Person, 3)
    saved = Person.objects.create(name="甲", provenance=make_provenance())
    second = reserve_ids(Person, 2)

    assert len({*first, saved.pk, *second}) == 6
    assert list(reserve_ids(Person, 0)) == []


def test_prepared_rows_read_back_as_they_were() -> None:
    ids = reserve_ids(Person, 2)
    prepared = prepare_rows(Person, [person(ids[0], name="甲"), person(ids[1], name="乙")])
    with transaction.atomic():
        prepared.insert()

    found = Person.objects.filter(pk__in=ids).order_by("pk")
    assert [(row.name, row.id_number) for row in found] == [
        ("甲", "990100199001011234"),
        ("乙", "990100199001011234"),
    ]


def test_inserting_nothing_is_allowed() -> None:
    prepare_rows(Person, []).insert()

    assert not Person.objects.exists()


def test_staged_rows_are_inserted_once_and_leave_no_table_behind() -> None:
    prepared = prepare_rows(Person, [person(reserve_ids(Person, 1)[0], name="甲")])
    prepared.stage()
    assert not Person.objects.exists()
    with transaction.atomic():
        prepared.insert()
    prepared.clear()

    assert Person.objects.get().id_number == "990100199001011234"
    assert prepared.staged == ""


def test_rows_are_copied_inside_the_database_with_values_of_their_own() -> None:
    street = make_area()
    firms = [make_organisation(street=make_area(), phone="19900001111") for _ in range(3)]
    rows = OrganisationVersion.objects.filter(pk__in=[one.pk for one in firms[:2]])
    rows.update(valid_to=date(2026, 6, 1))

    copied = copy_rows(
        rows,
        {"street_id": street.pk, "valid_from": date(2026, 6, 1), "valid_to": None, "address": "新"},
    )

    assert copied == 2
    for firm in firms[:2]:
        copy = firm.organisation.versions.get(valid_to__isnull=True)
        assert (copy.street, copy.address, copy.phone) == (street, "新", "19900001111")
        assert (copy.name, copy.provenance_id) == (firm.name, firm.provenance_id)
        assert copy.valid_from == date(2026, 6, 1)
    assert firms[2].organisation.versions.count() == 1
