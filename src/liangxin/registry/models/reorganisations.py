"""Acts by which firms, streets and sites go on elsewhere, with what an undo needs."""

from typing import ClassVar

from django.db import models

from liangxin.kernel.fields import EncryptedTextField
from liangxin.kernel.models import User
from liangxin.registry.models.areas import Area, Site
from liangxin.registry.models.organisations import Organisation
from liangxin.registry.models.party import PartyOrganisation
from liangxin.registry.models.provenance import Provenance
from liangxin.registry.terms import STAYS, OnMerge, ReorganisationAct, ReorganisationState


class Reorganisation(models.Model):
    """One act: what went where on which day. While REQUESTED nothing has changed yet.

    Facts that it began have its provenance, facts that it ended are `ended_by` it; rows that it changed
    in place are its steps.
    """

    on_merge: ClassVar[dict[str, OnMerge]] = {"organisation": STAYS, "into_organisation": STAYS}
    act = models.CharField("事项", max_length=16, choices=ReorganisationAct)
    state = models.CharField(
        "状态", max_length=10, choices=ReorganisationState, default=ReorganisationState.DONE
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="departures"
    )
    into_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="departures")
    into_area = models.ForeignKey(
        Area, null=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="departures")
    into_site = models.ForeignKey(
        Site, null=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    # The joint branch that a firm leaves, or that is dissolved; and the one that it joins.
    party_organisation = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="departures"
    )
    into_party_organisation = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    on_date = models.DateField("生效日期")
    basis = models.CharField("依据", max_length=200)
    # Names as they stood on the day.
    name = models.CharField("对象", max_length=120)
    into_name = models.CharField("去向", max_length=120, blank=True)
    address = models.CharField("新地址", max_length=200, blank=True)
    provenance = models.ForeignKey(
        Provenance, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Rows begun and ended, by table (label_lower): what an undo must find as it was left.
    begun: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(
        "新起的记录", default=dict
    )
    ended: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(
        "终止的记录", default=dict
    )
    asked_at = models.DateTimeField("登记时间")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField("答复说明", max_length=200, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation",),
                condition=models.Q(state=ReorganisationState.REQUESTED),
                name="organisation_one_open_request",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=(ReorganisationState.REQUESTED, ReorganisationState.DECLINED),
                    provenance__isnull=True,
                )
                | models.Q(
                    state__in=(ReorganisationState.DONE, ReorganisationState.UNDONE),
                    provenance__isnull=False,
                ),
                name="reorganisation_told_when_done",
            ),
        )

    def __str__(self) -> str:
        into = f"（{self.into_name}）" if self.into_name else ""
        return f"{self.name}：{self.get_act_display()}{into}"

    @property
    def is_of_place(self) -> bool:
        """Whether it is about a street or a site, not a firm."""
        return self.area_id is not None and self.organisation_id is None


class ReorganisationStep(models.Model):
    """One row changed in place; `remembered` holds what it held before, and marks of what it holds now."""

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, related_name="steps"
    )
    position = models.PositiveIntegerField("次序")
    table = models.CharField("数据表", max_length=80)
    row_key = models.BigIntegerField("记录")
    remembered = EncryptedTextField("原内容")

    class Meta:
        ordering = ("reorganisation_id", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("reorganisation", "position"), name="reorganisation_step_once"
            ),
        )
