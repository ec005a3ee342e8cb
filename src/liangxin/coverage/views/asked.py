"""What a page of coverage is asked: the day, the base, the grouping."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages

from liangxin.coverage.queries import usual_base
from liangxin.coverage.terms import Base, Grouping, asked_base
from liangxin.kernel.pages import ViewerRequest
from liangxin.ui.dates import asked_date


@dataclass(frozen=True)
class Question:
    """The day and the base that every figure of one page stands on."""

    at: date
    base: Base


def asked_question(request: ViewerRequest) -> Question:
    """The day and the base asked for; what cannot be understood is replaced with a message."""
    at = asked_date(request)
    base, warning = asked_base(request.GET, usual=usual_base(at))
    if warning:
        messages.warning(request, warning)
    return Question(at=at, base=base)


def asked_grouping(request: ViewerRequest) -> Grouping:
    """The grouping asked for, by street without one."""
    text = request.GET.get("by", "")
    return Grouping(text) if text in Grouping.values else Grouping.STREET
