"""Organisations in which full members work whose Party relation is held elsewhere."""

from datetime import date

from liangxin.coverage.queries import growth_organisations
from liangxin.coverage.terms import Base, GrowthSlice
from liangxin.kernel.catalogue import Indicator, Measured
from liangxin.kernel.viewer import Viewer


def measure(viewer: Viewer, at: date) -> Measured:
    """The organisations, counted."""
    found = growth_organisations(viewer, at=at, base=Base(), which=GrowthSlice.TRANSFER)
    return Measured(at=at, count=found.count(), counted=found)


INDICATOR = Indicator(
    code="growth.transfers_needed", title="有党员需转接组织关系的单位", unit="家", measure=measure
)
