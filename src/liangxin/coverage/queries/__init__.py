"""The two coverages on a day; everything takes a viewer and stays within the viewer's scope."""

from liangxin.coverage.queries.figures import (
    BRIEF,
    FULL,
    NOT_FILLED_IN_KEY,
    Cell,
    Column,
    ShownRow,
    ShownTable,
    list_query,
    shown_table,
)
from liangxin.coverage.queries.groups import NOT_FILLED_IN, group_titles
from liangxin.coverage.queries.growth import (
    GrowthRow,
    GrowthTable,
    counted_growth,
    growth_condition,
    growth_members,
    growth_organisations,
    growth_table,
    working_in,
)
from liangxin.coverage.queries.growth_steps import (
    employed,
    growth_reason,
    growth_step,
    with_members,
)
from liangxin.coverage.queries.kept_counts import with_kept_count
from liangxin.coverage.queries.lists import (
    ReasonCounts,
    counted_reasons,
    organisations_without_party,
    reason_counts,
    sliced_organisations,
    uncovered_organisations,
)
from liangxin.coverage.queries.members import MemberCount, with_full_members
from liangxin.coverage.queries.planned_branches import planned_branch, with_planned_branches
from liangxin.coverage.queries.reasons import (
    Finding,
    Reason,
    reason_condition,
    reason_for,
    reasons_for,
    stated_reason,
    transfer_condition,
)
from liangxin.coverage.queries.rules import CoverageRules, coverage_rules, usual_base
from liangxin.coverage.queries.shares import share_measure
from liangxin.coverage.queries.state import (
    Versions,
    covered_state,
    group_condition,
    slice_condition,
    stated,
)
from liangxin.coverage.queries.table import (
    CoverageRow,
    CoverageTable,
    Share,
    cache_key,
    counted_table,
    coverage_table,
)

__all__ = [
    "BRIEF",
    "FULL",
    "NOT_FILLED_IN",
    "NOT_FILLED_IN_KEY",
    "Cell",
    "Column",
    "CoverageRow",
    "CoverageRules",
    "CoverageTable",
    "Finding",
    "GrowthRow",
    "GrowthTable",
    "MemberCount",
    "Reason",
    "ReasonCounts",
    "Share",
    "ShownRow",
    "ShownTable",
    "Versions",
    "cache_key",
    "counted_growth",
    "counted_reasons",
    "counted_table",
    "coverage_rules",
    "coverage_table",
    "covered_state",
    "employed",
    "group_condition",
    "group_titles",
    "growth_condition",
    "growth_members",
    "growth_organisations",
    "growth_reason",
    "growth_step",
    "growth_table",
    "list_query",
    "organisations_without_party",
    "planned_branch",
    "reason_condition",
    "reason_counts",
    "reason_for",
    "reasons_for",
    "share_measure",
    "shown_table",
    "slice_condition",
    "sliced_organisations",
    "stated",
    "stated_reason",
    "transfer_condition",
    "uncovered_organisations",
    "usual_base",
    "with_full_members",
    "with_kept_count",
    "with_members",
    "with_planned_branches",
    "working_in",
]
