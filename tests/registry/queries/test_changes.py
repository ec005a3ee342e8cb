from datetime import date
from decimal import Decimal

import pytest

from liangxin.registry.queries.changes import changes_between, version_steps
from tests.factories.registry import make_organisation, make_organisation_version

pytestmark = pytest.mark.django_db
LATER = date(2025, 1, 1)


def test_changes_are_in_words_with_the_phone_masked() -> None:
    before = make_organisation(phone="19900001234", status="unknown", valid_to=LATER)
    after = make_organisation_version(
        before.organisation,
        name=before.name,
        street=before.street,
        phone="19900005678",
        status="operating",
        industry_code="6513",
        has_premises=True,
        revenue_wan=Decimal("12.50"),
        valid_from=LATER,
    )

    told = {
        change.title: (change.before, change.after) for change in changes_between(before, after)
    }

    assert told == {
        "登记状态": ("状态不明", "在营"),
        "行业代码": ("未填", "6513 应用软件开发"),
        "营业收入（万元）": ("未填", "12.50"),
        "有固定场所": ("未填", "是"),
        "联系电话": ("199****1234", "199****5678"),
    }


def test_version_steps_are_newest_first() -> None:
    first = make_organisation(employees=1, valid_to=LATER)
    second = make_organisation_version(
        first.organisation, name=first.name, street=first.street, employees=2, valid_from=LATER
    )

    steps = version_steps([first, second])

    assert [(step.version, step.is_first) for step in steps] == [(second, False), (first, True)]
    assert [change.field for change in steps[0].changes] == ["employees"]
