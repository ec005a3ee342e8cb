"""Curves of coverage against travel, from the ledger to stored points."""

from dataclasses import asdict

import pytest

from liangxin.coverage import tasks
from liangxin.coverage.actions.curves import InvalidCurve, ask_curve, discard_curve
from liangxin.coverage.models import TravelCurve
from liangxin.coverage.planning.curves import parameters_at, trace
from liangxin.coverage.planning.refusing import NotPlannable
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.jobs import Cancelled, Progress, run_job
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Scope, ScopeKind, Viewer
from tests.factories import registry
from tests.factories.accounts import make_grant, make_user, viewer_for
from tests.factories.curves import make_curve
from tests.factories.plans import PARAMETERS, make_candidate, make_proposal
from tests.factories.viewers import administrator, office, officer_of

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__


def three_in_a_row() -> None:
    """Members 2 + 1 stand 100 m apart, and one more unit 700 m on."""
    street = registry.make_area()
    make_candidate(street=street, members=2, name="甲公司")
    make_candidate(street=street, name="乙公司", north_m=100.0)
    make_candidate(street=street, name="丙公司", north_m=800.0)


def traced(*radii: int, limits: tuple[int, ...] = (5,), by: Viewer | None = None) -> TravelCurve:
    by = by or office()
    curve = ask_curve(make_proposal(), radii_m=radii, unit_limits=limits, by=by)
    return trace(curve, by=by, progress=Progress())


def test_curve_covers_more_and_walks_more_with_a_wider_radius() -> None:
    three_in_a_row()
    curve = traced(500, 1000)
    near, far = curve.points.all()
    assert (near.joined_units, near.left_out, near.groups) == (2, 1, 1)
    assert (far.joined_units, far.left_out, far.groups) == (3, 0, 1)
    assert near.cost_mm < far.cost_mm
    assert far.covered_after - near.covered_after == 1
    assert (curve.base, curve.covered_before) == (3, 0)


def test_curve_has_one_point_for_each_pair_of_limits() -> None:
    three_in_a_row()
    points = traced(500, 800, 500, limits=(5, 6)).points
    found = points.values_list("unit_limit", "street_radius_m")
    assert list(found) == [(5, 500), (5, 800), (6, 500), (6, 800)]


def test_curve_of_an_empty_scope_has_points_of_nothing() -> None:
    point = traced(500).points.get()
    assert (point.joined_units, point.groups, point.mean_way_m) == (0, 0, None)


def test_curve_sees_an_officers_own_firms_only() -> None:
    three_in_a_row()
    assert traced(1000, by=officer_of(registry.make_area())).points.get().joined_units == 0


def test_parameters_at_change_the_two_limits_alone() -> None:
    changed = asdict(parameters_at(PARAMETERS, radius_m=800, unit_limit=6))
    differing = {name for name, value in asdict(PARAMETERS).items() if value != changed[name]}
    assert differing == {"street_radius_m", "max_units", "largest_units"}
    assert changed["largest_units"] == 6


def test_curve_runs_as_a_job_and_again_without_harm() -> None:
    three_in_a_row()
    user = make_user()
    make_grant(user, Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT))
    by = viewer_for(Role.DISTRICT_OFFICE, user=user)
    curve = ask_curve(make_proposal(), radii_m=[500], unit_limits=[5], by=by)
    done = run_job(curve.job_id or 0)
    assert (done.state, done.error, done.result) == ("done", "", {"points": 1})
    again = tasks.trace_curve(Progress(), curve=curve.pk, user=user.pk)
    assert again == {"points": 1}
    assert AuditEntry.objects.filter(action="coverage.curve").count() == 1


def test_curve_keeps_that_it_was_cancelled() -> None:
    curve = ask_curve(make_proposal(), radii_m=[500], unit_limits=[5], by=office())

    def stop(done: int, total: int, note: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        trace(curve, by=office(), progress=Progress(listener=stop))
    curve.refresh_from_db()
    assert (curve.state, curve.points.count()) == (ProposalState.CANCELLED, 0)
    with pytest.raises(NotPlannable, match="不能再算"):
        trace(curve, by=office(), progress=Progress())


@pytest.mark.parametrize(
    ("radii", "limits", "words"),
    [
        ([], [5], "至少选一个"),
        ([60_000], [5], "距离应在"),
        ([500], [8], "单位上限应在"),
        (list(range(100, 1000, 100)), [5, 6, 7], "一次最多"),
    ],
)
def test_ask_refuses_limits_out_of_range(radii: list[int], limits: list[int], words: str) -> None:
    with pytest.raises(InvalidCurve, match=words):
        ask_curve(make_proposal(), radii_m=radii, unit_limits=limits, by=office())


def test_ask_refuses_a_proposal_without_an_answer() -> None:
    waiting = make_proposal(state=ProposalState.WAITING)
    with pytest.raises(InvalidCurve, match="还没有算好"):
        ask_curve(waiting, radii_m=[500], unit_limits=[5], by=office())


def test_ask_and_discard_are_refused_to_others() -> None:
    with pytest.raises(NotAllowed):
        ask_curve(make_proposal(), radii_m=[500], unit_limits=[5], by=administrator())
    with pytest.raises(NotAllowed):
        discard_curve(make_curve(), by=officer_of(registry.make_area()))
