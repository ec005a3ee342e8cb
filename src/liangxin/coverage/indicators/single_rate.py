"""Operating organisations with a Party organisation of their own."""

from liangxin.coverage.queries import share_measure
from liangxin.coverage.terms import Base, Slice
from liangxin.kernel.catalogue import Indicator

INDICATOR = Indicator(
    code="coverage.single_rate",
    title="单独组建率",
    unit="%",
    measure=share_measure(Slice.SINGLE, among=Slice.BASE, base=Base()),
)
