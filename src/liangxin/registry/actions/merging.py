"""Taking one organisation or person into another: everything goes along, both histories stay."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.merge_steps import StepWriter
from liangxin.registry.actions.organisation_facts import apply_facts, facts_of
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.refusals import OutOfScope, RefusedChange
from liangxin.registry.models import (
    Merge,
    Organisation,
    OrganisationVersion,
    Person,
    Provenance,
)
from liangxin.registry.queries.changes import changed_fields
from liangxin.registry.queries.merge_fields import ABSORBED, SURVIVOR, columns_of
from liangxin.registry.queries.merge_plan import Carrying, MergePlan, NothingToMerge, merge_plan
from liangxin.registry.queries.merge_scope import mergeable_organisations, mergeable_persons

MIN_REASON = 2
MAX_REASON = 200


class ConflictNotChosen(RefusedChange):
    """Both entries have an open fact where only one can stand, and nobody chose."""


class CodesDiffer(RefusedChange):
    """Both entries have a code of their own, and nobody said that they are the same all the same."""


class GroundMoved(RefusedChange):
    """Something of the two changed after the page was opened."""


def merge_organisations(
    survivor: Organisation,
    absorbed: Organisation,
    *,
    by: Viewer,
    choices: Mapping[str, str],
    reason: str,
    based_on: str,
    today: date,
) -> Merge:
    """Take `absorbed` into `survivor` from today on; raises RefusedChange, NothingToMerge.

    `choices` names per field (FieldChoice.code) and per conflict (Carrying.key) the side that stays;
    "codes_differ" confirms two different codes. `based_on` is the fingerprint of the plan that was shown.
    """
    require(by, Permission.EDIT_LEDGER)
    return _merge(survivor, absorbed, by, choices, _checked(reason), (based_on, today))


def merge_persons(
    survivor: Person,
    absorbed: Person,
    *,
    by: Viewer,
    choices: Mapping[str, str],
    reason: str,
    based_on: str,
    today: date,
) -> Merge:
    """Take one person into another from today on; as `merge_organisations`."""
    require(by, Permission.EDIT_LEDGER)
    require(by, Permission.SEE_PEOPLE)
    return _merge(survivor, absorbed, by, choices, _checked(reason), (based_on, today))


@transaction.atomic
def _merge(
    survivor: Organisation | Person,
    absorbed: Organisation | Person,
    by: Viewer,
    choices: Mapping[str, str],
    reason: str,
    seen: tuple[str, date],
) -> Merge:
    based_on, today = seen
    told = told_by(by, source=f"合并：{reason}", as_of_date=today)
    plan = _held_plan(survivor, absorbed, by=by, today=today)
    if plan.fingerprint != based_on:
        raise GroundMoved("您打开页面以后，其中一条的资料有了变化，还没有合并。请核对后再办。")
    _refuse_unchosen(plan, choices)
    merge = _begun(plan, told=told, reason=reason, by=by)
    writer = StepWriter(merge, told, day=today)
    _carry_out(plan, choices, writer)
    writer.save()
    _record(merge, by=by)
    return merge


def _held_plan(
    survivor: Organisation | Person, absorbed: Organisation | Person, *, by: Viewer, today: date
) -> MergePlan:
    """The plan, both entries locked in the order of their keys; refuses what is out of scope."""
    model = type(survivor)
    keys = sorted({survivor.pk, absorbed.pk})
    held = {
        one.pk: one
        for one in model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    if len(held) != 2:
        raise NothingToMerge("请选择两条不同的记录。")
    plan = merge_plan(held[survivor.pk], held[absorbed.pk], day=today)
    kept = (
        mergeable_persons(by, at=today)
        if plan.is_of_persons
        else mergeable_organisations(by, at=today)
    )
    if kept.filter(pk__in=keys).count() != 2:
        raise OutOfScope("两条记录要都在您负责的范围内才能合并；跨范围的请由区级办理。")
    return plan


def _refuse_unchosen(plan: MergePlan, choices: Mapping[str, str]) -> None:
    open_ones = [one for one in plan.conflicts if choices.get(one.key) not in (SURVIVOR, ABSORBED)]
    if open_ones:
        names = "；".join(f"{one.title}（{one.words}／{one.rival_words}）" for one in open_ones)
        raise ConflictNotChosen(f"双方都有、只能留一条的，请先选定：{names}。")
    if plan.has_two_codes and not choices.get("codes_differ"):
        noun = "身份证号" if plan.is_of_persons else "统一社会信用代码"
        raise CodesDiffer(f"双方的{noun}不同，一般不是同一个；确认要合并的，请勾选“已核实”。")


def _begun(plan: MergePlan, *, told: Provenance, reason: str, by: Viewer) -> Merge:
    own, other = plan.names
    kind = "person" if plan.is_of_persons else "organisation"
    return Merge.objects.create(
        **{f"survivor_{kind}": plan.survivor, f"absorbed_{kind}": plan.absorbed},
        provenance=told,
        survivor_name=own,
        absorbed_name=other,
        reason=reason,
        merged_date=plan.day,
        merged_at=timezone.now(),
        merged_by_id=by.user_id,
    )


def _carry_out(plan: MergePlan, choices: Mapping[str, str], writer: StepWriter) -> None:
    for one in plan.carrying:
        _carry(one, choices.get(one.key, SURVIVOR), to=plan.survivor.pk, writer=writer)
    if isinstance(plan.survivor, Person) and isinstance(plan.absorbed, Person):
        _merge_identities(plan.survivor, plan.absorbed, _kept(plan, choices), writer)
    elif isinstance(plan.survivor, Organisation) and isinstance(plan.absorbed, Organisation):
        _merge_versions(plan, _kept(plan, choices), writer)
        _merge_codes(plan.survivor, plan.absorbed, takes_code=plan.takes_code, writer=writer)


def _carry(one: Carrying, kept: str, *, to: int, writer: StepWriter) -> None:
    if one.rivals and kept == SURVIVOR or one.is_repeated:
        writer.end(one.row)
        return
    for rival in one.rivals:
        writer.end(rival)
    writer.carry(one.row, column=one.relation.column, to=to)


def _kept(plan: MergePlan, choices: Mapping[str, str]) -> list[str]:
    """Names of the columns whose value comes from the absorbed entry."""
    return [
        name
        for field in plan.fields
        if not field.is_same and choices.get(field.code, field.kept) == ABSORBED
        for name in columns_of(field.code, is_of_persons=plan.is_of_persons)
    ]


def _merge_versions(plan: MergePlan, taken: list[str], writer: StepWriter) -> None:
    current, other = plan.survivor_version, plan.absorbed_version
    assert current is not None
    assert other is not None
    facts = replace(facts_of(current), **{name: getattr(other, name) for name in taken})
    merged = apply_facts(OrganisationVersion(organisation=current.organisation), facts)
    writer.end(other)
    if not changed_fields(current, merged):
        return
    if current.valid_from >= writer.day:
        names = [field.attname for field in merged._meta.concrete_fields]
        facts_only = {n: getattr(merged, n) for n in names if n not in _KEPT_OF_VERSION}
        told = {"provenance_id": writer.told.pk, "recorded_at": writer.told.recorded_at}
        writer.change(current, **facts_only, **told)
        return
    writer.end(current)
    writer.begin(merged, origin=current)


_KEPT_OF_VERSION = (
    "id",
    "organisation_id",
    "valid_from",
    "valid_to",
    "recorded_at",
    "provenance_id",
    "ended_by_id",
)


def _merge_codes(
    survivor: Organisation, absorbed: Organisation, *, takes_code: bool, writer: StepWriter
) -> None:
    taken = absorbed.uscc
    # The absorbed one lets go first: a code stands once in the table.
    if takes_code:
        writer.change(absorbed, merged_into_id=survivor.pk, uscc=None)
        writer.change(survivor, uscc=taken)
    else:
        writer.change(absorbed, merged_into_id=survivor.pk)
        writer.change(survivor)


def _merge_identities(
    survivor: Person, absorbed: Person, taken: list[str], writer: StepWriter
) -> None:
    values: dict[str, object] = {name: getattr(absorbed, name) for name in taken}
    if absorbed.id_index and not survivor.id_index:
        index = absorbed.id_index
        # The number itself stays with the absorbed one too: erasing it there is retention's business.
        writer.change(absorbed, merged_into_id=survivor.pk, id_index=None)
        values |= {"id_number": absorbed.id_number, "id_index": index}
    else:
        writer.change(absorbed, merged_into_id=survivor.pk)
    writer.change(survivor, **values)


def _checked(reason: str) -> str:
    words = reason.strip()
    if len(words) < MIN_REASON:
        raise RefusedChange(f"请写明合并的依据，至少 {MIN_REASON} 个字。")
    return words[:MAX_REASON]


def _record(merge: Merge, *, by: Viewer) -> None:
    """An entry on both: each history tells of the merge."""
    kind = "person" if merge.is_of_persons else "organisation"
    # No names of persons: readers of the trail may not be told who is a member.
    words = "合并两条人员记录" if merge.is_of_persons else str(merge)
    details = {"merge": merge.pk, "counts": merge.counts}
    for side in ("survivor", "absorbed"):
        audit.record(
            f"{kind}.merge",
            by=by,
            summary=f"{words}：{'保留方' if side == 'survivor' else '被并入方'}",
            about=getattr(merge, f"{side}_{kind}"),
            details=details,
        )
