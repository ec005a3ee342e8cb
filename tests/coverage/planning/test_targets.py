"""Development targets from the ledger to stored rows."""

import pytest

from liangxin.coverage import tasks
from liangxin.coverage.actions.targets import InvalidQuota, ask_targets, set_quotas
from liangxin.coverage.models import BranchProposal, TargetPlan
from liangxin.coverage.planning.targets import NotAimable, aim
from liangxin.coverage.terms import ProposalState, TargetGoal, TargetKind
from liangxin.kernel.jobs import Cancelled, Progress, run_job
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Scope, ScopeKind, Viewer
from liangxin.registry.models import OrganisationVersion
from tests.factories import registry
from tests.factories.accounts import make_grant, make_user, viewer_for
from tests.factories.plans import DAY, make_candidate, make_group, make_proposal
from tests.factories.viewers import administrator, office, officer_of

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__


def aimed(
    proposal: BranchProposal,
    *,
    by: Viewer | None = None,
    goal: TargetGoal = TargetGoal.ORGANISATIONS,
) -> TargetPlan:
    by = by or office()
    return aim(ask_targets(proposal, year=DAY.year, goal=goal, by=by), by=by, progress=Progress())


def staff(version: OrganisationVersion, number: int) -> None:
    OrganisationVersion.objects.filter(pk=version.pk).update(employees=number)


def test_aim_finds_the_firm_between_two_others() -> None:
    street = registry.make_area()
    south = make_candidate(street=street, name="乙公司")
    middle = make_candidate(street=street, members=0, name="甲公司", north_m=800.0)
    north = make_candidate(street=street, name="丙公司", north_m=1600.0)
    staff(middle, 40)

    target = aimed(make_proposal()).targets.get()

    assert (target.kind, target.new_members, target.covered) == (TargetKind.JOINT, 1, 3)
    assert target.covered_staff == sum(
        version.employees or 0
        for version in OrganisationVersion.objects.filter(pk__in=(south.pk, middle.pk, north.pk))
    )
    assert target.text.startswith("甲公司发展 1 名党员，可与")
    assert "组成联合党支部，新覆盖 3 家单位" in target.text
    hosts = [unit.organisation_id for unit in target.units.all() if unit.is_host]
    assert hosts == [middle.organisation_id]


def test_aim_says_again_where_there_are_members() -> None:
    make_candidate(members=2, name="甲公司")
    target = aimed(make_proposal()).targets.get()
    assert target.kind == TargetKind.OWN
    assert target.text.startswith("甲公司再发展 1 名党员，可单独建立党支部")


def test_aim_joins_a_group_that_has_room() -> None:
    street, proposal = registry.make_area(), make_proposal()
    group = make_group(proposal, street=street)
    make_candidate(street=street, members=0, name="甲公司", north_m=50.0)

    target = aimed(proposal).targets.get()

    assert (target.kind, target.group_id, target.covered) == (TargetKind.JOIN, group.pk, 1)
    assert "可加入拟建的第 1 组" in target.text


def test_aim_wants_a_first_member_in_a_large_firm() -> None:
    staff(make_candidate(members=0, name="大公司"), 60)
    make_candidate(members=0, name="小公司", north_m=9000.0)
    target = aimed(make_proposal()).targets.get()
    assert (target.kind, target.covered) == (TargetKind.FIRST, 0)
    assert "从业 60 人、达到 50 人" in target.text


def test_aim_keeps_to_the_quota_and_takes_the_larger_firm_for_staff() -> None:
    street, by = registry.make_area(), office()
    small = make_candidate(street=street, members=2, name="小公司")
    large = make_candidate(street=street, members=2, name="大公司", north_m=9000.0)
    staff(small, 5)
    staff(large, 90)
    set_quotas(DAY.year, {street.pk: 1}, by=by)

    target = aimed(make_proposal(), by=by, goal=TargetGoal.STAFF).targets.get()

    assert target.text.startswith("大公司")


def test_aim_leaves_units_of_groups_and_firms_without_position_alone() -> None:
    proposal = make_proposal()
    make_group(proposal)
    registry.make_organisation(name="无位置公司")
    assert aimed(proposal).targets.count() == 0


def test_aim_ranks_by_gain_per_new_member() -> None:
    make_candidate(members=2, name="单独公司", north_m=20000.0)
    street = registry.make_area()
    for place in range(2):
        make_candidate(street=street, north_m=100.0 * place)
    plan = aimed(make_proposal())
    assert [target.covered for target in plan.targets.all()] == [2, 1]


def test_aim_sees_an_officers_own_firms_only() -> None:
    mine, other = registry.make_area(), registry.make_area()
    make_candidate(street=mine, members=2, name="本街公司")
    make_candidate(street=other, members=2, name="外街公司")
    by = officer_of(mine)
    plan = aimed(make_proposal(), by=by)
    assert [target.text[:4] for target in plan.targets.all()] == ["本街公司"]


def test_aim_runs_as_a_job_and_leaves_an_audit_entry() -> None:
    make_candidate(members=2)
    user = make_user()
    make_grant(user, Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT))
    by = viewer_for(Role.DISTRICT_OFFICE, user=user)
    plan = ask_targets(make_proposal(), year=DAY.year, goal=TargetGoal.ORGANISATIONS, by=by)
    done = run_job(plan.job_id or 0)
    assert (done.state, done.error, done.result) == ("done", "", {"targets": 1})
    assert AuditEntry.objects.filter(action="coverage.aim").count() == 1


def test_aim_keeps_why_it_was_not_computed() -> None:
    plan = ask_targets(make_proposal(), year=DAY.year, goal=TargetGoal.STAFF, by=office())

    def stop(done: int, total: int, note: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        aim(plan, by=office(), progress=Progress(listener=stop))
    plan.refresh_from_db()
    assert plan.state == ProposalState.CANCELLED
    with pytest.raises(NotAimable, match="不能再算"):
        aim(plan, by=office(), progress=Progress())


def test_quotas_are_the_districts_to_set_and_are_audited() -> None:
    street = registry.make_area()
    with pytest.raises(NotAllowed):
        set_quotas(2026, {street.pk: 1}, by=officer_of(street))
    assert set_quotas(2026, {street.pk: 3}, by=office()) == 1
    assert set_quotas(2026, {street.pk: 3}, by=office()) == 0
    assert set_quotas(2026, {street.pk: None}, by=office()) == 1
    assert AuditEntry.objects.filter(action="coverage.quota").count() == 2


@pytest.mark.parametrize(("year", "number"), [(1999, 1), (2026, -1), (2026, 10_001)])
def test_quotas_refuse_what_is_out_of_range(year: int, number: int) -> None:
    with pytest.raises(InvalidQuota):
        set_quotas(year, {registry.make_area().pk: number}, by=office())


def test_ask_is_refused_to_others() -> None:
    with pytest.raises(NotAllowed):
        ask_targets(make_proposal(), year=2026, goal=TargetGoal.STAFF, by=administrator())
