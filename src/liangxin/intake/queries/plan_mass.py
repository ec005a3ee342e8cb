"""Planning rows that say where a trade union or Youth League organisation stands."""

from liangxin.intake.queries.facts import Facts, Revision
from liangxin.intake.queries.ledger_organisations import Organisations
from liangxin.intake.queries.plan import Change, Plan, RowFault, SheetPlan
from liangxin.intake.queries.plan_organisations import older, out_of_scope
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.intake.queries.units import named_unit, reaches_unit
from liangxin.intake.terms import Outcome
from liangxin.registry.models import MassPresence
from liangxin.registry.terms import MassKind

COLUMNS = {"union": MassKind.UNION, "league": MassKind.LEAGUE}


class MassPlanner:
    """Plans the rows of union and League sheets against ledger and plan."""

    def __init__(self, plan: Plan, *, organisations: Organisations, facts: Facts) -> None:
        self.plan = plan
        self.organisations = organisations
        self.facts = facts
        facts.load(MassPresence, base=("organisation_id", "kind"))

    def plan_row(self, row: PackedRow, sheet: SheetPlan) -> None:
        """Decide what becomes of one row, and remember what it would write."""
        faults: list[RowFault] = []
        code = "uscc" if "uscc" in row.values else "name"
        entry = named_unit(
            row,
            sheet,
            faults,
            code=code,
            text=row.values[code],
            organisations=self.organisations,
            apart=self.plan.units_apart,
        )
        if entry is not None and (repeated := sheet.repeated(row, key=entry.key, code=code)):
            faults.append(repeated)
        if entry is None or faults:
            sheet.reject(row, faults)
        elif not reaches_unit(self.plan.reach, entry):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
        else:
            self._plan_presences(row, entry.key, sheet)

    def _plan_presences(self, row: PackedRow, key: int, sheet: SheetPlan) -> None:
        revisions = self.facts.differing(
            Revision(
                MassPresence,
                {"organisation_id": key, "kind": kind.value},
                {} if row.values[code] else None,
            )
            for code, kind in COLUMNS.items()
            if code in row.values
        )
        changes = [_change(revision) for revision in revisions]
        known_on = self.facts.newest(revisions)
        if known_on > self.plan.as_of:
            faults = [older(row, sheet, known_on, changes)]
            sheet.put_apart(row, outcome=Outcome.OLDER, faults=faults)
            return
        self.facts.apply(revisions)
        is_new = bool(revisions) and all(revision.values is not None for revision in revisions)
        if is_new:
            sheet.counts[Outcome.NEW] += 1
        else:
            sheet.keep(row, changes=changes)


def _change(revision: Revision) -> Change:
    title = MassKind(str(revision.base["kind"])).label
    return Change(title, *(("无", "有") if revision.values is not None else ("有", "无")))
