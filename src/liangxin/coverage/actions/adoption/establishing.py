"""What becomes of an adopted group: renamed, approved, founded; or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from liangxin.coverage.actions.adoption.nominating import Nomination, put_nominees
from liangxin.coverage.actions.adoption.turns import as_it_stands, take_turn
from liangxin.coverage.actions.refusals import (
    ConsentsMissing,
    MissingText,
    NameTaken,
    NotInThisState,
    OutsideScope,
    WrongDate,
)
from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.branch_names import MAX_NAME, plain, taken_names
from liangxin.coverage.queries.establishments import is_founded_in_ledger, is_open, is_planned_by
from liangxin.coverage.terms import ConsentState, EstablishmentState
from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.meeting_places import place_told
from liangxin.registry.actions.party_organisations import (
    extend_coverage,
    found_party_organisation,
    leave_coverages,
    rename_proposed_party_organisation,
    told_by,
    withdraw_proposed_party_organisation,
)
from liangxin.registry.actions.posts import FirstPost, begin_first_posts
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.models import Site
from liangxin.registry.terms import PostKind

MAX_NUMBER = 60
MAX_REASON = 200


def rename_establishment(
    establishment: Establishment, name: str, *, by: Viewer, today: date
) -> Establishment:
    """Give a branch to be another name, until it is approved; raises RefusedStep."""
    require(by, Permission.PLAN_BRANCHES)
    name = _told(name, field="name", title="党组织名称", longest=MAX_NAME)
    with transaction.atomic():
        take_turn()
        held = _ours(establishment, by=by)
        if held.joins_branch:
            raise NotInThisState("这一组并入现有支部，名称以该支部为准。")
        if held.state != EstablishmentState.PROPOSED or is_founded_in_ledger(held):
            raise NotInThisState(f"“{held.name}”{_state(held)}，批复以后不能改名。")
        if plain(name) in taken_names(apart_from=held):
            raise NameTaken(f"区里已有“{name}”，请另取名称。")
        told = told_by(by, source=f"“{held.name}”改名", as_of_date=today)
        rename_proposed_party_organisation(held.party_organisation, name, by=by, told=told)
        _record("establishment.rename", f"“{held.name}”改名为“{name}”", about=held, by=by)
        return _changed(held, name=name)


def approve(
    establishment: Establishment,
    *,
    by: Viewer,
    approved_date: date,
    approval_number: str,
    today: date,
) -> Establishment:
    """Record the superior's approval; all streets must have consented. Raises RefusedStep."""
    require(by, Permission.APPROVE_BRANCHES)
    number = _told(approval_number, field="approval_number", title="批复文号", longest=MAX_NUMBER)
    with transaction.atomic():
        take_turn()
        held = as_it_stands(establishment)
        if held.state != EstablishmentState.PROPOSED:
            raise NotInThisState(f"“{held.name}”{_state(held)}，不能批复。")
        _refuse_unanswered(held)
        span = (held.adopted_date, today)
        _refuse_outside(approved_date, field="approved_date", span=span, what="批复")
        _record("establishment.approve", f"批复组建“{held.name}”，文号{number}", about=held, by=by)
        return _changed(
            held,
            state=EstablishmentState.APPROVED,
            approved_date=approved_date,
            approval_number=number,
            approved_by_id=by.user_id,
        )


@dataclass(frozen=True, kw_only=True)
class FirstPlace:
    """Where the branch meets: a site of the ledger, words, or both."""

    site: Site | None = None
    text: str = ""


def found(
    establishment: Establishment,
    *,
    by: Viewer,
    founded_date: date,
    today: date,
    elected: Sequence[Nomination] | None = None,
    place: FirstPlace | None = None,
) -> Establishment:
    """Record the founding: from that day on the units count as covered by a joint branch.

    `elected` are the first secretary and whoever else was elected (None: those named before); a new
    branch needs a secretary. Units that another joint branch covered leave it on that day. Where a
    register has told of the founding already, the day must be that one. Raises RefusedStep.
    """
    require(by, Permission.PLAN_BRANCHES)
    with transaction.atomic():
        take_turn()
        held = _ours(establishment, by=by)
        if held.state != EstablishmentState.APPROVED or held.approved_date is None:
            raise NotInThisState(f"“{held.name}”{_state(held)}，批复以后才能记成立日期。")
        span = (held.approved_date, today)
        _refuse_outside(founded_date, field="founded_date", span=span, what="成立")
        if elected is not None and not held.joins_branch:
            put_nominees(held, elected, by=by, today=today)
        _refuse_without_secretary(held)
        _found_in_ledger(held, by=by, founded_date=founded_date, today=today)
        if not held.joins_branch:
            _begin_leadership(held, place, by=by, founded_date=founded_date)
        _record(
            "establishment.found",
            f"“{held.name}”于 {founded_date} 成立",
            about=held,
            by=by,
            changes_ledger=True,
        )
        held.units.update(is_open=False)
        return _changed(
            held,
            state=EstablishmentState.FOUNDED,
            founded_date=founded_date,
            founded_by_id=by.user_id,
        )


def withdraw(
    establishment: Establishment, *, by: Viewer, reason: str, today: date
) -> Establishment:
    """Take back what is not founded yet: its units are free to be planned again.

    The branch to be leaves the ledger's lists, unless a register has told meanwhile that it stands.
    Raises RefusedStep.
    """
    require(by, Permission.PLAN_BRANCHES)
    reason = _told(reason, field="reason", title="撤回原因", longest=MAX_REASON)
    with transaction.atomic():
        take_turn()
        held = _ours(establishment, by=by)
        if not is_open(held):
            raise NotInThisState(f"“{held.name}”{_state(held)}，不能撤回。")
        _leave_ledger(held, by=by, reason=reason, today=today)
        _record("establishment.withdraw", f"撤回“{held.name}”：{reason}", about=held, by=by)
        held.units.update(is_open=False)
        return _changed(
            held,
            state=EstablishmentState.WITHDRAWN,
            withdrawn_date=today,
            withdrawn_reason=reason,
            withdrawn_by_id=by.user_id,
        )


def _ours(establishment: Establishment, *, by: Viewer) -> Establishment:
    held = as_it_stands(establishment)
    if not is_planned_by(by, held):
        raise OutsideScope("这件组建事项的牵头单位（或所并入的支部）不在您负责的范围内。")
    return held


def _found_in_ledger(held: Establishment, *, by: Viewer, founded_date: date, today: date) -> None:
    told = told_by(by, source=f"“{held.name}”成立", as_of_date=founded_date)
    branch = held.party_organisation
    if held.joins_branch:
        units = [unit.organisation_id for unit in held.units.all()]
        extend_coverage(branch, units, by=by, told=told, from_date=founded_date)
    else:
        try:
            found_party_organisation(
                branch, by=by, told=told, founded_date=founded_date, today=today
            )
        except RefusedChange as error:
            raise WrongDate(str(error), field="founded_date") from error
    leaving = [
        (unit.from_branch_id, unit.organisation_id)
        for unit in held.units.all()
        if unit.from_branch_id is not None
    ]
    leave_coverages(leaving, by=by, told=told, on=founded_date)


def _refuse_without_secretary(held: Establishment) -> None:
    if held.joins_branch:
        return
    branch = held.party_organisation
    in_office = branch.posts.filter(kind=PostKind.SECRETARY, valid_to__isnull=True)
    if not held.nominees.filter(kind=PostKind.SECRETARY).exists() and not in_office.exists():
        raise MissingText("请选定首任书记；支部成立时就要有书记。", field="secretary")


def _begin_leadership(
    held: Establishment, place: FirstPlace | None, *, by: Viewer, founded_date: date
) -> None:
    told = told_by(by, source=f"“{held.name}”成立", as_of_date=founded_date)
    branch = held.party_organisation
    posts = [
        FirstPost(kind=PostKind(one.kind), person=one.person, person_name=one.name)
        for one in held.nominees.select_related("person")
    ]
    begin_first_posts(branch, posts, by=by, told=told, from_date=founded_date)
    if place is not None and (place.site or place.text.strip()):
        place_told(branch, site=place.site, text=place.text, told=told, from_date=founded_date)


def _leave_ledger(held: Establishment, *, by: Viewer, reason: str, today: date) -> None:
    if held.joins_branch:
        return
    told = told_by(by, source=f"撤回“{held.name}”：{reason}", as_of_date=today)
    branch = held.party_organisation
    if branch.founded_date is None:
        withdraw_proposed_party_organisation(branch, by=by, told=told, on=today)
        return
    # Told once more in our name: without it the undoing of the register would leave a branch to be
    # that nobody is establishing any more.
    found_party_organisation(
        branch, by=by, told=told, founded_date=branch.founded_date, today=today
    )


def _refuse_unanswered(held: Establishment) -> None:
    answers = list(held.consents.all())
    waiting = [one.street.name for one in answers if one.state == ConsentState.WAITING]
    refused = [one.street.name for one in answers if one.state == ConsentState.REFUSED]
    told = []
    if waiting:
        told.append(f"还在等{'、'.join(waiting)}答复")
    if refused:
        told.append(
            f"{'、'.join(refused)}不同意：协商一致后由该街道（或区级）改为同意，或者撤回本事项"
        )
    if told:
        raise ConsentsMissing(f"“{held.name}”跨街道，须会签同意才能批复。{'；'.join(told)}。")


def _refuse_outside(day: date, *, field: str, span: tuple[date, date], what: str) -> None:
    first, last = span
    if not first <= day <= last:
        text = f"{what}日期应在 {first} 至 {last} 之间。"
        raise WrongDate(text, field=field)


def _told(text: str, *, field: str, title: str, longest: int) -> str:
    text = text.strip()
    if not text:
        raise MissingText(f"请填写{title}。", field=field)
    if len(text) > longest:
        raise MissingText(f"{title}不能超过 {longest} 个字。", field=field)
    return text


def _state(held: Establishment) -> str:
    if is_founded_in_ledger(held):
        return f"在党组织名册中已记 {held.party_organisation.founded_date} 成立"
    return f"现在是“{held.get_state_display()}”状态"


def _changed(held: Establishment, **values: object) -> Establishment:
    Establishment.objects.filter(pk=held.pk).update(**values)
    return as_it_stands(held)


def _record(
    action: str, summary: str, *, about: Establishment, by: Viewer, changes_ledger: bool = False
) -> None:
    audit.record(
        action,
        by=by,
        summary=summary,
        about=about,
        changes_ledger=changes_ledger,
        touches=(audit.EVERYWHERE,),
    )
