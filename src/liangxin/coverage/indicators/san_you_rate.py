"""Firms with premises, activity and enough staff that a Party organisation covers."""

from liangxin.coverage.queries import share_measure
from liangxin.coverage.terms import Base, BaseKind, Slice
from liangxin.kernel.catalogue import Indicator

INDICATOR = Indicator(
    code="coverage.san_you_rate",
    title="三有企业组织覆盖率",
    unit="%",
    measure=share_measure(Slice.ORGANISATION, among=Slice.BASE, base=Base(BaseKind.SAN_YOU)),
)
