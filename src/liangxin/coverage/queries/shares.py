"""One share of coverage with both of its lists, as indicators hand it out."""

from collections.abc import Callable
from datetime import date

from liangxin.coverage.queries.lists import sliced_organisations
from liangxin.coverage.queries.table import coverage_table
from liangxin.coverage.terms import Base, Slice
from liangxin.kernel.catalogue import Measured
from liangxin.kernel.viewer import Viewer


def share_measure(
    of: Slice, *, among: Slice | None, base: Base
) -> Callable[[Viewer, date], Measured]:
    """A measure of one slice among another over `base`; of a bare count where `among` is None."""

    def measure(viewer: Viewer, at: date) -> Measured:
        total = coverage_table(viewer, at=at, base=base).total
        return Measured(
            at=at,
            count=total.count(of),
            counted=sliced_organisations(viewer, at=at, base=base, which=of),
            denominator=total.count(among) if among else None,
            among=sliced_organisations(viewer, at=at, base=base, which=among) if among else None,
        )

    return measure
