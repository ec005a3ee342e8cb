"""What was built on a batch after it was committed: an undo would tear it down."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from liangxin.intake.models import DisplacedPack
from liangxin.intake.queries.ledger_tables import FACTS, IDENTITIES
from liangxin.intake.queries.row_packs import opened_json
from liangxin.intake.terms import BatchState, DisplacedHow
from liangxin.registry.models import (
    Fact,
    Merge,
    MergeStep,
    OrganisationVersion,
    PartyOrganisationVersion,
    Person,
    Site,
)

MAX_NAMES = 200


def later_changes(provenance_key: int) -> list[str]:
    """Names of what others changed, ended, replaced or referred to since, each once, at most 200."""
    names: dict[str, None] = {}
    for name in _names(provenance_key):
        names.setdefault(name)
        if len(names) >= MAX_NAMES:
            break
    return list(names)


def _names(provenance_key: int) -> Iterator[str]:
    for fact in FACTS:
        ours = fact._base_manager.filter(provenance=provenance_key)
        changed = ours.filter(ended_by__isnull=False).exclude(ended_by=provenance_key)
        yield from _fact_names(changed)
        yield from _successors(fact, provenance_key)
    yield from _replaced(provenance_key)
    yield from _merged(provenance_key)
    for identity in IDENTITIES:
        yield from _told_again(identity, provenance_key)
        yield from _referring(identity, provenance_key)


def _successors(fact: type[Fact], provenance_key: int) -> Iterator[str]:
    """Versions that others opened where this batch had ended one."""
    if fact not in (OrganisationVersion, PartyOrganisationVersion):
        return
    subject = "organisation" if fact is OrganisationVersion else "party_organisation"
    ended = fact._base_manager.filter(ended_by=provenance_key)
    opened = fact._base_manager.filter(
        **{f"{subject}__in": ended.values(subject)}, valid_to__isnull=True
    )
    yield from _fact_names(opened.exclude(provenance=provenance_key))


def _replaced(provenance_key: int) -> Iterator[str]:
    later = DisplacedPack.objects.filter(
        provenance_key=provenance_key, batch__state=BatchState.COMMITTED
    )
    for row in later.select_related("batch")[:MAX_NAMES]:
        yield f"第{row.batch_id}批改动过的{_table_title(row.table)}"


def _merged(provenance_key: int) -> Iterator[str]:
    """Merges that took rows of this batch along; they are undone first."""
    steps = MergeStep.objects.filter(provenance_key=provenance_key, merge__undone_at__isnull=True)
    for merge in Merge.objects.filter(pk__in=steps.order_by().values("merge"))[:MAX_NAMES]:
        yield f"第{merge.pk}次合并" if merge.is_of_persons else f"{merge}（合并）"


def _told_again(identity: type[models.Model], provenance_key: int) -> Iterator[str]:
    """Names of what this batch changed in place and a later act has told of anew."""
    changed = identity._base_manager.filter(pk__in=_only_changed(identity, provenance_key))
    yield from _fact_names(changed.exclude(provenance=provenance_key))


def _referring(identity: type[models.Model], provenance_key: int) -> Iterator[str]:
    """Names of what this batch created and facts of others now refer to."""
    created = identity._base_manager.filter(provenance=provenance_key).exclude(
        pk__in=_only_changed(identity, provenance_key)
    )
    for relation in identity._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.one_to_many and relation.related_model):
            continue
        related: Any = relation.related_model
        if not hasattr(related, "provenance"):
            continue
        column = relation.field.name  # type: ignore[union-attr]
        others = related._base_manager.filter(**{f"{column}__in": created.values("pk")})
        yield from _fact_names(others.exclude(provenance=provenance_key))


def _only_changed(identity: type[models.Model], provenance_key: int) -> list[int]:
    """Keys of rows that bear the batch's provenance because it changed them: they were there before."""
    packs = DisplacedPack.objects.filter(
        batch__provenance=provenance_key, how=DisplacedHow.UPDATED, table=identity._meta.label
    )
    return [row["id"] for pack in packs for row in opened_json(pack.sealed)]


def _fact_names(rows: QuerySet[Any]) -> Iterator[str]:
    for row in rows.order_by("pk")[:MAX_NAMES]:
        yield _name(row)


def _name(row: models.Model) -> str:
    if isinstance(row, OrganisationVersion | PartyOrganisationVersion | Person | Site):
        return row.name
    for column, versions in (
        ("organisation_id", OrganisationVersion),
        ("party_organisation_id", PartyOrganisationVersion),
    ):
        is_itself = row._meta.model_name == column.removesuffix("_id").replace("_", "")
        key = row.pk if is_itself else getattr(row, column, None)
        if key is not None:
            subject = Q(**{column: key})
            version = versions._base_manager.filter(subject).order_by("-valid_from").first()
            return str(version) if version else f"#{key}"
    person: Person | None = getattr(row, "person", None)
    return person.name if person else str(row)


def _table_title(label: str) -> str:
    titles = {
        "registry.OrganisationVersion": "单位情况",
        "registry.Organisation": "单位",
        "registry.Site": "楼宇（园区）",
        "registry.Person": "人员",
        "registry.PartyOrganisation": "党组织",
    }
    return titles.get(label, "记录")
