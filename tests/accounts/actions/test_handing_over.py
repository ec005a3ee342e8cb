"""An account's grants, drafts and to-dos pass to a successor in one step, and nothing is lost."""

from datetime import date, timedelta

import pytest
from django.db import connection

from liangxin.accounts.actions import OwnAccount, handing_over, reactivate_user
from liangxin.accounts.actions.handing_over import UnfitSuccessor, hand_over
from liangxin.accounts.models import AccountEnd, RoleGrant
from liangxin.accounts.queries import viewer_of
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.establishments import establishments, waiting_consents
from liangxin.coverage.queries.proposals import proposals
from liangxin.intake.models import Batch
from liangxin.intake.queries.batches import batches
from liangxin.intake.terms import BatchState
from liangxin.kernel.catalogue import handovers
from liangxin.kernel.models import AuditEntry, Job, JobState, User
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.models import Area
from tests.factories.accounts import make_grant, make_user, viewer_for
from tests.factories.establishments import make_cross_street
from tests.factories.plans import make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import officer_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
TOMORROW = TODAY + timedelta(days=1)
ADMINISTRATOR = viewer_for(Role.ADMINISTRATOR)


@pytest.fixture
def street() -> Area:
    return make_area()


@pytest.fixture
def leaving(street: Area) -> User:
    return make_user(Role.COMMITTEE_OFFICER, over(street), username="leaving")


@pytest.fixture
def successor() -> User:
    return make_user(username="successor")


def over(street: Area) -> Scope:
    return Scope(ScopeKind.STREET, str(street.pk))


def make_batch(owner: User, state: BatchState = BatchState.DRY) -> Batch:
    return Batch.objects.create(source="市监局", as_of_date=TODAY, state=state, created_by=owner)


def test_grants_end_for_one_and_begin_for_the_other_on_the_same_day(
    leaving: User, successor: User
) -> None:
    held = viewer_of(leaving, at=TODAY).held

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    assert viewer_of(leaving, at=TODAY).held == frozenset()
    assert viewer_of(successor, at=TODAY).held == held
    assert viewer_of(leaving, at=TODAY - timedelta(days=1)).held == held


def test_drafts_and_to_dos_are_the_successors(leaving: User, successor: User, street: Area) -> None:
    batch, proposal = make_batch(leaving), make_proposal(created_by=leaving)
    host = make_area()
    establishment = make_cross_street(streets=(host, street), by=officer_of(host))
    to_do = list(waiting_consents(viewer_of(leaving, at=TODAY)))

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    after, gone = viewer_of(successor, at=TODAY), viewer_of(leaving, at=TODAY)
    assert (list(batches(after)), list(establishments(after))) == ([batch], [establishment])
    assert (len(to_do), list(waiting_consents(after))) == (1, to_do)
    assert (proposal in proposals(after), proposal in proposals(gone)) == (True, False)
    assert list(batches(gone)) == []


def test_what_was_done_stays_with_whoever_did_it(leaving: User, successor: User) -> None:
    settled = make_batch(leaving, BatchState.DISCARDED)

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    settled.refresh_from_db()
    assert settled.created_by == leaving


def test_queued_work_runs_with_the_successors_roles(leaving: User, successor: User) -> None:
    queued = Job.objects.create(
        kind="x", title="x", arguments={"user": leaving.pk, "batch": 1}, created_by=leaving
    )
    done = Job.objects.create(
        kind="x", title="x", arguments={"user": leaving.pk}, created_by=leaving, state=JobState.DONE
    )

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    queued.refresh_from_db()
    done.refresh_from_db()
    assert (queued.created_by, queued.arguments) == (successor, {"user": successor.pk, "batch": 1})
    assert (done.created_by, done.arguments) == (leaving, {"user": leaving.pk})


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.MEMBER, ScopeKind.OWN_RECORD), (Role.INSTRUCTOR, ScopeKind.ASSIGNED_FIRMS)],
)
def test_what_is_about_the_person_does_not_pass(
    role: Role, kind: ScopeKind, leaving: User, successor: User
) -> None:
    own = make_grant(leaving, role, Scope(kind, "9"))

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    own.refresh_from_db()
    assert (own.valid_to, RoleGrant.objects.filter(user=successor, role=role).count()) == (None, 0)


def test_a_role_that_the_successor_holds_is_not_doubled(
    leaving: User, successor: User, street: Area
) -> None:
    make_grant(successor, Role.COMMITTEE_OFFICER, over(street), valid_from=TOMORROW)

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    (held,) = RoleGrant.objects.filter(user=successor)
    assert (held.valid_from, held.valid_to) == (TODAY, None)


def test_a_role_that_begins_or_ends_later_keeps_its_days(leaving: User, successor: User) -> None:
    later = make_grant(leaving, Role.COMMITTEE_OFFICER, over(make_area()), valid_from=TOMORROW)
    ending = make_grant(leaving, Role.COMMITTEE_OFFICER, over(make_area()))
    RoleGrant.objects.filter(pk=ending.pk).update(valid_to=date(2026, 12, 31))

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    periods = RoleGrant.objects.filter(user=successor).values_list(
        "scope_key", "valid_from", "valid_to"
    )
    assert {(later.scope_key, TOMORROW, None), (ending.scope_key, TODAY, date(2026, 12, 31))} <= {
        *periods
    }
    later.refresh_from_db()
    assert later.valid_to == TOMORROW


def test_one_entry_stands_on_each_side(leaving: User, successor: User) -> None:
    make_batch(leaving)

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY, off_date=TOMORROW)

    entries = AuditEntry.objects.order_by("id").values_list("action", "object_key", "summary")
    assert list(entries) == [
        (
            "user.hand_over",
            str(leaving.pk),
            "leaving 把1 项角色、1 件未办结事项移交给 successor，账号自 2026-06-02 起停用",
        ),
        (
            "user.take_over",
            str(successor.pk),
            "successor 接手 leaving 的1 项角色、1 件未办结事项",
        ),
    ]


def test_an_account_ends_on_its_day_and_not_before(leaving: User, successor: User) -> None:
    own = make_grant(leaving, Role.MEMBER, Scope(ScopeKind.OWN_RECORD, "9"))

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY, off_date=TOMORROW)

    leaving.refresh_from_db()
    assert (leaving.is_active, len(viewer_of(leaving, at=TODAY).held)) == (True, 1)
    assert viewer_of(leaving, at=TOMORROW).held == frozenset()
    assert own.valid_to is None


def test_an_account_that_ends_today_is_switched_off(leaving: User, successor: User) -> None:
    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY, off_date=TODAY)

    leaving.refresh_from_db()
    assert (leaving.is_active, AccountEnd.objects.count()) == (False, 0)


def test_reactivating_takes_the_end_back(leaving: User, successor: User) -> None:
    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY, off_date=TOMORROW)

    reactivate_user(leaving, by=ADMINISTRATOR)

    assert AccountEnd.objects.count() == 0
    assert AuditEntry.objects.order_by("-id").values_list("action", flat=True)[0] == (
        "user.reactivate"
    )


def test_nobody_takes_over_from_themselves_or_when_switched_off(
    leaving: User, successor: User
) -> None:
    User.objects.filter(pk=successor.pk).update(is_active=False)

    for to in (leaving, successor):
        with pytest.raises(UnfitSuccessor):
            hand_over(leaving, to=to, by=ADMINISTRATOR, today=TODAY)


def test_nobody_switches_off_the_account_they_use(successor: User) -> None:
    account = make_user(Role.ADMINISTRATOR)

    with pytest.raises(OwnAccount):
        hand_over(
            account,
            to=successor,
            by=viewer_for(Role.ADMINISTRATOR, user=account),
            today=TODAY,
            off_date=TODAY,
        )


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
def test_only_whoever_manages_accounts_hands_over(
    role: Role, leaving: User, successor: User
) -> None:
    with pytest.raises(NotAllowed):
        hand_over(leaving, to=successor, by=viewer_for(role), today=TODAY)


def test_a_handover_that_breaks_leaves_everything_as_it_was(
    leaving: User, successor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make_batch(leaving)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(handing_over, "_record", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    batch.refresh_from_db()
    assert batch.created_by == leaving
    assert [grant.user for grant in RoleGrant.objects.filter(valid_to__isnull=True)] == [leaving]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_both_accounts_are_locked_while_they_change(leaving: User, successor: User) -> None:
    with connection.execute_wrapper(seen := _Seen()):
        hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    assert any("FOR UPDATE" in sql and "kernel_user" in sql for sql in seen.statements)


def test_every_app_says_what_it_hands_over() -> None:
    codes = {handover.code for handover in handovers()}

    assert codes >= {
        "coverage.establishments",
        "coverage.proposals",
        "intake.batches",
        "kernel.jobs",
    }


@pytest.mark.parametrize("handover", handovers(), ids=lambda one: one.code)
def test_every_handover_has_rows_of_a_field_that_holds_an_account(handover) -> None:  # type: ignore[no-untyped-def]
    model = handover.open_rows(0).model

    assert handover.title
    assert not handover.owner or model._meta.get_field(handover.owner).related_model is User


def test_proposals_of_others_stay(leaving: User, successor: User) -> None:
    other = make_proposal(created_by=make_user())

    hand_over(leaving, to=successor, by=ADMINISTRATOR, today=TODAY)

    assert BranchProposal.objects.get(pk=other.pk).created_by not in (leaving, successor)


class _Seen:
    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.statements.append(sql)
        return execute(sql, params, many, context)
