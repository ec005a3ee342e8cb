"""What pages of shares have in common: their question, and choosing one street, industry or size."""

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q

from liangxin.coverage.queries import NOT_FILLED_IN_KEY, group_titles
from liangxin.coverage.terms import BaseKind, Group, Grouping
from liangxin.coverage.views.asked import Question, asked_grouping
from liangxin.kernel.pages import ViewerRequest
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


def overview_context(asked: Question, by: Grouping) -> dict[str, object]:
    """What every page of shares tells of its question: the day, the base, the groupings, and its address."""
    return {
        "at": asked.at,
        "base": asked.base,
        "bases": BaseKind.choices,
        "by": by,
        "groupings": [(one.value, one.label) for one in SHARED],
        "asked": urlencode({"at": asked.at.isoformat(), "base": asked.base.code}),
    }


def asked_shared(request: ViewerRequest) -> Grouping:
    """The grouping asked for, of those that the pages of shares have; by street without one."""
    by = asked_grouping(request)
    return by if by in SHARED else Grouping.STREET
