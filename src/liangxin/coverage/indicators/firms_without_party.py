"""Firms that are large enough for a Party organisation and have none."""

from datetime import date

from liangxin.coverage.queries import growth_organisations
from liangxin.coverage.terms import Base, GrowthSlice
from liangxin.kernel.catalogue import Indicator, Measured
from liangxin.kernel.viewer import Viewer


def measure(viewer: Viewer, at: date) -> Measured:
    """The firms without, among those large enough."""
    found = growth_organisations(viewer, at=at, base=Base(), which=GrowthSlice.NO_PARTY)
    among = growth_organisations(viewer, at=at, base=Base(), which=GrowthSlice.SHOULD_HAVE_PARTY)
    return Measured(
        at=at, count=found.count(), counted=found, denominator=among.count(), among=among
    )


INDICATOR = Indicator(
    code="growth.without_party", title="达到人数没有党组织的企业占比", unit="%", measure=measure
)
