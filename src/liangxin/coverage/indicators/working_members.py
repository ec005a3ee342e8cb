"""Full and probationary members who work in operating organisations."""

from datetime import date

from liangxin.coverage.queries import growth_members
from liangxin.coverage.terms import Base
from liangxin.kernel.catalogue import Indicator, Measured
from liangxin.kernel.viewer import Viewer


def measure(viewer: Viewer, at: date) -> Measured:
    """The members, counted."""
    found = growth_members(viewer, at=at, base=Base())
    return Measured(at=at, count=found.count(), counted=found)


INDICATOR = Indicator(code="growth.members", title="在营单位的党员", unit="名", measure=measure)
