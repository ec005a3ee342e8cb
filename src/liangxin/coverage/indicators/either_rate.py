"""Operating organisations that either coverage reaches."""

from liangxin.coverage.queries import share_measure
from liangxin.coverage.terms import Base, Slice
from liangxin.kernel.catalogue import Indicator

INDICATOR = Indicator(
    code="coverage.either_rate",
    title="任一覆盖率",
    unit="%",
    measure=share_measure(Slice.EITHER, among=Slice.BASE, base=Base()),
)
