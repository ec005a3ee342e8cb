"""What each establishment waits for, from whom, and how far it has come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from liangxin.coverage.models import Consent, Establishment
from liangxin.coverage.queries.establishments import (
    establishments,
    is_founded_in_ledger,
    waiting_consents,
)
from liangxin.coverage.terms import ConsentState, EstablishmentState
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer

DISTRICT = "区委社会工作部（两新工委）"


class Turn(models.TextChoices):
    """What an establishment waits for; '' for one that waits for nothing."""

    CONSENT = "consent", "等会签"
    OBJECTION = "objection", "有街道不同意"
    APPROVAL = "approval", "等批复"
    FOUNDING = "founding", "等成立"
    NOTHING = "", ""


OPEN_TURNS = tuple(one for one in Turn if one is not Turn.NOTHING)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Whose turn it is, and in plain words what they are to do and why not something else."""

    turn: Turn
    whose: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the states on the way to a founded branch; `state` is done, now, later or ended."""

    title: str
    state: str
    day: date | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EstablishmentTasks:
    """How many things about establishments wait for a viewer, as the lists of the same name count."""

    consents: int
    to_approve: int
    to_found: int


def establishment_tasks(viewer: Viewer) -> EstablishmentTasks:
    """Answers asked of the viewer, approvals (for who approves), and foundings to be recorded."""
    found = establishments(viewer).order_by()
    approves = may(viewer, Permission.APPROVE_BRANCHES)
    return EstablishmentTasks(
        consents=waiting_consents(viewer).order_by().count(),
        to_approve=found.filter(turn_condition(Turn.APPROVAL)).count() if approves else 0,
        to_found=found.filter(turn_condition(Turn.FOUNDING)).count(),
    )


def turn(establishment: Establishment) -> Turn:
    """What it waits for; the same as `turn_condition` asks."""
    if establishment.state == EstablishmentState.APPROVED:
        return Turn.FOUNDING
    if establishment.state != EstablishmentState.PROPOSED:
        return Turn.NOTHING
    answers = {one.state for one in establishment.consents.all()}
    if ConsentState.REFUSED in answers:
        return Turn.OBJECTION
    return Turn.CONSENT if ConsentState.WAITING in answers else Turn.APPROVAL


def turn_condition(asked: Turn) -> Q:
    """A condition on Establishment: those that wait for this."""
    refused, waiting = _answered(ConsentState.REFUSED), _answered(ConsentState.WAITING)
    proposed = Q(state=EstablishmentState.PROPOSED)
    match asked:
        case Turn.OBJECTION:
            return proposed & Q(refused)
        case Turn.CONSENT:
            return proposed & ~Q(refused) & Q(waiting)
        case Turn.APPROVAL:
            return proposed & ~Q(refused) & ~Q(waiting)
        case Turn.FOUNDING:
            return Q(state=EstablishmentState.APPROVED)
        case _:
            return Q(state__in=(EstablishmentState.FOUNDED, EstablishmentState.WITHDRAWN))


def turn_in_words(establishment: Establishment) -> str:
    """What it waits for and from whom, in a few words; '' where it waits for nothing."""
    asked = turn(establishment)
    match asked:
        case Turn.CONSENT:
            return f"等{streets_answering(establishment, ConsentState.WAITING)}会签"
        case Turn.OBJECTION:
            return f"{streets_answering(establishment, ConsentState.REFUSED)}不同意，待协商"
        case Turn.APPROVAL:
            return "等区级批复"
        case _:
            return str(asked.label)


def streets_answering(establishment: Establishment, state: ConsentState) -> str:
    """The streets whose consent is in this state, one after another."""
    found = [one.street.name for one in establishment.consents.all() if one.state == state]
    return "、".join(found)


def next_step(establishment: Establishment) -> NextStep:
    """Whose turn it is and what they do; also why a later step is not open yet."""
    asked = turn(establishment)
    whose, text = _told(establishment, asked)
    if is_founded_in_ledger(establishment):
        day = establishment.party_organisation.founded_date
        text = f"党组织名册已记它于 {day} 成立，这里的手续还没有补齐。{text}"
    return NextStep(turn=asked, whose=whose, text=text)


def steps(establishment: Establishment) -> tuple[Step, ...]:
    """拟建, 已批复, 已成立 with dates and who; a withdrawn one ends with its withdrawal."""
    found = [
        _step(
            EstablishmentState.PROPOSED,
            establishment.adopted_date,
            establishment.adopted_by,
            "采纳联建方案",
        ),
        _step(
            EstablishmentState.APPROVED,
            establishment.approved_date,
            establishment.approved_by,
            establishment.approval_number,
        ),
    ]
    if establishment.state == EstablishmentState.WITHDRAWN:
        ended = Step(
            title=str(EstablishmentState.WITHDRAWN.label),
            state="ended",
            day=establishment.withdrawn_date,
            who=_name(establishment.withdrawn_by),
            note=establishment.withdrawn_reason,
        )
        return (*(one for one in found if one.day), ended)
    found.append(
        _step(
            EstablishmentState.FOUNDED,
            establishment.founded_date,
            establishment.founded_by,
            "计入组织覆盖" if establishment.founded_date else "成立后才计入组织覆盖",
        )
    )
    return tuple(_with_now(found))


def _with_now(found: list[Step]) -> list[Step]:
    done = [one for one in found if one.day]
    later = [one for one in found if not one.day]
    now = [Step(title=one.title, state="now", note=one.note) for one in later[:1]]
    return [*done, *now, *later[1:]]


def _step(state: EstablishmentState, day: date | None, who: User | None, note: str) -> Step:
    return Step(
        title=str(state.label),
        state="done" if day else "later",
        day=day,
        who=_name(who) if day else "",
        note=note,
    )


def _told(establishment: Establishment, asked: Turn) -> tuple[str, str]:
    street = establishment.street.name if establishment.street else "采纳的一方"
    match asked:
        case Turn.CONSENT:
            waiting = streets_answering(establishment, ConsentState.WAITING)
            return waiting, (
                f"单位分在几个街道，要各街道党工委都同意才能批复，现在还等{waiting}答复；区级也可以代为答复。"
            )
        case Turn.OBJECTION:
            refused = streets_answering(establishment, ConsentState.REFUSED)
            return refused, (
                f"{refused}不同意，所以还不能批复。协商一致后由该街道（或区级）改为同意，否则撤回本事项。"
            )
        case Turn.APPROVAL:
            return DISTRICT, (
                f"{street}送出请示，{DISTRICT}研究同意后登记批复日期和文号。批复以前不能登记成立。"
            )
        case Turn.FOUNDING:
            text = "批复已下。支部召开党员大会成立以后，登记成立日期；从那天起计入组织覆盖。"
            return street, text
        case _ if establishment.state == EstablishmentState.FOUNDED:
            return "", "已经成立，手续办完。今后的变化在党组织名册里登记。"
        case _:
            return "", "已经撤回，单位可以重新编入别的方案。"


def _answered(state: ConsentState) -> Exists:
    found: QuerySet[Consent, Any] = Consent.objects.filter(
        establishment_id=OuterRef("pk"), state=state
    )
    return Exists(found.order_by())


def _name(user: User | None) -> str:
    return str(user) if user else "系统"
