import pytest
from django.test import Client
from django.urls import resolve, reverse

from liangxin.config.navigation import MENU, menu_for
from liangxin.kernel.pages import required_permission
from liangxin.kernel.viewer import STRANGER, Role
from liangxin.ui.icons import STROKES
from tests.factories.accounts import viewer_for


@pytest.mark.parametrize("item", MENU, ids=lambda item: item.route)
def test_menu_entry_asks_for_what_its_page_asks_for(item: object) -> None:
    view = resolve(reverse(item.route)).func  # type: ignore[attr-defined]

    assert required_permission(view) == item.permission  # type: ignore[attr-defined]


def test_menu_names_each_page_once_by_a_picture_of_its_own() -> None:
    routes, icons = {item.route for item in MENU}, {item.icon for item in MENU}

    assert len(routes) == len(icons) == len(MENU)
    assert icons <= set(STROKES)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_something_in_the_menu(role: Role) -> None:
    titles = [item.title for group in menu_for(viewer_for(role), path="/") for item in group.items]

    assert titles[0] == "首页"


def test_stranger_finds_nothing_in_the_menu() -> None:
    assert menu_for(STRANGER, path="/") == ()


@pytest.mark.parametrize(
    ("path", "title"), [("/", "首页"), ("/users/7/", "用户"), ("/organisations/new/", "单位台账")]
)
def test_entry_nearest_to_the_page_is_current(path: str, title: str) -> None:
    menus = (
        menu_for(viewer_for(role), path=path) for role in (Role.DISTRICT_OFFICE, Role.ADMINISTRATOR)
    )
    current = {
        item.title for menu in menus for group in menu for item in group.items if item.is_current
    }

    assert current - {"首页"} in ({title}, set())
    assert title in current


@pytest.mark.django_db
def test_unknown_address_is_answered_in_words() -> None:
    response = Client().get("/nowhere/")

    assert (response.status_code, "没有这一页" in response.content.decode()) == (404, True)
