import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liangxin.kernel.viewer import Role
from liangxin.registry.models import DistrictRule
from liangxin.rulebook import codes
from tests.factories.accounts import client_of, make_user

pytestmark = pytest.mark.django_db
PAGE = "/rules/joint_branch.max_units/"


def test_rules_page_names_value_source_and_confidence_of_every_rule() -> None:
    page = client_of(make_user(Role.MEMBER)).get("/rules/").content.decode()

    assert f"共 {len(codes())} 条" in page
    assert all(f'href="/rules/{code}/"' in page for code in codes())
    assert "《中国共产党支部工作条例（试行）》" in page
    assert "待核原文" in page


def test_office_sets_and_ends_a_local_value() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    told = {"value": "8", "source": "区委〔2026〕3号", "from_date": "2026-03-01"}

    assert client.post(PAGE, told).status_code == 302
    page = client.get(f"{PAGE}?at=2026-03-01").content.decode()
    assert ("8 个" in page, "区委〔2026〕3号" in page, "全国取值" in page) == (True, True, True)

    client.post(f"{PAGE}end/")
    assert DistrictRule.objects.get().valid_to is not None


def test_office_takes_back_a_value_that_does_not_hold_yet() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    client.post(PAGE, {"value": "8", "source": "区委〔2026〕3号", "from_date": "2026-03-01"})
    before = client.get(PAGE).content.decode()
    client.post(PAGE, {"value": "9", "source": "区委〔2027〕1号", "from_date": "2099-01-01"})
    planned = client.get(PAGE).content.decode()

    said = client.post(f"{PAGE}take-back/", follow=True).content.decode()

    assert ("take-back" in before, "take-back" in planned, "take-back" in said) == (
        False,
        True,
        False,
    )
    assert "已收回，此前的取值继续执行。" in said
    assert DistrictRule.objects.get().valid_to is None
    assert "没有尚未执行" in client.post(f"{PAGE}take-back/", follow=True).content.decode()


def test_wrong_value_is_explained_beside_its_field() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))

    response = client.post(PAGE, {"value": "八", "source": "", "from_date": ""})

    assert response.content.decode().count('class="lx-error"') == 3
    assert DistrictRule.objects.count() == 0


def test_others_see_no_form_and_cannot_post() -> None:
    client = client_of(make_user(Role.COMMITTEE_OFFICER))

    assert "设定本区取值" not in client.get(PAGE).content.decode()
    told = {"value": "8", "source": "x", "from_date": "2026-03-01"}
    assert client.post(PAGE, told).status_code == 403
    assert DistrictRule.objects.count() == 0


def test_unknown_rule_is_not_found() -> None:
    assert client_of(make_user(Role.MEMBER)).get("/rules/no.such/").status_code == 404


def test_rules_page_takes_as_many_queries_with_three_local_values_as_with_one() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))

    def queries_after(code: str) -> int:
        told = {"value": "8", "source": "x", "from_date": "2026-03-01"}
        client.post(f"/rules/{code}/", told)
        with CaptureQueriesContext(connection) as captured:
            client.get("/rules/")
        return len(captured)

    one = queries_after("joint_branch.max_units")
    queries_after("term.years")

    assert queries_after("branch.min_full_members") == one
