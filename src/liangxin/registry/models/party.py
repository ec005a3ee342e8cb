"""Party organisations: identity, dated versions, which organisations they cover, and their posts."""

from django.db import models

from liangxin.registry.models.areas import Area, Site
from liangxin.registry.models.organisations import Organisation
from liangxin.registry.models.persons import Person
from liangxin.registry.models.provenance import Fact, Provenance
from liangxin.registry.terms import PartyKind, PostKind


class PartyOrganisation(models.Model):
    """A Party organisation. Founded when `founded_date` is reached; None: proposed, covers nobody."""

    code = models.CharField("党组织编码", max_length=40, null=True, unique=True)
    founded_date = models.DateField("成立日期", null=True)
    dissolved_date = models.DateField("撤销日期", null=True)
    provenance = models.ForeignKey(Provenance, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField("演示数据", default=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(dissolved_date__isnull=True)
                | models.Q(dissolved_date__gt=models.F("founded_date")),
                name="party_organisation_dissolved_after_founded",
            ),
        )


class PartyOrganisationVersion(Fact):
    """Name, kind and place in the tree over one period."""

    party_organisation = models.ForeignKey(
        PartyOrganisation, on_delete=models.PROTECT, related_name="versions"
    )
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=16, choices=PartyKind)
    parent = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    street = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        ordering = ("name", "party_organisation_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("party_organisation",),
                condition=models.Q(valid_to__isnull=True),
                name="party_organisation_one_open_version",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True)
                | ~models.Q(parent=models.F("party_organisation")),
                name="party_organisation_not_own_parent",
            ),
        )
        indexes = (models.Index(fields=("name",)), models.Index(fields=("street",)))

    def __str__(self) -> str:
        return self.name


class PartyCoverage(Fact):
    """A Party organisation covers an organisation: its own branch, or a share in a joint one."""

    party_organisation = models.ForeignKey(
        PartyOrganisation, on_delete=models.PROTECT, related_name="coverages"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="party_coverages"
    )

    class Meta(Fact.Meta):
        ordering = ("party_organisation_id", "organisation_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("party_organisation", "organisation"),
                condition=models.Q(valid_to__isnull=True),
                name="party_coverage_one_open",
            ),
        )


class PartyRelation(Fact):
    """Where a member's Party relation is held: an organisation of this ledger, or elsewhere."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="party_relations")
    party_organisation = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="relations"
    )
    elsewhere = models.CharField("关系所在地", max_length=120, blank=True)

    class Meta(Fact.Meta):
        ordering = ("person_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(valid_to__isnull=True),
                name="party_relation_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(party_organisation__isnull=False, elsewhere="")
                | models.Q(party_organisation__isnull=True) & ~models.Q(elsewhere=""),
                name="party_relation_here_or_elsewhere",
            ),
        )


class Post(Fact):
    """Who holds a post in a Party organisation; a name alone where the person is not in the ledger."""

    party_organisation = models.ForeignKey(
        PartyOrganisation, on_delete=models.PROTECT, related_name="posts"
    )
    kind = models.CharField("职务", max_length=16, choices=PostKind)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="party_posts"
    )
    person_name = models.CharField("姓名", max_length=60)

    class Meta(Fact.Meta):
        ordering = ("party_organisation_id", "kind", "valid_from")


class MeetingPlace(Fact):
    """Where a Party organisation meets: at a site of the ledger, in words, or both."""

    party_organisation = models.ForeignKey(
        PartyOrganisation, on_delete=models.PROTECT, related_name="meeting_places"
    )
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField("会议地点", max_length=120, blank=True)

    class Meta(Fact.Meta):
        ordering = ("party_organisation_id", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("party_organisation",),
                condition=models.Q(valid_to__isnull=True),
                name="meeting_place_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(site__isnull=False) | ~models.Q(text=""),
                name="meeting_place_is_told",
            ),
        )

    def __str__(self) -> str:
        return " ".join(part for part in (self.site.name if self.site else "", self.text) if part)
