"""What hangs on a Party organisation and has to be settled when it stands no longer."""

from dataclasses import dataclass
from datetime import date

from liangxin.registry.models import PartyCoverage, PartyOrganisationVersion, PartyRelation
from liangxin.registry.queries.periods import true_at


@dataclass(frozen=True)
class Following:
    """How many units, members and Party organisations depend on one."""

    units: int
    members: int
    branches: int


def following_from(party_organisation_id: int, *, at: date) -> Following:
    """Counts for whoever keeps the Party organisation; ask for no other."""
    held = PartyRelation.objects.filter(
        true_at(at),
        true_at(at, prefix="person__memberships__"),
        party_organisation_id=party_organisation_id,
    )
    below = PartyOrganisationVersion.objects.filter(true_at(at), parent_id=party_organisation_id)
    return Following(
        units=PartyCoverage.objects.filter(
            true_at(at), party_organisation_id=party_organisation_id
        ).count(),
        members=held.values("person_id").distinct().count(),
        branches=below.count(),
    )
