"""The page on which an account's work passes to a successor."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liangxin.accounts.models import AccountEnd
from liangxin.accounts.queries import viewer_of
from liangxin.coverage.models import BranchProposal
from liangxin.intake.models import Batch
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from tests.factories.accounts import PASSWORD, client_of, make_grant, make_user
from tests.factories.plans import make_proposal
from tests.factories.registry import make_area, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaving() -> User:
    scope = Scope(ScopeKind.STREET, str(make_area("甲街道").pk))
    return make_user(Role.COMMITTEE_OFFICER, scope, name="老干事", username="old")


@pytest.fixture
def administrator() -> Client:
    return client_of(make_user(Role.ADMINISTRATOR))


def address(user: User) -> str:
    return reverse("user-handover", args=[user.pk])


def test_the_page_lists_what_will_pass_and_no_fact_of_the_ledger(
    administrator: Client, leaving: User
) -> None:
    Batch.objects.create(
        source="密源", as_of_date=date(2026, 5, 1), state="dry", created_by=leaving
    )
    make_proposal(created_by=leaving, title="密案")
    person = make_person("林不具名")
    make_grant(leaving, Role.INSTRUCTOR, Scope(ScopeKind.ASSIGNED_FIRMS, str(person.pk)))

    page = administrator.get(address(leaving)).content.decode()

    for words in ("甲街道", "还没有办结的导入批次：1 件", "本人拟订的联建方案：1 件", "不移交"):
        assert words in page
    assert ("密源" in page, "密案" in page) == (False, False)


def test_the_page_says_when_there_is_nothing_to_pass(administrator: Client) -> None:
    page = administrator.get(address(make_user())).content.decode()

    assert "没有可以移交的事项" in page


def test_everything_passes_with_one_press(administrator: Client, leaving: User) -> None:
    successor = make_user(name="新干事")
    make_proposal(created_by=leaving)

    answer = administrator.post(address(leaving), {"to": successor.pk, "off_date": ""}, follow=True)

    assert "已把 老干事 的1 项角色、1 件未办结事项移交给 新干事" in answer.content.decode()
    assert BranchProposal.objects.get().created_by == successor
    assert len(viewer_of(successor, at=timezone.localdate()).held) == 1


def test_a_day_in_the_past_is_refused(administrator: Client, leaving: User) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    data = {"to": make_user().pk, "off_date": yesterday.isoformat()}

    answer = administrator.post(address(leaving), data)

    assert "停用日期不能早于今天" in answer.content.decode()
    assert viewer_of(leaving, at=timezone.localdate()).held


def test_an_account_itself_is_no_successor(administrator: Client, leaving: User) -> None:
    answer = administrator.post(address(leaving), {"to": leaving.pk})

    assert (answer.status_code, viewer_of(leaving, at=timezone.localdate()).is_stranger) == (
        200,
        False,
    )


def test_an_account_past_its_day_does_not_log_in(leaving: User) -> None:
    AccountEnd.objects.create(user=leaving, on_date=timezone.localdate())

    answer = Client().post(reverse("login"), {"username": "old", "password": PASSWORD})

    assert "这个账号已停用" in answer.content.decode()


def test_the_account_page_shows_the_end_and_takes_it_back(
    administrator: Client, leaving: User
) -> None:
    AccountEnd.objects.create(user=leaving, on_date=timezone.localdate() + timedelta(days=9))
    assert "取消停用" in administrator.get(reverse("user", args=[leaving.pk])).content.decode()
    assert "停用" in administrator.get(reverse("users")).content.decode()

    administrator.post(reverse("user-switch", args=[leaving.pk]), {"state": "on"})

    assert not AccountEnd.objects.exists()
