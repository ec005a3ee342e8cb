"""What undoing a merge would write, what it would leave as people have told since, and what stands against it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from liangxin.registry.models import Merge, MergeStep, Organisation, OrganisationVersion
from liangxin.registry.queries.merge_words import row_in_words, table_title
from liangxin.registry.queries.row_memory import mark, recalled, recalled_change
from liangxin.registry.terms import MergeHow


@dataclass(frozen=True)
class Write:
    """One row to write: `values` None takes it out; `is_new` puts a row back that was taken out."""

    model: type[Model]
    key: int
    values: dict[str, Any] | None
    is_new: bool = False


@dataclass
class UndoPlan:
    """Writes in their order, notes for the person, and obstacles: with any, nothing can be undone."""

    merge: Merge
    writes: list[Write] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)


def undo_plan(merge: Merge) -> UndoPlan:
    """Go through the steps of a merge from the last to the first and see what each needs."""
    plan = UndoPlan(merge)
    if merge.undone_at is not None:
        plan.obstacles.append("这次合并已经撤销过了。")
        return plan
    plan.obstacles += [f"后来又有合并：{later}。请先撤销后来的。" for later in later_merges(merge)]
    if not plan.obstacles:
        _Undoing(plan).run()
    return plan


def later_merges(merge: Merge) -> list[Merge]:
    """Merges after this one that touch one of its two and still hold, the newest first."""
    if merge.is_of_persons:
        pair = (merge.survivor_person_id, merge.absorbed_person_id)
        touching = Q(survivor_person__in=pair) | Q(absorbed_person__in=pair)
    else:
        pair = (merge.survivor_organisation_id, merge.absorbed_organisation_id)
        touching = Q(survivor_organisation__in=pair) | Q(absorbed_organisation__in=pair)
    later = Merge.objects.filter(touching, pk__gt=merge.pk, undone_at__isnull=True)
    return list(later.order_by("-id"))


class _Undoing:
    """One pass over the steps, last first."""

    def __init__(self, plan: UndoPlan) -> None:
        self.plan, self.merge = plan, plan.merge
        # Ends that others gave to facts the merge began: they pass to the facts those went on from.
        self.ends: dict[tuple[str, int], tuple[date | None, int | None]] = {}
        # Versions that stay ended, and the source of what was told in their place.
        self.replaced: dict[int, int] = {}
        self.released: set[str] = set()

    def run(self) -> None:
        handlers = {
            MergeHow.BEGUN: self._begun,
            MergeHow.ENDED: self._ended,
            MergeHow.REMOVED: self._removed,
            MergeHow.REPOINTED: self._repointed,
            MergeHow.CHANGED: self._changed,
        }
        for step in self.merge.steps.order_by("-position"):
            model = apps.get_model(step.table)
            row = model._base_manager.filter(pk=step.row_key).first()
            handlers[MergeHow(step.how)](step, model, row)

    def _begun(self, step: MergeStep, model: type[Model], row: Any) -> None:
        if row is None or row.provenance_id != self.merge.provenance_id:
            self._told_since(step, model, row)
            return
        wanted = recalled(model, step.remembered)["valid_to"]
        if row.valid_to != wanted:
            self.ends[step.table, step.origin_key or 0] = (row.valid_to, row.ended_by_id)
            self._note(f"“{row_in_words(row)}”合并后已于 {row.valid_to} 终止，撤销后仍到这一天为止")
        self.plan.writes.append(Write(model, row.pk, None))

    def _told_since(self, step: MergeStep, model: type[Model], row: Any) -> None:
        if model is not OrganisationVersion:
            words = row_in_words(row) if row is not None else table_title(step.table)
            self._obstacle(
                f"“{words}”在合并后被改写或换成了别的记录，分不清属于哪一方；请先撤销或更正后来的那次改动"
            )
            return
        told = (
            row
            or OrganisationVersion.objects.filter(
                organisation=self.merge.survivor_organisation_id, valid_from=self.merge.merged_date
            ).first()
        )
        self.replaced[step.origin_key or 0] = told.provenance_id if told else 0
        self._note(f"“{self.merge.survivor_name}”的资料在合并当天又改过，改后的内容留在保留方")

    def _ended(self, step: MergeStep, model: type[Model], row: Any) -> None:
        is_ours = row is not None and row.ended_by_id == self.merge.provenance_id
        if not is_ours or row.valid_to != self.merge.merged_date:
            self._obstacle(f"合并时终止的{table_title(step.table)}后来又有改动，不能恢复原状")
            return
        if step.row_key in self.replaced and model is OrganisationVersion:
            source = self.replaced[step.row_key]
            if source:
                self.plan.writes.append(Write(model, row.pk, {"ended_by_id": source}))
            return
        values = recalled(model, step.remembered)
        if (end := self.ends.get((step.table, step.row_key))) is not None:
            values = {"valid_to": end[0], "ended_by_id": end[1]}
        self.plan.writes.append(Write(model, row.pk, values))

    def _removed(self, step: MergeStep, model: type[Model], row: Any) -> None:
        if row is not None:
            self._obstacle(f"合并时取下的{table_title(step.table)}已另有记录占用")
            return
        self.plan.writes.append(
            Write(model, step.row_key, recalled(model, step.remembered), is_new=True)
        )

    def _repointed(self, step: MergeStep, model: type[Model], row: Any) -> None:
        values = recalled(model, step.remembered)
        survivor = self.merge.survivor_person_id or self.merge.survivor_organisation_id
        if row is None or any(getattr(row, name) != survivor for name in values):
            self._note(f"改到保留方名下的{table_title(step.table)}后来又改过，撤销时不再改动")
            return
        self.plan.writes.append(Write(model, row.pk, values))

    def _changed(self, step: MergeStep, model: type[Model], row: Any) -> None:
        before, after = recalled_change(model, step.remembered)
        if model is OrganisationVersion:
            self._changed_version(step, row, before)
            return
        if row is None:
            self._obstacle(f"{table_title(step.table)}已不在台账中")
            return
        kept = {name for name in before if mark(getattr(row, name)) != after[name]}
        for name in sorted(kept):
            title = row._meta.get_field(name.removesuffix("_id")).verbose_name
            self._note(f"{title}在合并后又改过，改后的内容留在保留方")
        values = {name: value for name, value in before.items() if name not in kept}
        self._check_code(row, values)
        if values:
            self.plan.writes.append(Write(model, row.pk, values))

    def _changed_version(self, step: MergeStep, row: Any, before: dict[str, Any]) -> None:
        if row is None or row.provenance_id != self.merge.provenance_id:
            self._note(f"“{self.merge.survivor_name}”的资料在合并当天又改过，改后的内容留在保留方")
            return
        self.plan.writes.append(Write(OrganisationVersion, step.row_key, before))

    def _check_code(self, row: Any, values: dict[str, Any]) -> None:
        """A credit code goes back only if nobody else bears it once the survivor has let go of it."""
        if not isinstance(row, Organisation) or "uscc" not in values:
            return
        if row.uscc and values["uscc"] is None:
            self.released.add(row.uscc)
        wanted = values["uscc"]
        if wanted and wanted not in self.released:
            taken = Organisation.objects.filter(uscc=wanted).exclude(pk=row.pk)
            if taken.exists():
                self._obstacle(f"统一社会信用代码 {wanted} 现在记在别的单位名下，不能还给被并入方")

    def _note(self, words: str) -> None:
        if words not in self.plan.notes:
            self.plan.notes.append(words)

    def _obstacle(self, words: str) -> None:
        if words not in self.plan.obstacles:
            self.plan.obstacles.append(words)
