"""Who is named for the posts of a branch to be; at its founding, who was elected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from liangxin.coverage.actions.adoption.turns import as_it_stands, take_turn
from liangxin.coverage.actions.refusals import (
    MissingText,
    NotInThisState,
    OutsideScope,
    RefusedLeadership,
)
from liangxin.coverage.models import Establishment, Nominee
from liangxin.coverage.queries.establishments import is_open, is_planned_by
from liangxin.coverage.queries.post_candidates import leadership_rule, post_candidates
from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Person
from liangxin.registry.terms import PostKind

MAX_PERSON_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Nomination:
    """A person for a post; a name alone where the person is not in the ledger."""

    kind: PostKind
    person_name: str
    person: Person | None = None


def nominate(
    establishment: Establishment, nominations: Sequence[Nomination], *, by: Viewer, today: date
) -> Establishment:
    """Name people for the posts of a branch to be, in place of those named before.

    Raises NotAllowed, RefusedStep.
    """
    require(by, Permission.PLAN_BRANCHES)
    require(by, Permission.SEE_PEOPLE)
    with transaction.atomic():
        take_turn()
        held = as_it_stands(establishment)
        if not is_planned_by(by, held):
            raise OutsideScope("这件组建事项的牵头单位不在您负责的范围内。")
        if not is_open(held) or held.joins_branch:
            raise NotInThisState("只有正在组建的新支部才提名书记和委员。")
        put_nominees(held, nominations, by=by, today=today)
        audit.record(
            "establishment.nominate",
            by=by,
            summary=f"登记“{held.name}”的书记、委员人选",
            about=held,
            details={"persons": len(nominations)},
            changes_ledger=False,
        )
        return as_it_stands(held)


def put_nominees(
    held: Establishment, nominations: Sequence[Nomination], *, by: Viewer, today: date
) -> None:
    """Store who is named, as part of another act; raises RefusedLeadership, MissingText."""
    _refuse_strangers(held, nominations, by=by, today=today)
    _refuse_doubled(nominations)
    _refuse_against_rule(held, nominations, today=today)
    held.nominees.all().delete()
    Nominee.objects.bulk_create(
        Nominee(
            establishment=held,
            kind=one.kind,
            person=one.person,
            person_name="" if one.person else one.person_name.strip(),
        )
        for one in nominations
    )


def _refuse_strangers(
    held: Establishment, nominations: Sequence[Nomination], *, by: Viewer, today: date
) -> None:
    known = {one.person.pk for one in post_candidates(by, held, at=today)}
    for one in nominations:
        if one.person is not None and one.person.pk not in known:
            raise RefusedLeadership("人选应是所涵盖单位的正式党员，且在您的范围内。")
        name = one.person_name.strip()
        if one.person is None and not 0 < len(name) <= MAX_PERSON_NAME:
            raise MissingText(
                f"请填写姓名，不超过 {MAX_PERSON_NAME} 个字。", field="secretary_name"
            )


def _refuse_doubled(nominations: Sequence[Nomination]) -> None:
    persons = [one.person.pk for one in nominations if one.person is not None]
    if len(persons) != len(set(persons)):
        raise RefusedLeadership("同一个人只能担任一个职务。")
    if sum(one.kind == PostKind.SECRETARY for one in nominations) > 1:
        raise RefusedLeadership("书记只能有一名。")


def _refuse_against_rule(
    held: Establishment, nominations: Sequence[Nomination], *, today: date
) -> None:
    full = sum(unit.members for unit in held.units.all())
    led = leadership_rule(full, at=today)
    threshold, size = led.rules
    others = sum(one.kind == PostKind.COMMITTEE_MEMBER for one in nominations)
    if others and not led.has_committee:
        raise RefusedLeadership(
            f"正式党员 {full} 名，不足 {threshold.value} 名，不设支部委员会，"
            f"只设书记，必要时设副书记（{threshold.source}）。"
        )
    if led.has_committee and len(nominations) > led.most:
        raise RefusedLeadership(f"支部委员会最多 {led.most} 人（{size.source}）。")
