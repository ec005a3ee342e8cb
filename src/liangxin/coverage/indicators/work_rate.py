"""Organisations without a Party organisation that an instructor, liaison, union or League reaches."""

from liangxin.coverage.queries import share_measure
from liangxin.coverage.terms import Base, Slice
from liangxin.kernel.catalogue import Indicator

INDICATOR = Indicator(
    code="coverage.work_rate",
    title="工作覆盖率",
    unit="%",
    measure=share_measure(Slice.WORK, among=Slice.WITHOUT, base=Base()),
)
