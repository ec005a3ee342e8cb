"""Two-new organisations: an identity that never changes, and dated versions of what is known."""

from typing import ClassVar

from django.db import models

from liangxin.kernel.fields import EncryptedTextField
from liangxin.registry.models.areas import Area, Site
from liangxin.registry.models.provenance import Fact, Provenance
from liangxin.registry.terms import (
    STAYS,
    MassKind,
    OnMerge,
    OrganisationKind,
    OrganisationStatus,
    SizeClassCode,
)


class Organisation(models.Model):
    """A non-public enterprise or social organisation; found by USCC, else by name and street."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"merged_into": STAYS}
    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, unique=True)
    provenance = models.ForeignKey(Provenance, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField("演示数据", default=False)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed"
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(uscc__isnull=True) | models.Q(uscc__regex=r"^[0-9A-Z]{18}$"),
                name="organisation_uscc_shape",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="organisation_not_merged_into_itself",
            ),
        )

    def __str__(self) -> str:
        return self.uscc or f"#{self.pk}"


class OrganisationVersion(Fact):
    """What is known of an organisation over one period."""

    # The indexes and constraints below begin with organisation, street and site already; every
    # further index lengthens the time for which a large import holds the lock.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    name = models.CharField("名称", max_length=120)
    name_initials = models.CharField("拼音首字母", max_length=120, blank=True)
    # The name without brackets, signs and legal form: where two spellings of one name meet.
    name_core = models.CharField("名称主干", max_length=120, blank=True)
    kind = models.CharField("类型", max_length=24, choices=OrganisationKind)
    status = models.CharField("登记状态", max_length=10, choices=OrganisationStatus)
    street = models.ForeignKey(
        Area, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    site = models.ForeignKey(
        Site, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    address = models.CharField("地址", max_length=200, blank=True)
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    industry_code = models.CharField("行业代码", max_length=4, blank=True)
    industry_section = models.CharField("行业门类", max_length=1, blank=True)
    employees = models.PositiveIntegerField("从业人数", null=True)
    revenue_wan = models.DecimalField(
        "营业收入（万元）", max_digits=16, decimal_places=2, null=True
    )
    size_class = models.CharField("规模", max_length=6, choices=SizeClassCode, blank=True)
    has_premises = models.BooleanField("有固定场所", null=True)
    has_activity = models.BooleanField("有经营活动", null=True)
    has_meeting_room = models.BooleanField("有会议场所", null=True)
    legal_representative = models.CharField("法定代表人", max_length=60, blank=True)
    supervisor = models.CharField("业务主管单位", max_length=120, blank=True)
    phone = EncryptedTextField("联系电话", blank=True)
    established_date = models.DateField("成立日期", null=True)

    class Meta(Fact.Meta):
        ordering = ("name", "organisation_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("organisation",),
                condition=models.Q(valid_to__isnull=True),
                name="organisation_one_open_version",
            ),
            models.UniqueConstraint(
                fields=("organisation", "valid_from"), name="organisation_version_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True)
                | models.Q(
                    lon__isnull=False, lat__isnull=False, lon__range=(73, 136), lat__range=(3, 54)
                ),
                name="organisation_coordinates_in_country",
            ),
        )
        indexes = (
            models.Index(fields=("name",)),
            models.Index(fields=("name_core",)),
            models.Index(
                fields=("legal_representative",),
                condition=models.Q(valid_to__isnull=True) & ~models.Q(legal_representative=""),
                name="organisation_by_legal_person",
            ),
            models.Index(fields=("street", "status")),
            # Few are closed, and whoever looks for what they left behind asks for them in all streets.
            models.Index(
                fields=("organisation",),
                condition=models.Q(status=OrganisationStatus.CLOSED),
                name="organisation_closed",
            ),
            models.Index(fields=("site", "street", "status")),
            # What an officer of one street reaches is asked for beside most lists, and counted by what follows:
            # read from the index alone, half as long as by looking up each of 30,000 rows.
            models.Index(
                fields=(
                    *("street", "valid_to", "valid_from", "organisation"),
                    *("status", "kind", "site", "employees"),
                ),
                name="organisation_in_street",
            ),
        )

    def __str__(self) -> str:
        return self.name


class MassPresence(Fact):
    """A trade union or Youth League organisation stands in the organisation."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="mass_presences"
    )
    kind = models.CharField("类别", max_length=6, choices=MassKind)

    class Meta(Fact.Meta):
        ordering = ("organisation_id", "kind", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("organisation", "kind"),
                condition=models.Q(valid_to__isnull=True),
                name="mass_presence_one_open",
            ),
        )
