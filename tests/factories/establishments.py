"""Adopted groups of joint branches, as the actions leave them."""

from datetime import date, timedelta

from liangxin.coverage.actions.adoption import (
    Nomination,
    adopt_groups,
    approve,
    found,
    withdraw,
)
from liangxin.coverage.models import Establishment, ProposedGroup
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Area
from liangxin.registry.terms import PostKind
from tests.factories.plans import DAY, make_candidate, make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import office

ADOPTED = DAY + timedelta(days=10)
APPROVED = DAY + timedelta(days=20)
FOUNDED = DAY + timedelta(days=30)
ELECTED = (Nomination(kind=PostKind.SECRETARY, person_name="测试书记"),)
NUMBER = "测两新〔2026〕12号"


def make_establishment(
    group: ProposedGroup | None = None, *, by: Viewer | None = None, street: Area | None = None
) -> Establishment:
    """A group adopted by the district unless told; without one, three new candidates of one street."""
    group = group or make_group(make_proposal(), street=street)
    adoption = adopt_groups(group.proposal, [group.number], by=by or office(), today=ADOPTED)
    (establishment,) = adoption.adopted
    return establishment


def make_cross_street(
    *, by: Viewer | None = None, streets: tuple[Area, Area] | None = None
) -> Establishment:
    """A branch of two streets, the first the host's; adopted by the district unless told."""
    first, second = streets or (make_area(), make_area())
    units = [
        make_candidate(street=first),
        make_candidate(street=first, north_m=50.0),
        make_candidate(street=second, north_m=100.0),
    ]
    return make_establishment(make_group(make_proposal(), units), by=by)


def make_approved(
    establishment: Establishment | None = None, *, on: date = APPROVED
) -> Establishment:
    """One that the district has approved."""
    return approve(
        establishment or make_establishment(),
        by=office(),
        approved_date=on,
        approval_number=NUMBER,
        today=on,
    )


def make_founded(establishment: Establishment | None = None) -> Establishment:
    """One whose branch stands."""
    return found(
        make_approved(establishment),
        by=office(),
        founded_date=FOUNDED,
        today=FOUNDED,
        elected=ELECTED,
    )


def make_withdrawn(establishment: Establishment | None = None) -> Establishment:
    """One that was taken back."""
    return withdraw(
        establishment or make_establishment(), by=office(), reason="牵头单位迁出", today=APPROVED
    )
