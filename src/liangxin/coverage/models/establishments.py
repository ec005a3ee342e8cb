"""Establishing a joint branch: adopted from a proposal, approved, founded; or withdrawn."""

from typing import ClassVar

from django.db import models

from liangxin.coverage.models.proposals import ProposedGroup
from liangxin.coverage.terms import ConsentState, EstablishmentState
from liangxin.kernel.models import User
from liangxin.registry.models import Area, Organisation, PartyOrganisation, Person
from liangxin.registry.terms import CARRIED, OnMerge, PostKind


class Establishment(models.Model):
    """组建事项: one adopted group on its way to a founded branch, with dates and who.

    The branch itself is `party_organisation` of the ledger: proposed until it gets its founded_date.
    For a group that joins a branch that stands, it is that branch.
    """

    group = models.ForeignKey(
        ProposedGroup, null=True, on_delete=models.SET_NULL, related_name="establishments"
    )
    party_organisation = models.ForeignKey(
        PartyOrganisation, on_delete=models.PROTECT, related_name="establishments"
    )
    joins_branch = models.BooleanField("并入现有支部", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=EstablishmentState, default=EstablishmentState.PROPOSED
    )
    name = models.CharField("拟建党组织名称", max_length=120)
    street = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.TextField("组建依据")
    adopted_date = models.DateField("采纳日期")
    adopted_at = models.DateTimeField("采纳时间")
    adopted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    request_date = models.DateField("请示日期", null=True)
    request_number = models.CharField("请示文号", max_length=60, blank=True)
    approved_date = models.DateField("批复日期", null=True)
    approval_number = models.CharField("批复文号", max_length=60, blank=True)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    founded_date = models.DateField("成立日期", null=True)
    founded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_date = models.DateField("撤回日期", null=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField("演示数据", default=False)

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(
                fields=("group",),
                condition=~models.Q(state=EstablishmentState.WITHDRAWN),
                name="establishment_group_adopted_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=EstablishmentState.PROPOSED,
                    approved_date__isnull=True,
                    founded_date__isnull=True,
                    withdrawn_date__isnull=True,
                )
                | models.Q(
                    state=EstablishmentState.APPROVED,
                    approved_date__isnull=False,
                    founded_date__isnull=True,
                    withdrawn_date__isnull=True,
                )
                | models.Q(
                    state=EstablishmentState.FOUNDED,
                    approved_date__isnull=False,
                    founded_date__isnull=False,
                    withdrawn_date__isnull=True,
                )
                | models.Q(
                    state=EstablishmentState.WITHDRAWN,
                    founded_date__isnull=True,
                    withdrawn_date__isnull=False,
                ),
                name="establishment_state_has_its_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_date__isnull=True)
                | models.Q(approved_date__gte=models.F("adopted_date")),
                name="establishment_approved_after_adopted",
            ),
            models.CheckConstraint(
                condition=models.Q(founded_date__isnull=True)
                | models.Q(founded_date__gte=models.F("approved_date")),
                name="establishment_founded_after_approved",
            ),
        )

    def __str__(self) -> str:
        return self.name


class EstablishmentUnit(models.Model):
    """An organisation that the branch is to cover; in one open establishment at a time."""

    on_merge: ClassVar[dict[str, OnMerge]] = {
        "organisation": OnMerge(is_carried=True, where=(("is_open", True),))
    }
    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="units")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="establishment_units"
    )
    is_host = models.BooleanField("牵头单位", default=False)
    name = models.CharField("名称", max_length=120)
    street = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    members = models.PositiveSmallIntegerField("正式党员数")
    to_transfer = models.PositiveSmallIntegerField("需转接组织关系人数")
    # The joint branch that the unit leaves on the day of the founding.
    from_branch = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # False once the establishment is founded or withdrawn: the unit is free to be planned again.
    is_open = models.BooleanField("办理中", default=True)

    class Meta:
        ordering = ("establishment_id", "-is_host", "name", "organisation_id")
        constraints = (
            models.UniqueConstraint(
                fields=("establishment", "organisation"), name="establishment_unit_once"
            ),
            models.UniqueConstraint(
                fields=("organisation",),
                condition=models.Q(is_open=True),
                name="organisation_in_one_open_establishment",
            ),
        )


class Nominee(models.Model):
    """Somebody whom the request names for a post of the branch to be; chosen by people alone."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"person": CARRIED}
    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="nominees"
    )
    kind = models.CharField("职务", max_length=16, choices=PostKind)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="nominations"
    )
    # Only of somebody who is not in the ledger: else a name would outlive its erasure there.
    person_name = models.CharField("姓名", max_length=60, blank=True)

    class Meta:
        ordering = ("establishment_id", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, person_name="")
                | models.Q(person__isnull=True) & ~models.Q(person_name=""),
                name="nominee_person_or_name",
            ),
            models.UniqueConstraint(
                fields=("establishment",),
                condition=models.Q(kind=PostKind.SECRETARY),
                name="nominee_one_secretary",
            ),
            models.UniqueConstraint(
                fields=("establishment", "person"), name="nominee_once_per_establishment"
            ),
        )

    @property
    def name(self) -> str:
        """What the person is called."""
        return self.person.name if self.person else self.person_name


class Consent(models.Model):
    """A street committee's consent to a branch that reaches into its street; the district's suffices."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="consents"
    )
    street = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        "状态", max_length=10, choices=ConsentState, default=ConsentState.WAITING
    )
    is_by_district = models.BooleanField("区级代为同意", default=False)
    note = models.CharField("意见", max_length=200, blank=True)
    decided_date = models.DateField("答复日期", null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("establishment_id", "street__code")
        constraints = (
            models.UniqueConstraint(
                fields=("establishment", "street"), name="consent_once_per_street"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ConsentState.WAITING, decided_date__isnull=True)
                | ~models.Q(state=ConsentState.WAITING) & models.Q(decided_date__isnull=False),
                name="consent_decided_has_date",
            ),
        )
