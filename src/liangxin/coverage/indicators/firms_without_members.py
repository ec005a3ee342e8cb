"""Firms that are large enough to have members and have none on record."""

from datetime import date

from liangxin.coverage.queries import growth_organisations
from liangxin.coverage.terms import Base, GrowthSlice
from liangxin.kernel.catalogue import Indicator, Measured
from liangxin.kernel.viewer import Viewer


def measure(viewer: Viewer, at: date) -> Measured:
    """The firms without, among those large enough."""
    found = growth_organisations(viewer, at=at, base=Base(), which=GrowthSlice.NO_MEMBER)
    among = growth_organisations(viewer, at=at, base=Base(), which=GrowthSlice.SHOULD_HAVE_MEMBER)
    return Measured(
        at=at, count=found.count(), counted=found, denominator=among.count(), among=among
    )


INDICATOR = Indicator(
    code="growth.without_members", title="达到人数没有党员的企业占比", unit="%", measure=measure
)
