"""Looking for entries that stand twice, and remembering which look-alikes are not the same."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from liangxin.kernel import audit
from liangxin.kernel.jobs import Progress, enqueue, job_kind
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Distinction, LikelyPair
from liangxin.registry.queries.alike import (
    FoundPair,
    compared_organisations,
    compared_persons,
    organisation_pairs,
    person_pairs,
)
from liangxin.registry.queries.duplicates import likely_pairs
from liangxin.registry.queries.rules import rule_at

FIND = job_kind("registry.duplicates.find")
MAX_REASON = 200
ROWS_PER_STATEMENT = 500


class NoSuchPair(LookupError):
    """No such pair is listed for this viewer."""


def look_for_duplicates(*, by: Viewer) -> Job:
    """Queue a search of the whole ledger; one that waits or runs already is returned instead."""
    require(by, Permission.EDIT_LEDGER)
    waiting = Job.objects.filter(kind=FIND, state__in=(JobState.QUEUED, JobState.RUNNING))
    return waiting.first() or enqueue(FIND, by=by, title="查找重复记录", arguments={})


def find_duplicates(*, at: date, progress: Progress) -> dict[str, int]:
    """Search the ledger and replace the list of likely pairs by what was found, in one transaction."""
    limits = {
        "max_alike": int(str(rule_at("duplicates.max_alike", at=at).value)),
        "min_strength": int(str(rule_at("duplicates.min_strength", at=at).value)),
    }
    progress.step(0, 3, "正在比对单位")
    units = organisation_pairs(compared_organisations(), **limits)
    progress.step(1, 3, "正在比对人员")
    people = person_pairs(compared_persons(at=at), **limits)
    progress.step(2, 3, "正在保存")
    rows = [*_rows(units, "organisation"), *_rows(people, "person")]
    with transaction.atomic():
        LikelyPair.objects.all()._raw_delete(LikelyPair.objects.db)
        LikelyPair.objects.bulk_create(rows, batch_size=ROWS_PER_STATEMENT)
    progress.step(3, 3, "已完成")
    return {"organisations": len(units), "persons": len(people)}


def distinguish(pair_id: int, *, by: Viewer, reason: str, today: date) -> Distinction:
    """Decide that the two of a listed pair are not the same; raises NoSuchPair.

    The pair stays off the list until the facts that were compared change.
    """
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        pair = likely_pairs(by, at=today).select_for_update(of=("self",)).filter(pk=pair_id).first()
        if pair is None:
            raise NoSuchPair(pair_id)
        decided, _ = Distinction.objects.update_or_create(
            first_organisation_id=pair.first_organisation_id,
            second_organisation_id=pair.second_organisation_id,
            first_person_id=pair.first_person_id,
            second_person_id=pair.second_person_id,
            defaults={
                "basis": pair.basis,
                "reason": reason.strip()[:MAX_REASON],
                "decided_date": today,
                "decided_by_id": by.user_id,
            },
        )
        noun = "两条人员记录" if pair.first_person_id else "两家单位"
        audit.record(
            "duplicates.distinguish",
            by=by,
            summary=f"认定相似的{noun}不是同一个",
            about=decided,
            changes_ledger=False,
        )
    return decided


def _rows(pairs: Iterable[FoundPair], kind: str) -> list[LikelyPair]:
    return [
        LikelyPair(
            **{f"first_{kind}_id": pair.first.key, f"second_{kind}_id": pair.second.key},
            evidence=f",{','.join(sorted(pair.evidence))},",
            strength=pair.strength,
            basis=pair.basis,
        )
        for pair in pairs
    ]
