"""Persons and what is true of them: work, Party membership, service as instructor or liaison."""

from typing import ClassVar

from django.db import models

from liangxin.kernel.fields import EncryptedTextField
from liangxin.registry.models.organisations import Organisation
from liangxin.registry.models.provenance import Fact, Provenance
from liangxin.registry.terms import STAYS, GuideRole, MemberStage, OnMerge, Position


class Person(models.Model):
    """Somebody the ledger knows; ID and phone numbers are sealed, `id_index` finds equal IDs."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"merged_into": STAYS}
    blind_indexes: ClassVar[dict[str, str]] = {"id_index": "id_number"}
    name = models.CharField("姓名", max_length=60)
    id_number = EncryptedTextField("身份证号", blank=True)
    id_index = models.CharField("身份证索引", max_length=32, null=True, unique=True)
    phone = EncryptedTextField("联系电话", blank=True)
    sex = models.CharField("性别", max_length=1, blank=True)
    provenance = models.ForeignKey(Provenance, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField("演示数据", default=False)
    # The day on which name and numbers were erased because their time was over.
    erased_date = models.DateField("清除日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed"
    )

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=("name",)),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="person_not_merged_into_itself",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Employment(Fact):
    """A person works in an organisation."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="employments"
    )
    position = models.CharField("岗位类别", max_length=12, choices=Position, blank=True)

    class Meta(Fact.Meta):
        ordering = ("person_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(valid_to__isnull=True),
                name="employment_one_open",
            ),
        )


class PartyMembership(Fact):
    """A person's stage as a Party member; stages before admission belong to member development."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    stage = models.CharField("人员类别", max_length=12, choices=MemberStage)
    joined_date = models.DateField("入党日期", null=True)
    full_date = models.DateField("转正日期", null=True)

    class Meta(Fact.Meta):
        ordering = ("person_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(valid_to__isnull=True),
                name="party_membership_one_open",
            ),
        )


class GuideService(Fact):
    """A person serves as instructor or liaison, with the number of firms they can take."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guide_services")
    role = models.CharField("类别", max_length=10, choices=GuideRole)
    home_unit = models.CharField("派出单位", max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField("可联系企业数", null=True)

    class Meta(Fact.Meta):
        ordering = ("person_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("person", "role"),
                condition=models.Q(valid_to__isnull=True),
                name="guide_service_one_open",
            ),
        )


class Posting(Fact):
    """An instructor or liaison is posted to an organisation."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="postings"
    )
    role = models.CharField("类别", max_length=10, choices=GuideRole)

    class Meta(Fact.Meta):
        ordering = ("organisation_id", "person_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("person", "organisation", "role"),
                condition=models.Q(valid_to__isnull=True),
                name="posting_one_open",
            ),
        )
