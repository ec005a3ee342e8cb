"""Operating organisations that neither coverage reaches."""

from liangxin.coverage.queries import share_measure
from liangxin.coverage.terms import Base, Slice
from liangxin.kernel.catalogue import Indicator

INDICATOR = Indicator(
    code="coverage.uncovered",
    title="均未覆盖的单位",
    unit="家",
    measure=share_measure(Slice.UNCOVERED, among=None, base=Base()),
)
