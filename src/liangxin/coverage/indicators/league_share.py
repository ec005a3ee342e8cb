"""Operating organisations with a Youth League organisation."""

from datetime import date

from liangxin.coverage.queries import mass_organisations
from liangxin.coverage.terms import Base, MassSlice
from liangxin.kernel.catalogue import Indicator, Measured
from liangxin.kernel.viewer import Viewer


def measure(viewer: Viewer, at: date) -> Measured:
    """Those that have one, among operating organisations."""
    found = mass_organisations(viewer, at=at, base=Base(), which=MassSlice.LEAGUE)
    among = mass_organisations(viewer, at=at, base=Base())
    return Measured(
        at=at, count=found.count(), counted=found, denominator=among.count(), among=among
    )


INDICATOR = Indicator(
    code="mass.league_share", title="建有团组织的单位占比", unit="%", measure=measure
)
