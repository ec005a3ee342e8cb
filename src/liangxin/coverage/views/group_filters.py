"""Choosing one street, industry or size on a list; the groups of a table open their lists by these."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import Q

from liangxin.coverage.queries import NOT_FILLED_IN_KEY, group_titles
from liangxin.coverage.terms import Group, Grouping
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.sites import visible_streets
from liangxin.ui.listing import ListFilter

SHARED = (Grouping.STREET, Grouping.INDUSTRY, Grouping.SIZE)


def group_filters(
    viewer: Viewer, *, at: date, condition: Callable[[Group], Q]
) -> tuple[ListFilter, ...]:
    """The viewer's streets, every industry, every size; `condition` says which rows are of a group."""
    streets = [str(pk) for pk in visible_streets(viewer, at=at).values_list("pk", flat=True)]
    return tuple(
        _filter(by, streets if by is Grouping.STREET else (), condition=condition) for by in SHARED
    )


def _filter(by: Grouping, keys: Sequence[str], *, condition: Callable[[Group], Q]) -> ListFilter:
    titles = group_titles(by, keys=keys)
    wanted = {*keys, ""} if by is Grouping.STREET else set(titles)
    return ListFilter(
        by.value,
        str(by.label),
        [(key or NOT_FILLED_IN_KEY, title) for key, title in titles.items() if key in wanted],
        lambda text: condition(Group(by, "" if text == NOT_FILLED_IN_KEY else text)),
    )
