"""Saved views: the conditions of a list under a name, for oneself alone."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from liangxin.accounts.actions.own_views import HANDOVER
from liangxin.accounts.queries import viewer_of
from liangxin.kernel.models import AuditEntry, SavedView, User
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import STRANGER, Role, Viewer
from liangxin.ui.saved_views import (
    MOST,
    UnfitView,
    kept_query,
    open_views,
    own_views,
    rename_view,
    save_view,
)
from tests.factories.accounts import make_user
from tests.factories.saved_views import make_view, other_view

pytestmark = pytest.mark.django_db


def viewer(user: User) -> Viewer:
    return viewer_of(user, at=timezone.localdate())


def saved(
    user: User, *, name: str = "大企业", query: str = "size=large", path: str = "/organisations/"
) -> SavedView:
    return save_view(
        name,
        by=viewer(user),
        listing="organisations",
        listing_title="单位台账",
        path=path,
        query=query,
    )


def test_a_view_keeps_filters_search_and_order_but_not_page_export_and_day() -> None:
    asked = "q=甲&size=large&sort=-employees&page=3&export=xlsx&at=2025-01-01&street="

    assert dict(QueryDict(kept_query(asked)).items()) == {
        "q": "甲",
        "size": "large",
        "sort": "-employees",
    }


def test_a_view_is_offered_on_its_list_with_the_day_asked_for() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    saved(user)
    asked = QueryDict("size=large&at=2026-01-01")

    found = open_views(viewer(user), listing="organisations", path="/organisations/", asked=asked)
    elsewhere = open_views(viewer(user), listing="sites", path="/sites/", asked=asked)

    assert [(one.name, one.url, one.is_current) for one in found] == [
        ("大企业", "/organisations/?size=large&at=2026-01-01", True)
    ]
    assert elsewhere == ()


def test_a_name_used_again_replaces_what_it_stood_for() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    first = saved(user)

    second = saved(user, query="size=small")

    assert (second.pk, own_views(viewer(user)).get().query) == (first.pk, "size=small")


def test_only_as_many_as_fit_are_kept() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    for number in range(MOST):
        make_view(user=user, name=f"第{number}个")

    with pytest.raises(UnfitView):
        saved(user, name="再来一个")

    assert own_views(viewer(user)).count() == MOST


@pytest.mark.parametrize(
    "told", [{"name": "  "}, {"name": "长" * 41}, {"path": "//else.where/"}, {"path": "/nowhere/"}]
)
def test_an_unfit_view_is_refused(told: dict[str, str]) -> None:
    user = make_user(Role.DISTRICT_OFFICE)

    with pytest.raises(UnfitView):
        saved(user, **told)

    assert not SavedView.objects.exists()


def test_the_database_holds_no_view_without_a_name() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_view(user=make_user(), name="")


def test_conditions_are_sealed_and_no_trail_tells_them() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    saved(user, name="找张三", query="q=13800000001")

    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM kernel_savedview")
        sealed = cursor.fetchone()[0]
    entry = AuditEntry.objects.get(action="saved_view.save")

    assert "13800000001" not in sealed
    assert entry.summary == "保存“单位台账”的常用条件"
    assert not entry.changes_ledger


def test_a_stranger_saves_nothing() -> None:
    with pytest.raises(NotAllowed):
        save_view("甲", by=STRANGER, listing="organisations", listing_title="", path="/", query="")


def test_a_rename_does_not_take_the_name_of_another() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    saved(user)
    other = saved(user, name="小企业")

    with pytest.raises(UnfitView):
        rename_view(other, by=viewer(user), name="大企业")
    rename_view(other, by=viewer(user), name="中小企业")

    assert [one.name for one in own_views(viewer(user))] == ["大企业", "中小企业"]


def test_a_successor_takes_the_views_over() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    view = saved(user)
    other_view()

    assert list(HANDOVER.open_rows(user.pk)) == [view]
    assert "大企业" not in HANDOVER.label(view)


def test_a_list_is_saved_renamed_and_forgotten_by_its_pages(client: Client) -> None:
    client.force_login(make_user(Role.DISTRICT_OFFICE))
    told = {"listing": "organisations", "listing_title": "单位台账", "path": "/organisations/"}

    answer = client.post(
        reverse("saved-view-save"), {**told, "query": "size=large", "name": "大企业"}
    )
    view = SavedView.objects.get()
    client.post(reverse("saved-view-rename", args=(view.pk,)), {"name": "规上"})
    shown = client.get("/organisations/").content.decode()
    managed = client.get(reverse("saved-views")).content.decode()
    client.post(reverse("saved-view-forget", args=(view.pk,)))

    assert answer.headers["Location"] == "/organisations/?size=large"
    assert ">规上</a>" in shown
    assert 'value="规上"' in managed
    assert not SavedView.objects.exists()


def test_an_unfit_name_is_answered_where_one_was(client: Client) -> None:
    client.force_login(make_user(Role.DISTRICT_OFFICE))

    inside = client.post(reverse("saved-view-save"), {"back": "/organisations/?q=a"})
    outside = client.post(reverse("saved-view-save"), {"back": "https://else.where/"})

    assert inside.headers["Location"] == "/organisations/?q=a"
    assert outside.headers["Location"] == reverse("saved-views")


def test_somebody_elses_view_is_not_found(client: Client) -> None:
    client.force_login(make_user(Role.DISTRICT_OFFICE))
    view = other_view()

    answers = [
        client.post(reverse(route, args=(view.pk,)), {"name": "我的"}).status_code
        for route in ("saved-view-rename", "saved-view-forget")
    ]

    assert answers == [404, 404]
    assert SavedView.objects.get() == view


def test_views_cost_a_list_one_query(client: Client) -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    client.force_login(user)
    asked = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/organisations/")
        asked.append(sum("savedview" in one["sql"] for one in queries))
        make_view(user=user, name=f"第{number}个")

    assert asked == [1, 1]
