"""Operating organisations covered by a founded Party organisation."""

from liangxin.coverage.queries import share_measure
from liangxin.coverage.terms import Base, Slice
from liangxin.kernel.catalogue import Indicator

INDICATOR = Indicator(
    code="coverage.organisation_rate",
    title="组织覆盖率",
    unit="%",
    measure=share_measure(Slice.ORGANISATION, among=Slice.BASE, base=Base()),
)
