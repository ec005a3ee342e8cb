"""Local values of rules: set with a source and a first day, and given up again."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
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

    One that was to hold from that very day, today or later, was in force on no day yet: it is put right, and stays
    in the audit trail alone.
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
            summary += f"（更正原定的 {value_in_words(before.value, unit=unit)}）"
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


def take_back_district_rule(code: str, *, by: Viewer) -> None:
    """Give up a value that was to hold from a day to come; the one before it holds on. Raises NoLocalValue."""
    require(by, Permission.EDIT_RULES)
    rule = all_versions(code)[-1]
    with transaction.atomic():
        row = _open(code)
        if row is None or row.valid_from <= timezone.localdate():
            raise NoLocalValue(f"“{rule.title}”没有尚未执行的本区取值。")
        _forget(row)
        _ended_by(row).update(valid_to=None, ended_by=None)
        words = value_in_words(row.value, unit=rule.unit)
        summary = f"收回本区规则“{rule.title}”原定自 {row.valid_from} 起的取值 {words}"
        details = {"code": code, "value": row.value, "source": row.source}
        record("rule.take_back", by=by, summary=summary, about=row, details=details)


def _end_open(code: str, *, from_date: date, provenance: Provenance) -> DistrictRule | None:
    """Let the open value hold until a day, and return it; one that was to hold from that day goes whole."""
    row = _open(code)
    if row is None:
        if DistrictRule.objects.filter(code=code, valid_to__gt=from_date).exists():
            raise RulePrecedes(f"本区取值在 {from_date} 已经有过，新的日期不能早于它停用的那一天。")
        return None
    if from_date == row.valid_from >= timezone.localdate():
        _forget(row)
        _ended_by(row).update(ended_by=provenance)
        return row
    if from_date <= row.valid_from:
        raise RulePrecedes(_too_early(row))
    row.valid_to = from_date
    row.ended_by = provenance
    row.save(update_fields=["valid_to", "ended_by"])
    return row


def _open(code: str) -> DistrictRule | None:
    return DistrictRule.objects.select_for_update().filter(code=code, valid_to__isnull=True).first()


def _forget(row: DistrictRule) -> None:
    # By query: the audit trail still names the row by its key.
    DistrictRule.objects.filter(pk=row.pk).delete()


def _ended_by(row: DistrictRule) -> QuerySet[DistrictRule]:
    """The value that the setting of this one ended."""
    return DistrictRule.objects.filter(code=row.code, ended_by_id=row.provenance_id)


def _too_early(row: DistrictRule) -> str:
    told = f"现有的本区取值自 {row.valid_from} 起执行，新的日期应晚于这一天"
    if row.valid_from > timezone.localdate():
        return f"{told}；也可以先在“历次取值”里收回它。"
    return f"{told}。"


def _provenance(source: str, *, from_date: date, by: Viewer) -> Provenance:
    return Provenance.objects.create(
        kind=SourceKind.FORM,
        source=source[:120],
        as_of_date=from_date,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )
