"""Two entries that were one and the same: merges with what an undo needs, and pairs that look alike."""

from typing import Any, ClassVar

from django.db import models

from liangxin.kernel.fields import EncryptedTextField
from liangxin.kernel.models import User
from liangxin.registry.models.organisations import Organisation
from liangxin.registry.models.persons import Person
from liangxin.registry.models.provenance import Provenance
from liangxin.registry.terms import STAYS, MergeHow, OnMerge


class Merge(models.Model):
    """One entry taken into another: two organisations or two persons; its steps undo it."""

    on_merge: ClassVar[dict[str, OnMerge]] = {
        "survivor_organisation": STAYS,
        "absorbed_organisation": STAYS,
        "survivor_person": STAYS,
        "absorbed_person": STAYS,
    }
    survivor_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="merges"
    )
    absorbed_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="absorptions"
    )
    survivor_person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="merges"
    )
    absorbed_person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="absorptions"
    )
    provenance = models.ForeignKey(Provenance, on_delete=models.PROTECT, related_name="+")
    # Names as they stood on the day: an entry made and merged on one day has no version left.
    survivor_name = models.CharField("保留", max_length=120)
    absorbed_name = models.CharField("并入", max_length=120)
    reason = models.CharField("依据", max_length=200)
    merged_date = models.DateField("合并日期")
    merged_at = models.DateTimeField("办理时间")
    merged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Rows carried over, by table (label_lower).
    counts: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(
        "带过来的记录", default=dict
    )
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    survivor_organisation__isnull=False,
                    absorbed_organisation__isnull=False,
                    survivor_person__isnull=True,
                    absorbed_person__isnull=True,
                )
                | models.Q(
                    survivor_organisation__isnull=True,
                    absorbed_organisation__isnull=True,
                    survivor_person__isnull=False,
                    absorbed_person__isnull=False,
                ),
                name="merge_of_two_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=("absorbed_organisation",),
                condition=models.Q(undone_at__isnull=True),
                name="organisation_absorbed_once",
            ),
            models.UniqueConstraint(
                fields=("absorbed_person",),
                condition=models.Q(undone_at__isnull=True),
                name="person_absorbed_once",
            ),
        )

    def __str__(self) -> str:
        return f"“{self.absorbed_name}”并入“{self.survivor_name}”"

    @property
    def is_of_persons(self) -> bool:
        return self.survivor_person_id is not None


class MergeStep(models.Model):
    """One row that a merge touched; `remembered` holds as JSON what an undo puts back."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField("次序")
    how = models.CharField("方式", max_length=10, choices=MergeHow)
    table = models.CharField("数据表", max_length=80)
    row_key = models.BigIntegerField("记录")
    # The row that a begun fact goes on from, and the source of a row that was taken out or changed.
    origin_key = models.BigIntegerField("接续的记录", null=True)
    provenance_key = models.BigIntegerField("原来源", null=True, db_index=True)
    remembered = EncryptedTextField("原内容", blank=True)

    class Meta:
        ordering = ("merge_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("merge", "position"), name="merge_step_once"),
        )


def _loose(to: type[models.Model]) -> "models.ForeignKey[Any, Any]":
    # No constraint in the database: undoing an import must be able to take its organisations out.
    return models.ForeignKey(
        to, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )


class Pair(models.Model):
    """Two organisations or two persons, the lower key first."""

    on_merge: ClassVar[dict[str, OnMerge]] = {
        "first_organisation": STAYS,
        "second_organisation": STAYS,
        "first_person": STAYS,
        "second_person": STAYS,
    }
    first_organisation = _loose(Organisation)
    second_organisation = _loose(Organisation)
    first_person = _loose(Person)
    second_person = _loose(Person)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=models.Q(
                    first_person__isnull=True,
                    second_person__isnull=True,
                    first_organisation__lt=models.F("second_organisation"),
                )
                | models.Q(
                    first_organisation__isnull=True,
                    second_organisation__isnull=True,
                    first_person__lt=models.F("second_person"),
                ),
                name="%(class)s_lower_key_first",
            ),
            models.UniqueConstraint(
                fields=("first_organisation", "second_organisation"),
                name="%(class)s_organisations_once",
            ),
            models.UniqueConstraint(
                fields=("first_person", "second_person"), name="%(class)s_persons_once"
            ),
        )


class LikelyPair(Pair):
    """A pair that the last search found alike; `evidence` holds codes of LikenessKind between commas."""

    evidence = models.CharField("理由", max_length=80)
    strength = models.PositiveSmallIntegerField("相像程度")
    # A digest of the facts compared: a decision about the pair holds while it stays the same.
    basis = models.CharField("依据摘要", max_length=32)

    class Meta(Pair.Meta):
        ordering = ("-strength", "id")
        indexes = (models.Index(fields=("-strength", "id")),)


class Distinction(Pair):
    """Somebody decided that the two are not the same; it holds until the facts compared change."""

    basis = models.CharField("依据摘要", max_length=32)
    reason = models.CharField("说明", max_length=200, blank=True)
    decided_date = models.DateField("认定日期")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Pair.Meta):
        ordering = ("-decided_date", "-id")
