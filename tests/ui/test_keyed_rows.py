"""Rows of a page by the keys that its list chose: the same rows, without weighing the ledger again."""

from datetime import date

import pytest

from liangxin.registry.models import Organisation, OrganisationVersion
from liangxin.ui.keyed_rows import rows_of_keys
from tests.factories.registry import make_organisation, make_organisation_version

pytestmark = pytest.mark.django_db


def test_rows_come_in_the_order_of_the_list_without_its_conditions() -> None:
    for name in ("甲公司", "乙公司", "丙公司"):
        make_organisation(name=name)
    found = OrganisationVersion.objects.filter(name__contains="公司").order_by("-pk")
    keys = [row.pk for row in found[:2]]

    rows = rows_of_keys(found, keys)

    assert list(rows) == list(found[:2])
    assert "LIKE" not in str(rows.query)


def test_list_that_joins_many_rows_keeps_its_condition() -> None:
    version = make_organisation(name="旧名", valid_to=date(2025, 1, 1))
    make_organisation_version(version.organisation, name="新名", valid_from=date(2025, 1, 1))
    found = Organisation.objects.filter(versions__name="旧名")

    rows = rows_of_keys(found, [version.organisation_id])

    assert list(rows) == [version.organisation]
