"""The menu: what each viewer can open, in the order of the daily work."""

from dataclasses import dataclass

from django.http import HttpRequest

from liangxin.kernel.permissions import Permission, may


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu: route name, title, and the permission its page asks for."""

    route: str
    title: str
    permission: Permission


MENU: tuple[MenuItem, ...] = ()


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context for every page: the viewer and the menu entries open to them."""
    viewer = getattr(request, "viewer", None)
    menu = [item for item in MENU if viewer is not None and may(viewer, item.permission)]
    return {"viewer": viewer, "menu": menu}
