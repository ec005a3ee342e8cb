"""Coverage as plain values."""

import json

import pytest

from liangxin.coverage.reports import coverage_report
from liangxin.coverage.terms import Base, Grouping
from liangxin.kernel.viewer import SYSTEM
from tests.factories.coverage import DAY
from tests.factories.registry import make_organisation, make_party_organisation, make_posting

pytestmark = pytest.mark.django_db


def test_coverage_report_states_each_rate_with_its_denominator() -> None:
    covered, reached, _ = (make_organisation() for _ in range(3))
    make_party_organisation(covers=(covered.organisation,))
    make_posting(reached.organisation)
    report = coverage_report(SYSTEM, at=DAY, base=Base(), by=Grouping.STREET)
    assert json.loads(json.dumps(report)) == report
    assert report["at"] == DAY.isoformat()
    assert report["base"] == {"code": "operating", "title": "全部在营单位"}
    total = report["total"]
    assert isinstance(total, dict)
    assert total["organisation_rate"] == {"value": 0.333333, "count": 1, "denominator": 3}
    assert total["work_rate"] == {"value": 0.5, "count": 1, "denominator": 2}
    assert isinstance(report["rows"], list)
    assert len(report["rows"]) == 3
