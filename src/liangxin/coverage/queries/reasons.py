"""Why an organisation has no Party organisation, with the rule, and what would change it."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, prefetch_related_objects

from liangxin.coverage.queries.members import (
    MemberCount,
    employing,
    full_members_beside,
    member_count,
    needing_transfer,
)
from liangxin.coverage.queries.planned_branches import planned_branch, planned_branches_beside
from liangxin.coverage.queries.planning_scope import PLANNING_ROLES
from liangxin.coverage.queries.rules import CoverageRules, coverage_rules
from liangxin.coverage.queries.state import COVERAGE_ROLES, coverage_of
from liangxin.coverage.terms import Coverage, ReasonCode
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import PARTY_CHAIN, Role, Viewer
from liangxin.registry.models import Organisation, OrganisationVersion
from liangxin.registry.queries import in_scope, reached_versions

WITHOUT_PARTY = (Coverage.WORK, Coverage.NONE)
OUTSIDE_REASON = "尚未建立党组织，组建方式由所在街道党工委研究"
REASONS_ARE_INTERNAL = "按党员人数分列的原因只对党务干部开放。"


@dataclass(frozen=True)
class Finding:
    """One thing to say, and the code of the rule it follows from."""

    text: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why there is no Party organisation; numbers are None where the viewer may not see them."""

    coverage: Coverage
    code: ReasonCode | None
    full_members: int | None
    elsewhere: int | None
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        return "；".join(finding.text for finding in self.findings)

    @property
    def needs_transfer(self) -> bool:
        return bool(self.elsewhere)


def reason_condition(code: ReasonCode, *, viewer: Viewer, at: date) -> Q:
    """A condition on versions without a Party organisation; raises NotAllowed outside the chain."""
    require_chain(viewer)
    least = coverage_rules(at).branch_min_full
    match code:
        case ReasonCode.OWN_BRANCH:
            return employing(at, at_least=least)
        case ReasonCode.JOIN:
            return employing(at, at_least=1, below=least)
        case _:
            return ~employing(at, at_least=1)


def transfer_condition(*, viewer: Viewer, at: date) -> Q:
    """A condition on versions: some full member's Party relation is held elsewhere."""
    require_chain(viewer)
    return needing_transfer(at)


def reason_for(version: OrganisationVersion, *, viewer: Viewer, at: date) -> Reason | None:
    """Why the organisation of a version true on `at` has no Party organisation; None where it has one.

    Counts are given only where the viewer holds a role of the Party chain over the organisation;
    others are told no number, and nothing that follows from one.
    """
    coverage = coverage_of(version.organisation_id, at=at)
    if coverage not in WITHOUT_PARTY:
        return None
    # What is fetched beside it is of this day alone: the version at hand may be asked about another.
    told = copy(version)
    told.organisation = Organisation(pk=version.organisation_id)
    told.coverage = coverage  # type: ignore[attr-defined]
    prefetch_related_objects([told], full_members_beside(at), planned_branches_beside(at))
    is_planned_by = _is_open_to(viewer, version, at=at, roles=PLANNING_ROLES)
    return stated_reason(
        told,
        rules=coverage_rules(at),
        is_open=_is_open_to(viewer, version, at=at, roles=PARTY_CHAIN),
        planned=planned_branch(told) if is_planned_by else "",
    )


def stated_reason(
    version: OrganisationVersion,
    *,
    rules: CoverageRules,
    is_open: bool = True,
    planned: str = "",
) -> Reason:
    """The reason of a version fetched by `stated` and `with_full_members`; `is_open` to the chain.

    `planned` says which branch to be the organisation is planned for; it is told first.
    """
    if is_open:
        reason = _chain_reason(version, member_count(version), rules=rules)
    else:
        reason = _outside_reason(version)
    if not planned:
        return reason
    finding = Finding(planned, "joint_branch.principles")
    return replace(reason, findings=(finding, *reason.findings))


def require_chain(viewer: Viewer) -> None:
    """Raise NotAllowed for whoever may not be told which organisations have members."""
    # Filtering by a reason would tell an outsider who has members, row by row.
    if not viewer.roles & set(COVERAGE_ROLES) & PARTY_CHAIN:
        raise NotAllowed(REASONS_ARE_INTERNAL)


def _is_open_to(
    viewer: Viewer, version: OrganisationVersion, *, at: date, roles: Iterable[Role]
) -> bool:
    scope = in_scope(viewer, at=at, roles=tuple(sorted(roles)))
    return bool(reached_versions([version.pk], scope))


def _chain_reason(
    version: OrganisationVersion, count: MemberCount, *, rules: CoverageRules
) -> Reason:
    code = _code(count.full, rules=rules)
    coverage = Coverage(version.coverage)  # type: ignore[attr-defined]
    findings = [_main_finding(code, count.full, coverage=coverage, rules=rules)]
    if count.elsewhere:
        findings.append(_transfer_finding(count.elsewhere))
    if count.full == rules.branch_min_full - 1:
        text = "再转入或发展 1 名正式党员即可单独建支部"
        findings.append(Finding(text, "branch.min_full_members"))
    findings.extend(_staff_findings(version.employees, count.full, rules=rules))
    return Reason(
        coverage=coverage,
        code=code,
        full_members=count.full,
        elsewhere=count.elsewhere,
        findings=tuple(findings),
    )


def _outside_reason(version: OrganisationVersion) -> Reason:
    # One sentence for every number of members: two would tell an owner on which side of it the firm is.
    return Reason(
        coverage=Coverage(version.coverage),  # type: ignore[attr-defined]
        code=None,
        full_members=None,
        elsewhere=None,
        findings=(Finding(OUTSIDE_REASON, "branch.min_full_members"),),
    )


def _code(full: int, *, rules: CoverageRules) -> ReasonCode:
    if full >= rules.branch_min_full:
        return ReasonCode.OWN_BRANCH
    return ReasonCode.JOIN if full else ReasonCode.GUIDE


def _main_finding(
    code: ReasonCode, full: int, *, coverage: Coverage, rules: CoverageRules
) -> Finding:
    least = rules.branch_min_full
    match code:
        case ReasonCode.OWN_BRANCH:
            text = f"有正式党员 {full} 名，达到 {least} 名，应单独建立党支部"
            return Finding(text, "branch.min_full_members")
        case ReasonCode.JOIN:
            text = f"有正式党员 {full} 名，不足 {least} 名，可联合组建"
            return Finding(text, "branch.min_full_members")
        case _ if coverage is Coverage.WORK:
            return Finding("没有正式党员，已有工作覆盖", "coverage.work_means")
        case _:
            return Finding("没有正式党员，应选派指导员或联络员", "coverage.work_means")


def _transfer_finding(elsewhere: int) -> Finding:
    text = f"{elsewhere} 名组织关系在别处，需转接"
    return Finding(text, "branch.min_full_members")


def _staff_findings(
    employees: int | None, full: int, *, rules: CoverageRules
) -> tuple[Finding, ...]:
    staff = employees or 0
    if staff >= rules.staff_for_organisation:
        text = f"从业 {staff} 人，达到 {rules.staff_for_organisation} 人，应有党组织"
        return (Finding(text, "employees.should_have_organisation"),)
    if staff >= rules.staff_for_member and not full:
        text = f"从业 {staff} 人，达到 {rules.staff_for_member} 人，应有党员"
        return (Finding(text, "employees.should_have_member"),)
    return ()
