"""Local values of rules: set with a source and a first day, and given up again."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import DistrictRule, Provenance
from liangxin.registry.queries.rules import value_in_words
from liangxin.registry.terms import SourceKind
from liangxin.rulebook import LocalRule, Value, all_versions, check_local_rule


class RulePrecedes(ValueError):
    """The day lies before the first day of the local value in force; said in Chinese."""


class NoLocalValue(ValueError):
    """The district has no open value of its own for this rule; said in Chinese."""


def set_district_rule(
    code: str, *, value: Value, source: str, from_date: date, by: Viewer
) -> DistrictRule:
    """Give a rule a local value from a day on; the value before it stays on record.

    One that was to hold from today was in force on no day yet: it is put right, and stays in the audit trail alone.
    Raises UnknownRule, InvalidLocalRule, RulePrecedes.
    """
    require(by, Permission.EDIT_RULES)
    check_local_rule(
        LocalRule(code=code, value=value, valid_from=from_date, valid_to=None, source=source)
    )
    title, unit = all_versions(code)[-1].title, all_versions(code)[-1].unit
    with transaction.atomic():
        provenance = _provenance(source, from_date=from_date, by=by)
        before = _end_open(code, from_date=from_date, provenance=provenance)
        row = DistrictRule.objects.create(
            code=code,
            value=list(value) if isinstance(value, tuple) else value,
            source=source,
            valid_from=from_date,
            recorded_at=provenance.recorded_at,
            provenance=provenance,
        )
        words = value_in_words(value, unit=unit)
        summary = f"本区规则“{title}”自 {from_date} 起为 {words}，依据：{source}"
        if before is not None and before.valid_from == from_date:
            summary += f"（更正今天录入的 {value_in_words(before.value, unit=unit)}）"
        record("rule.set", by=by, summary=summary, about=row, details={"code": code})
    return row


def end_district_rule(code: str, *, from_date: date, by: Viewer) -> None:
    """Go back to the national value from a day on. Raises NoLocalValue, RulePrecedes."""
    require(by, Permission.EDIT_RULES)
    title = all_versions(code)[-1].title
    with transaction.atomic():
        provenance = _provenance("停用本区取值", from_date=from_date, by=by)
        ended = _end_open(code, from_date=from_date, provenance=provenance)
        if ended is None:
            raise NoLocalValue(f"“{title}”没有正在执行的本区取值。")
        summary = f"本区规则“{title}”自 {from_date} 起停用，改按全国规定"
        details = {"code": code, "value": ended.value, "source": ended.source}
        record("rule.end", by=by, summary=summary, about=ended, details=details)


def _end_open(code: str, *, from_date: date, provenance: Provenance) -> DistrictRule | None:
    row = DistrictRule.objects.select_for_update().filter(code=code, valid_to__isnull=True).first()
    if row is None:
        return None
    if from_date == row.valid_from == timezone.localdate():
        DistrictRule.objects.filter(pk=row.pk).delete()
        return row
    if from_date <= row.valid_from:
        raise RulePrecedes(f"现有的本区取值自 {row.valid_from} 起执行，新的日期应晚于这一天。")
    row.valid_to = from_date
    row.ended_by = provenance
    row.save(update_fields=["valid_to", "ended_by"])
    return row


def _provenance(source: str, *, from_date: date, by: Viewer) -> Provenance:
    return Provenance.objects.create(
        kind=SourceKind.FORM,
        source=source[:120],
        as_of_date=from_date,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )
