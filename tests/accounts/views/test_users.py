import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liangxin.accounts.models import RoleGrant
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role
from tests.factories.accounts import client_of, make_grant, make_user
from tests.factories.registry import make_area

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_of(make_user(Role.ADMINISTRATOR, name="管理员"))


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_users_are_listed_with_their_roles(administrator: Client) -> None:
    make_user(Role.SUBSCRIBER, name="周启")

    page = text(administrator, "/users/?role=subscriber")

    assert ("周启" in page, "资料库会员" in page) == (True, True)
    assert "共 <strong>1</strong> 条" in page


def test_users_without_a_role_can_be_found(administrator: Client) -> None:
    make_user(name="新来的")

    page = text(administrator, "/users/?role=none")

    assert ("新来的" in page, "共 <strong>1</strong> 条" in page) == (True, True)


def test_user_list_takes_as_many_queries_with_three_users_as_with_one(
    administrator: Client,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(administrator, "/users/")
        return len(captured)

    one = queries()
    for _ in range(2):
        make_user(Role.SUBSCRIBER)

    assert queries() == one


def test_new_account_shows_its_password_once(administrator: Client) -> None:
    response = administrator.post("/users/new/", {"username": "Zhou.qi", "name": "周启"})

    found = re.search(r'class="lx-secret">([^<]+)<', response.content.decode())
    user = User.objects.get(username="zhou.qi")
    assert found is not None
    assert user.check_password(found.group(1))
    assert found.group(1) not in text(administrator, f"/users/{user.pk}/")


def test_new_account_refuses_bad_and_taken_names(administrator: Client) -> None:
    make_user(username="zhou")

    for name in ("zhou", "ab", "周启", "a b c"):
        response = administrator.post("/users/new/", {"username": name, "name": "周启"})
        assert 'class="lx-error"' in response.content.decode(), name

    assert User.objects.count() == 2


def test_scope_is_searched_and_granted(administrator: Client) -> None:
    user, street = make_user(), make_area("云台街道")
    make_area("镜湖街道")

    picker = administrator.get(
        f"/users/{user.pk}/",
        {"role": "committee_officer", "kind": "street", "find": "云台"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert ("云台街道" in picker, "镜湖街道" in picker, "<html" in picker) == (True, False, False)

    form = {"role": "committee_officer", "kind": "street", "key": str(street.pk)}
    administrator.post(f"/users/{user.pk}/grant/", {**form, "from_date": "2026-03-05"})

    assert "云台街道" in text(administrator, f"/users/{user.pk}/")
    assert RoleGrant.objects.get(user=user).scope_key == str(street.pk)


def test_no_role_is_offered_before_one_is_chosen(administrator: Client) -> None:
    page = text(administrator, f"/users/{make_user().pk}/")

    assert ("先选择角色" in page, 'name="key"' in page) == (True, False)


def test_grant_that_does_not_fit_is_refused_in_words(administrator: Client) -> None:
    user = make_user()
    form = {"role": "owner", "kind": "district", "key": "", "from_date": "2026-03-05"}

    page = administrator.post(f"/users/{user.pk}/grant/", form, follow=True).content.decode()

    assert "“出资人、企业负责人”不能授予“全区”范围。" in page
    assert not RoleGrant.objects.filter(user=user).exists()


def test_grant_is_taken_back(administrator: Client) -> None:
    user = make_user()
    grant = make_grant(user, Role.SUBSCRIBER)
    client = client_of(user)
    assert client.get("/").status_code == 200

    administrator.post(f"/grants/{grant.pk}/end/")

    assert client.get("/").status_code == 403


def test_account_is_switched_off_and_on(administrator: Client) -> None:
    user = make_user()

    administrator.post(f"/users/{user.pk}/switch/", {"state": "off"})
    assert "已停用" in text(administrator, f"/users/{user.pk}/")
    administrator.post(f"/users/{user.pk}/switch/", {"state": "on"})

    assert User.objects.get(pk=user.pk).is_active


def test_changes_need_a_post(administrator: Client) -> None:
    user = make_user()

    for action in ("grant", "switch", "reset"):
        assert administrator.get(f"/users/{user.pk}/{action}/").status_code == 405


def test_audit_page_lists_entries_and_filters_them(administrator: Client) -> None:
    administrator.post("/users/new/", {"username": "zhou.qi", "name": "周启"})

    assert "建立账号 zhou.qi（周启）" in text(administrator, "/audit/?action=user.create&period=1")
    assert "共 <strong>0</strong> 条" in text(administrator, "/audit/?action=grant.end")


def test_audit_page_takes_as_many_queries_with_three_entries_as_with_one() -> None:
    office = client_of(make_user(Role.DISTRICT_OFFICE))
    administrator = client_of(make_user(Role.ADMINISTRATOR))

    def queries_after(name: str) -> int:
        administrator.post("/users/new/", {"username": name, "name": "周启"})
        with CaptureQueriesContext(connection) as captured:
            text(office, "/audit/")
        return len(captured)

    assert queries_after("one") == [queries_after("two"), queries_after("three")][1]
