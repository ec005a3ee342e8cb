"""Coverage as plain values, for the command line and for other programs."""

from datetime import date

from liangxin.coverage.queries import CoverageRow, Share, coverage_table
from liangxin.coverage.terms import Base, Grouping, Slice
from liangxin.kernel.viewer import Viewer


def coverage_report(
    viewer: Viewer, *, at: date, base: Base, by: Grouping | None = None
) -> dict[str, object]:
    """Both coverages on `at` as values JSON can hold: the base in words, a total, rows by group."""
    table = coverage_table(viewer, at=at, base=base, by=by)
    return {
        "at": at.isoformat(),
        "base": {"code": base.code, "title": base.title},
        "by": by.value if by else None,
        "total": _figures(table.total),
        "rows": [_figures(row) for row in table.rows] if by else [],
    }


def _figures(row: CoverageRow) -> dict[str, object]:
    counts = {which.value: row.count(which) for which in Slice}
    rates = {
        "organisation_rate": row.organisation_share,
        "single_rate": row.single_share,
        "work_rate": row.work_share,
        "either_rate": row.either_share,
    }
    shares = {name: _share(share) for name, share in rates.items()}
    return {"key": row.key, "title": row.title, "counts": counts, **shares}


def _share(share: Share) -> dict[str, object]:
    value = None if share.value is None else round(share.value, 6)
    return {"value": value, "count": share.count, "denominator": share.base_count}
