"""`liangxin coverage`: the same figures as the pages, for people and for programs."""

import json

import pytest
from click.testing import CliRunner, Result

from liangxin.config.cli.commands import main
from tests.factories.coverage import DAY
from tests.factories.registry import make_organisation, make_party_organisation

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["coverage", "--at", DAY.isoformat(), *arguments])


def test_coverage_json_states_base_rows_and_total() -> None:
    covered, _ = (make_organisation(employees=5) for _ in range(2))
    make_party_organisation(covers=(covered.organisation,))
    report = json.loads(run("--by", "street", "--base", "min_staff:1", "--json").stdout)

    assert (report["at"], report["by"]) == (DAY.isoformat(), "street")
    assert report["base"]["code"] == "min_staff:1"
    assert report["total"]["organisation_rate"] == {"value": 0.5, "count": 1, "denominator": 2}
    assert sum(row["counts"]["base"] for row in report["rows"]) == 2


def test_coverage_table_ends_with_the_total() -> None:
    covered, _ = (make_organisation(employees=5) for _ in range(2))
    make_party_organisation(covers=(covered.organisation,))
    lines = run().stdout.strip().splitlines()

    assert "基数：全部在营单位" in lines[0]
    assert lines[-1].split() == ["合计", "2", "1", "0", "0", "1", "50.0%", "0.0%"]


def test_coverage_refuses_an_unknown_base() -> None:
    result = run("--base", "everybody")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "错误：没有“everybody”这个统计口径，可用 operating、san_you、min_staff:人数。\n"
    )
