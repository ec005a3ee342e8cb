"""One change of many organisations: all or none, one act, undone exactly."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from liangxin.kernel.jobs import run_job
from liangxin.kernel.models import AuditEntry, JobState
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Viewer
from liangxin.registry import tasks
from liangxin.registry.actions import bulk_edit
from liangxin.registry.actions.bulk_edit import (
    REVISED,
    BulkDone,
    ListChanged,
    NotUndoable,
    queue_revision,
    revise_organisations,
    undo_revision,
)
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import OrganisationVersion, Provenance
from liangxin.registry.queries.bulk_edit import BulkChange, BulkPlan, bulk_plan
from tests.factories.accounts import make_user
from tests.factories.registry import START, make_area, make_organisation, make_site
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY, MAY = date(2026, 6, 1), date(2026, 5, 1)
PREMISES = BulkChange(field="has_premises", value=True, from_date=MAY)


def rows() -> list[dict[str, Any]]:
    return list(OrganisationVersion.objects.order_by("pk").values())


def planned(
    versions: Sequence[OrganisationVersion],
    change: BulkChange = PREMISES,
    *,
    by: Viewer | None = None,
) -> BulkPlan:
    keys = [one.organisation_id for one in versions]
    return bulk_plan(keys, change, by=by or office(), today=TODAY)


def revise(
    versions: Sequence[OrganisationVersion],
    change: BulkChange = PREMISES,
    *,
    by: Viewer | None = None,
) -> BulkDone:
    keys = [one.organisation_id for one in versions]
    digest = planned(versions, change, by=by).digest
    return revise_organisations(keys, change, by=by or office(), today=TODAY, digest=digest)


def test_a_plan_tells_what_changes_what_is_so_already_and_why_others_are_refused() -> None:
    street = make_area()
    site = make_site(street=street)
    moving = make_organisation(street=street)
    versions = [
        moving,
        make_organisation(site=site),
        make_organisation(),
        make_organisation(street=street, status="closed"),
        make_organisation(street=street, valid_from=MAY),
    ]
    change = BulkChange(field="site_id", value=site.pk, from_date=MAY)
    plan = planned(versions, change)

    assert [one.pk for one in plan.changing] == [moving.pk]
    assert plan.same == 1
    assert dict(plan.refused) == {
        "楼宇（园区）不在单位所在的街道": 1,
        "已注销、吊销或迁出": 1,
        "现有资料从那天或更晚的日子起才有，请换一个日期或逐家修改": 1,
    }


def test_fields_of_one_family_are_not_given_to_the_other() -> None:
    firm, society = make_organisation(), make_organisation(kind="association")
    supervisor = BulkChange(field="supervisor", value="民政局", from_date=MAY)
    assert [one.pk for one in planned([firm, society], supervisor).changing] == [society.pk]
    kind = BulkChange(field="kind", value="partnership", from_date=MAY)
    assert [one.pk for one in planned([firm, society], kind).changing] == [firm.pk]


def test_the_change_begins_on_its_day_and_leaves_all_else_as_it_was() -> None:
    before = make_organisation(phone="19900001234", employees=8, industry_code="6511")
    done = revise([before])

    old, new = OrganisationVersion.objects.order_by("valid_from")
    assert (old.valid_to, old.ended_by_id, old.has_premises) == (MAY, done.provenance_id, None)
    assert (new.valid_from, new.valid_to, new.provenance_id) == (MAY, None, done.provenance_id)
    own = {"id", "valid_from", "valid_to", "provenance_id", "ended_by_id", "recorded_at"}
    told = {field.attname for field in OrganisationVersion._meta.concrete_fields} - own
    differing = {name for name in told if getattr(old, name) != getattr(new, name)}
    assert differing == {"has_premises"}


def test_a_new_industry_brings_its_section_and_size() -> None:
    revise(
        [make_organisation(employees=8)],
        BulkChange(field="industry_code", value="6511", from_date=MAY),
    )
    new = OrganisationVersion.objects.get(valid_to__isnull=True)
    assert (new.industry_code, new.industry_section) == ("6511", "I")


def test_the_act_is_one_entry_and_one_provenance() -> None:
    versions = [make_organisation() for _ in range(3)]
    done = revise(versions)
    entry = AuditEntry.objects.get(action=REVISED)

    assert done.number == 3
    assert OrganisationVersion.objects.filter(provenance=done.provenance_id).count() == 3
    assert (entry.details["number"], entry.details["provenance"]) == (3, done.provenance_id)
    assert Provenance.objects.get(pk=done.provenance_id).source == "批量修改：有固定场所改为“是”"


def test_undoing_brings_back_every_column_of_every_row() -> None:
    versions = [make_organisation() for _ in range(3)]
    before = rows()
    done = revise(versions)
    act = Provenance.objects.get(pk=done.provenance_id)

    assert undo_revision(act, by=office()) == 3
    assert rows() == before
    with pytest.raises(OutOfScope):
        undo_revision(act, by=office())


def test_what_was_changed_since_is_not_undone() -> None:
    versions = [make_organisation() for _ in range(2)]
    done = revise(versions)
    later = BulkChange(field="has_premises", value=False, from_date=MAY + timedelta(days=3))
    revise(versions[:1], later)
    before = rows()

    with pytest.raises(NotUndoable):
        undo_revision(Provenance.objects.get(pk=done.provenance_id), by=office())
    assert rows() == before


def test_a_change_between_preview_and_saving_stops_all() -> None:
    versions = [make_organisation() for _ in range(2)]
    keys = [one.organisation_id for one in versions]
    digest = planned(versions).digest
    revise(versions[:1], BulkChange(field="has_activity", value=True, from_date=MAY))
    before = rows()

    with pytest.raises(ListChanged):
        revise_organisations(keys, PREMISES, by=office(), today=TODAY, digest=digest)
    assert rows() == before


def test_a_failure_in_the_middle_leaves_the_ledger_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    versions = [make_organisation() for _ in range(3)]
    before = rows()
    acts = Provenance.objects.count()

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(bulk_edit, "_record", fail)
    with pytest.raises(RuntimeError):
        revise(versions)
    assert (rows(), Provenance.objects.count()) == (before, acts)


def test_an_officer_changes_nothing_of_other_streets() -> None:
    here, outside = make_organisation(), make_organisation()
    assert here.street is not None
    officer = officer_of(here.street)
    plan = planned([here, outside], by=officer)

    assert ([one.pk for one in plan.changing], dict(plan.refused)) == (
        [here.pk],
        {"不在您负责的范围内，或已不在台账中": 1},
    )
    assert revise([here, outside], by=officer).number == 1
    assert outside.organisation.versions.count() == 1


def test_what_would_leave_the_officers_trade_is_not_saved() -> None:
    firm = make_organisation(industry_code="6511", industry_section="I")
    before = rows()
    with pytest.raises(OutOfScope):
        revise(
            [firm],
            BulkChange(field="industry_code", value="5211", from_date=MAY),
            by=officer_of("I"),
        )
    assert rows() == before


def test_owners_nothing_to_change_and_days_to_come_are_refused() -> None:
    firm = make_organisation()
    with pytest.raises(NotAllowed):
        revise([firm], by=owner_of(firm.organisation))
    with pytest.raises(NothingChanged):
        revise([make_organisation(has_premises=True)])
    with pytest.raises(FutureDate):
        revise(
            [firm],
            BulkChange(field="has_premises", value=True, from_date=TODAY + timedelta(days=1)),
        )
    assert firm.valid_from == START


def test_a_job_changes_them_once_even_when_it_runs_again() -> None:
    versions = [make_organisation() for _ in range(3)]
    user = make_user()
    by = Viewer(user.pk, user.username, "测试", office().held)
    keys = [one.organisation_id for one in versions]
    plan = bulk_plan(keys, PREMISES, by=by, today=TODAY)
    job = queue_revision(keys, PREMISES, by=by, digest=plan.digest)

    assert callable(tasks.revise_many_organisations)  # declares the function to the worker
    assert run_job(job.pk).state == JobState.DONE
    type(job).objects.filter(pk=job.pk).update(state=JobState.QUEUED, attempts=0)
    again = run_job(job.pk)
    assert (again.state, again.result["number"]) == (JobState.DONE, 3)
    assert AuditEntry.objects.filter(action=REVISED).count() == 1
