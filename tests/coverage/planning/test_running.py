"""A proposal from the ledger to its stored rows: right, repeatable, all or nothing."""

from dataclasses import asdict, replace

import pytest

from liangxin.coverage import tasks
from liangxin.coverage.actions.proposals import propose_branches
from liangxin.coverage.models import BranchProposal, ProposedUnit
from liangxin.coverage.planning import NotPlannable, plan
from liangxin.coverage.planning import running as running_module
from liangxin.coverage.planning.storing import SettledMeanwhile
from liangxin.coverage.queries.candidates import candidates
from liangxin.coverage.queries.changed_facts import changes_of
from liangxin.coverage.queries.proposals import figures
from liangxin.coverage.queries.rules import usual_base
from liangxin.coverage.queries.table import coverage_table
from liangxin.coverage.terms import (
    AttachmentKind,
    Grouping,
    LeftOutCode,
    ProposalFigures,
    ProposalState,
    Slice,
)
from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.jobs import Cancelled, Progress
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Area, OrganisationVersion
from tests.factories import registry
from tests.factories.coverage import make_random_ledger
from tests.factories.plans import DAY, LAT, LON, PARAMETERS, make_candidate, make_group
from tests.factories.viewers import administrator, office, officer_of

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__  # the kind of job must be known before it is put in the queue


def asked(by: Viewer, *streets: Area, **changes: object) -> BranchProposal:
    return propose_branches(
        by=by,
        title="测试方案",
        at=DAY,
        street_ids=[street.pk for street in streets],
        parameters=replace(PARAMETERS, **changes),  # type: ignore[arg-type]
        seed=1,
        effort=0.1,
        today=DAY,
    )


def planned(by: Viewer, *streets: Area, **changes: object) -> BranchProposal:
    return plan(asked(by, *streets, **changes), by=by, progress=Progress())


def told(proposal: BranchProposal) -> ProposalFigures:
    found = figures(proposal)
    assert found is not None
    return found


def make_street_of(*members: int) -> tuple[Area, list[OrganisationVersion]]:
    street = registry.make_area()
    firms = [
        make_candidate(street=street, members=number, north_m=100.0 * place)
        for place, number in enumerate(members)
    ]
    return street, firms


def rows_of(proposal: BranchProposal) -> list[tuple[object, ...]]:
    fields = ("group__number", "organisation_id", "is_host", "mode", "way_m", "group__reason")
    return list(proposal.units.order_by("group__number", "organisation_id").values_list(*fields))


def test_plan_groups_what_stands_near() -> None:
    _, firms = make_street_of(1, 1, 1)

    proposal = planned(office())

    group = proposal.groups.get()
    assert {unit.organisation_id for unit in group.units.all()} == {
        firm.organisation_id for firm in firms
    }
    # The one in the middle costs the others least.
    assert group.host_id == firms[1].organisation_id
    assert (group.units_count, group.members, group.to_transfer) == (3, 3, 0)
    assert group.longest_way_m == pytest.approx(100.0, rel=0.01)
    assert group.cost_mm == pytest.approx(200.0, rel=0.01)
    assert not group.is_cross_street


def test_plan_lets_barred_units_join_but_not_host() -> None:
    street, firms = make_street_of(1, 1, 1)
    usual = planned(office(), street).groups.get().host_id
    asked_again = asked(office(), street)
    asked_again.no_hosts = [usual]
    group = plan(asked_again, by=office(), progress=Progress()).groups.get()
    assert group.units_count == len(firms)
    assert group.host_id != usual


def test_plan_of_barred_units_alone_promises_no_group() -> None:
    street, firms = make_street_of(1, 1, 1)
    proposal = asked(office(), street)
    proposal.no_hosts = [firm.organisation_id for firm in firms]
    proposal = plan(proposal, by=office(), progress=Progress())
    assert proposal.groups.count() == 0
    kinds = {one["kind"] for row in proposal.left_out.all() for one in row.helps}
    assert "possible" not in kinds


def test_plan_says_why_in_a_sentence_with_names() -> None:
    street, _ = make_street_of(1, 2)
    site = registry.make_site("测试大厦", lon=LON + 1, lat=LAT)
    for _ in range(3):
        make_candidate(site=site)

    reasons = set(planned(office()).groups.values_list("reason", flat=True))

    assert {reason.split(" ")[0] for reason in reasons} == {f"{street.name}的", "测试大厦的"}
    assert all(reason.endswith("。") for reason in reasons)


def test_plan_keeps_the_facts_it_saw() -> None:
    street = registry.make_area()
    site = registry.make_site("测试大厦", street=street, lon=LON, lat=LAT)
    version = make_candidate(
        site=site, members=2, elsewhere=1, name="甲测试公司", industry_code="6511"
    )
    make_candidate(site=site)

    unit = planned(office()).units.get(organisation=version.organisation)

    assert (unit.name, unit.street, unit.site_name) == ("甲测试公司", street, "测试大厦")
    assert (unit.industry_code, unit.lon, unit.lat) == ("6511", LON, LAT)
    assert (unit.members, unit.to_transfer) == (2, 1)


def test_plan_finds_nothing_changed_right_after() -> None:
    make_street_of(1, 2, 1, 1, 2)
    proposal = planned(office())

    found = changes_of(list(proposal.groups.all()), at=DAY)

    assert set(found.values()) == {()}


def test_plan_tells_who_is_left_out_and_why() -> None:
    make_street_of(1)
    lost = make_candidate(site=registry.make_site())
    OrganisationVersion.objects.filter(pk=lost.pk).update(lon=None, lat=None)

    proposal = planned(office())

    rows = {row.organisation_id: row for row in proposal.left_out.all()}
    row = rows.pop(lost.organisation_id)
    assert (row.code, row.lon) == (LeftOutCode.NO_POSITION, None)
    assert [one["text"] for one in row.helps] == ["在单位资料里补上楼宇园区或坐标后再测算。"]
    assert [other.code for other in rows.values()] == [LeftOutCode.TOO_FEW_NEAR]
    assert told(proposal).left_out == 2


def test_plan_attaches_to_branch_group_and_guide() -> None:
    street, _ = make_street_of(1, 1, 1)
    lone = make_candidate(street=street, members=0, north_m=150.0)
    served = make_candidate(street=street, members=0, north_m=3000.0)
    guide = registry.make_guide(capacity=2)
    registry.make_posting(served.organisation, person=guide)
    beside_guide = make_candidate(street=street, members=0, north_m=3050.0)
    covered = make_candidate(street=street, members=0, north_m=6000.0)
    branch = registry.make_party_organisation(covers=(covered.organisation,)).party_organisation
    beside_branch = make_candidate(street=street, members=0, north_m=6050.0)
    nobody = make_candidate(members=0, north_m=90000.0)

    proposal = planned(office())

    rows = {row.organisation_id: row for row in proposal.attachments.all()}
    assert rows[lone.organisation_id].group == proposal.groups.get()
    assert rows[beside_guide.organisation_id].person == guide
    assert rows[beside_guide.organisation_id].kind == AttachmentKind.INSTRUCTOR
    assert rows[beside_branch.organisation_id].party_organisation == branch
    assert rows[beside_branch.organisation_id].way_m == pytest.approx(50.0, abs=1.0)
    assert rows[nobody.organisation_id].kind == AttachmentKind.NONE
    assert rows[nobody.organisation_id].text == "3 公里内没有党组织、指导员或联络员，需选派。"
    found = told(proposal)
    assert (found.without_members, found.attached, found.unattached) == (4, 3, 1)


def test_plan_tells_where_all_places_are_taken() -> None:
    street, _ = make_street_of(1, 1, 1)
    for place in range(3):
        make_candidate(street=street, members=0, north_m=10.0 * place)

    proposal = planned(office(), branch_places=2)

    none = proposal.attachments.get(kind=AttachmentKind.NONE)
    assert none.text == "3 公里内的党组织、指导员和联络员名额已满，需增派。"


def test_plan_stores_answer_and_trail() -> None:
    make_street_of(1, 2)

    proposal = planned(office())

    assert proposal.state == ProposalState.READY
    assert proposal.objective_mm is not None
    assert proposal.bound_mm is not None
    assert proposal.objective_mm >= proposal.bound_mm
    assert (proposal.is_reproducible, proposal.solver_version != "") == (True, True)
    assert proposal.ledger_revision == ledger_revision()
    entry = AuditEntry.objects.get(action="coverage.plan")
    assert (entry.object_key, entry.changes_ledger) == (str(proposal.pk), False)
    assert entry.details["groups"] == 1


def test_plan_is_the_same_for_the_same_seed() -> None:
    make_street_of(1, 2, 1, 1, 2, 1, 1, 2, 1)

    assert rows_of(planned(office())) == rows_of(planned(office()))


def test_plan_of_nothing_is_ready() -> None:
    proposal = planned(office())

    assert proposal.state == ProposalState.READY
    assert told(proposal) == ProposalFigures(**dict.fromkeys(asdict(told(proposal)), 0))


def test_plan_stays_within_the_officers_street() -> None:
    mine, firms = make_street_of(1, 1, 1)
    make_street_of(1, 1, 1)

    proposal = planned(officer_of(mine))

    assert set(proposal.units.values_list("organisation_id", flat=True)) == {
        firm.organisation_id for firm in firms
    }
    assert told(proposal).base == 3


def test_plan_leaves_out_branches_of_their_own_and_adopted_ones() -> None:
    make_street_of(1, 2, 3)

    found = told(planned(office()))

    assert (found.candidates, found.own_branch, found.already_adopted) == (2, 1, 0)


@pytest.mark.parametrize("seed", range(3))
def test_figures_agree_with_the_coverage_table(seed: int) -> None:
    make_random_ledger(seed, size=40)
    for street in Area.objects.all():
        for viewer in (office(), officer_of(street)):
            found = told(planned(viewer, street))
            table = coverage_table(viewer, at=DAY, base=usual_base(DAY), by=Grouping.STREET)
            counts = {row.key: row for row in table.rows}.get(str(street.pk))
            if counts is None:
                assert found.base == 0
                continue
            assert found.base == counts.count(Slice.BASE)
            assert found.covered_before == counts.count(Slice.ORGANISATION)
            assert found.either_before == counts.count(Slice.EITHER)


@pytest.mark.parametrize("seed", range(3))
def test_figures_of_everything_agree_with_the_table_and_the_rows(seed: int) -> None:
    make_random_ledger(seed, size=40)
    make_street_of(1, 2, 1)

    proposal = planned(office())

    found = told(proposal)
    total = coverage_table(office(), at=DAY, base=usual_base(DAY)).total
    assert found.base == total.count(Slice.BASE)
    assert found.covered_before == total.count(Slice.ORGANISATION)
    assert found.either_before == total.count(Slice.EITHER)
    assert found.joined_units == proposal.units.count()
    assert found.candidates == found.joined_units + found.left_out
    assert found.left_out == proposal.left_out.count()
    assert found.without_members == proposal.attachments.count()
    assert found.covered_after == found.covered_before + found.joined_units
    assert found.either_after <= found.base


def test_figures_after_come_true_when_everything_is_done() -> None:
    street, _ = make_street_of(1, 1, 1)
    worked = make_candidate(street=street, members=1, north_m=400.0)
    registry.make_posting(worked.organisation)
    make_candidate(street=street, members=0, north_m=50.0)
    served = make_candidate(street=street, members=0, north_m=2_000.0)
    registry.make_posting(served.organisation, person=registry.make_guide(capacity=2))
    make_candidate(street=street, members=0, north_m=2_010.0)
    proposal = planned(office())

    kinds = set(proposal.attachments.values_list("kind", flat=True))
    assert kinds == {AttachmentKind.GROUP, AttachmentKind.INSTRUCTOR}
    for group in proposal.groups.all():
        covers = tuple(unit.organisation for unit in group.units.all())
        registry.make_party_organisation(covers=covers)
    guides = (AttachmentKind.INSTRUCTOR, AttachmentKind.LIAISON)
    for row in proposal.attachments.filter(kind__in=guides):
        registry.make_posting(row.organisation)

    total = coverage_table(office(), at=DAY, base=usual_base(DAY)).total
    found = told(proposal)
    assert total.count(Slice.ORGANISATION) == found.covered_after
    assert total.count(Slice.EITHER) == found.either_after


def test_plan_refuses_what_is_not_waiting() -> None:
    proposal = planned(office())

    with pytest.raises(NotPlannable, match="可采纳"):
        plan(proposal, by=office(), progress=Progress())

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.READY


def test_plan_keeps_the_reason_of_a_refusal() -> None:
    proposal = asked(office(), max_members=2)

    with pytest.raises(NotPlannable, match="下限"):
        plan(proposal, by=office(), progress=Progress())

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.FAILED
    assert "下限" in proposal.failure


def test_plan_is_refused_to_whoever_lost_the_role() -> None:
    proposal = asked(office())

    with pytest.raises(NotAllowed):
        plan(proposal, by=administrator(), progress=Progress())

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.FAILED


def test_plan_that_breaks_keeps_where_it_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    make_street_of(1, 2)
    proposal = asked(office())

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(running_module, "store", broken)
    with pytest.raises(ZeroDivisionError):
        plan(proposal, by=office(), progress=Progress())

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.FAILED
    assert "ZeroDivisionError" in proposal.failure
    assert not ProposedUnit.objects.exists()


def test_plan_can_be_cancelled_while_solving() -> None:
    make_street_of(1, 2, 1, 1, 2)
    proposal = asked(office())

    def cancel(done: int, total: int, note: str) -> None:
        if note == "编组测算":
            raise Cancelled

    with pytest.raises(Cancelled):
        plan(proposal, by=office(), progress=Progress(listener=cancel))

    proposal.refresh_from_db()
    assert (proposal.state, proposal.failure) == (ProposalState.CANCELLED, "")
    assert not ProposedUnit.objects.exists()


def test_plan_progress_runs_forward_to_the_end() -> None:
    make_street_of(1, 2, 1)
    seen: list[tuple[int, int]] = []
    proposal = asked(office())

    plan(
        proposal,
        by=office(),
        progress=Progress(listener=lambda done, total, note: seen.append((done, total))),
    )

    assert seen == sorted(seen)
    assert {total for _, total in seen} == {100}


def test_plan_run_again_leaves_nothing_of_a_half_result() -> None:
    _, firms = make_street_of(1, 2)
    proposal = asked(office())
    half = make_group(proposal, firms)

    plan(proposal, by=office(), progress=Progress())

    assert proposal.groups.get().pk != half.pk
    assert proposal.units.count() == 2


def test_plan_deleted_meanwhile_is_not_stored() -> None:
    make_street_of(1, 2)
    proposal = asked(office())
    again = BranchProposal.objects.get(pk=proposal.pk)
    proposal.delete()

    with pytest.raises(SettledMeanwhile, match="已被删除"):
        plan(again, by=office(), progress=Progress())

    assert not ProposedUnit.objects.exists()


def test_plan_keeps_what_another_worker_stored_first() -> None:
    make_street_of(1, 2)
    proposal = asked(office())
    late = BranchProposal.objects.get(pk=proposal.pk)
    first = rows_of(plan(proposal, by=office(), progress=Progress()))

    found = plan(late, by=office(), progress=Progress())

    assert found.state == ProposalState.READY
    assert rows_of(found) == first
    assert AuditEntry.objects.filter(action="coverage.plan").count() == 1


def test_plan_reads_again_when_the_ledger_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    revisions = iter((1, 2, 2, 2))
    monkeypatch.setattr(running_module, "ledger_revision", lambda: next(revisions))
    readings = []

    def counted(*args: object, **kwargs: object) -> object:
        readings.append(args)
        return candidates(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(running_module, "candidates", counted)

    assert planned(office()).ledger_revision == 2
    assert len(readings) == 2


def test_plan_gives_up_on_a_ledger_that_never_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    revisions = iter(range(100))
    monkeypatch.setattr(running_module, "ledger_revision", lambda: next(revisions))

    with pytest.raises(NotPlannable, match="频繁改动"):
        planned(office())
