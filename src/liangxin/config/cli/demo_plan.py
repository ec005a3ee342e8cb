"""The last chapter of the demo's story: the gaps become a proposal of joint branches."""

from datetime import date
from typing import Any

from liangxin.accounts.queries import viewer_of
from liangxin.coverage import tasks
from liangxin.coverage.actions.adoption import adopt_groups, approve
from liangxin.coverage.actions.proposals import propose_branches
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.plan_rules import plan_parameters
from liangxin.kernel.jobs import run_job
from liangxin.kernel.models import JobState, User
from liangxin.kernel.viewer import Role, Viewer

PROPOSER, ADOPTER = "office", "officer"
TITLE = "全区联建方案（演示）"
APPROVAL_NUMBER = "示范两新〔演示〕1号"
ADOPTED_GROUPS = 4
# The kind of job must be known to whoever puts one in the queue and runs it.
REGISTERED = tasks.__name__


class PlanFailed(RuntimeError):
    """The proposal of the demo could not be computed; the text is the job's."""


def tell_plan(*, today: date) -> dict[str, Any]:
    """Let the district office ask for a proposal, a street adopt a few groups, and return the figures."""
    by = _viewer(PROPOSER, today=today)
    proposal = propose_branches(
        by=by,
        title=TITLE,
        at=today,
        street_ids=(),
        parameters=plan_parameters(today),
        seed=1,
        effort=1.0,
        today=today,
    )
    if proposal.job_id is None:
        raise PlanFailed("the proposal has no job")
    job = run_job(proposal.job_id)
    if job.state != JobState.DONE:
        raise PlanFailed(job.error)
    computed = BranchProposal.objects.get(pk=proposal.pk)
    return {**told_plan(computed), "adopted": _adopt_a_few(computed, by=by, today=today)}


def _adopt_a_few(proposal: BranchProposal, *, by: Viewer, today: date) -> int:
    """Let the street's officer adopt its first groups, cross-street ones before; one is approved."""
    officer = _viewer(ADOPTER, today=today)
    streets = [int(scope.key) for scope in officer.scopes(Role.COMMITTEE_OFFICER)]
    own = proposal.groups.filter(street__in=streets, into_branch__isnull=True)
    first = own.order_by("-is_cross_street", "number").values_list("number", flat=True)
    numbers = list(first[:ADOPTED_GROUPS])
    adopted = adopt_groups(proposal, numbers, by=officer, today=today).adopted
    for establishment in [one for one in adopted if not one.consents.exists()][:1]:
        approve(
            establishment,
            by=by,
            approved_date=today,
            approval_number=APPROVAL_NUMBER,
            today=today,
        )
    return len(adopted)


def _viewer(username: str, *, today: date) -> Viewer:
    return viewer_of(User.objects.get(username=username), at=today)


def told_plan(proposal: BranchProposal) -> dict[str, Any]:
    """A computed proposal as the demo's summary keeps it; costs in member-metres, shares 0 to 1."""
    return {
        "proposal": proposal.pk,
        "title": proposal.title,
        "figures": proposal.figures,
        "objective_mm": proposal.objective_mm,
        "bound_mm": proposal.bound_mm,
        "gap": proposal.gap,
        "seconds": proposal.seconds,
    }


def plan_sentences(plan: dict[str, Any]) -> tuple[str, ...]:
    """The plan in plain words, one line each."""
    figures = plan["figures"]
    base = figures["base"]
    joining = f"其中 {figures['joining_units']:,} 家并入有空额的现有支部，"
    return (
        f"联建方案：{figures['candidates']:,} 家单位有党员而不足 3 名，建议组建 {figures['groups']:,} 个"
        f"联合党支部，涵盖 {figures['joined_units']:,} 家，{joining if figures['joining_units'] else ''}{figures['left_out']:,} 家暂不能联建（各有原因）。",
        f"全部成立后组织覆盖率由 {_share(figures['covered_before'], base)} 升至"
        f" {_share(figures['covered_after'], base)}（基数 {base:,}）；成立之前不计入覆盖。",
        f"没有党员也没有工作覆盖的 {figures['without_members']:,} 家中，"
        f"{figures['attached']:,} 家就近找到联系的支部、指导员或联络员，{figures['unattached']:,} 家名额不够。",
        f"全体党员到牵头单位的路程合计 {plan['objective_mm']:,.0f} 人·米，理论上至少 {plan['bound_mm']:,.0f}，"
        f"相差 {_gap(plan['gap'])}；求解用时 {plan['seconds']:.1f} 秒。街道已采纳 {plan['adopted']} 组，列为拟建。",
    )


def _share(count: int, base: int) -> str:
    return f"{count / base:.1%}" if base else "—"


def _gap(gap: float | None) -> str:
    return "—" if gap is None else f"{gap:.1%}"
