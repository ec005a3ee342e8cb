"""The two coverages on a day; everything takes a viewer and stays within the viewer's scope."""

from liangxin.coverage.queries.groups import NOT_FILLED_IN, group_titles
from liangxin.coverage.queries.lists import (
    Group,
    ReasonCounts,
    counted_reasons,
    organisations_without_party,
    reason_counts,
    sliced_organisations,
    uncovered_organisations,
)
from liangxin.coverage.queries.members import MemberCount, with_full_members
from liangxin.coverage.queries.reasons import (
    Finding,
    Reason,
    reason_condition,
    reason_for,
    reasons_for,
    stated_reason,
    transfer_condition,
)
from liangxin.coverage.queries.rules import CoverageRules, coverage_rules
from liangxin.coverage.queries.state import covered_state, in_group, sliced, stated
from liangxin.coverage.queries.table import (
    CoverageRow,
    CoverageTable,
    Share,
    cache_key,
    counted_table,
    coverage_table,
)

__all__ = [
    "NOT_FILLED_IN",
    "CoverageRow",
    "CoverageRules",
    "CoverageTable",
    "Finding",
    "Group",
    "MemberCount",
    "Reason",
    "ReasonCounts",
    "Share",
    "cache_key",
    "counted_reasons",
    "counted_table",
    "coverage_rules",
    "coverage_table",
    "covered_state",
    "group_titles",
    "in_group",
    "organisations_without_party",
    "reason_condition",
    "reason_counts",
    "reason_for",
    "reasons_for",
    "sliced",
    "sliced_organisations",
    "stated",
    "uncovered_organisations",
    "stated_reason",
    "transfer_condition",
    "with_full_members",
]
