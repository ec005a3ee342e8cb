"""The base that figures stand on where nobody asks for another is the district's own rule."""

from datetime import date, timedelta

import pytest

from liangxin.coverage.queries import usual_base
from liangxin.coverage.terms import Base, BaseKind
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.actions.rules import set_district_rule
from tests.factories.clients import client_of
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def choose_san_you(*, from_date: date) -> None:
    set_district_rule(
        "coverage.base", value="san_you", source="测试文件", from_date=from_date, by=SYSTEM
    )


def test_usual_base_is_all_operating_by_the_national_rule() -> None:
    assert usual_base(TODAY) == Base()


def test_usual_base_follows_the_local_rule_from_its_day_on() -> None:
    choose_san_you(from_date=TODAY)

    assert usual_base(TODAY) == Base(BaseKind.SAN_YOU)
    assert usual_base(TODAY - timedelta(days=1)) == Base()


@pytest.mark.parametrize("address", ["/coverage/", "/board/"])
def test_pages_count_by_the_local_rule_unless_asked_otherwise(address: str) -> None:
    choose_san_you(from_date=TODAY)
    client = client_of(office())

    assert client.get(address, {"at": "2026-06-02"}).context["base"].kind == BaseKind.SAN_YOU
    asked = client.get(address, {"at": "2026-06-02", "base": "operating"})
    assert asked.context["base"].kind == BaseKind.OPERATING
