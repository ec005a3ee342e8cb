"""The tables of the ledger that a batch writes: dated facts, and what they are about."""

from django.db import models

from liangxin.registry.models import (
    Employment,
    Fact,
    GuideService,
    MassPresence,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisation,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Post,
    Posting,
    Site,
)

FACTS: tuple[type[Fact], ...] = (
    Post,
    Posting,
    GuideService,
    PartyRelation,
    PartyMembership,
    Employment,
    MassPresence,
    PartyCoverage,
    PartyOrganisationVersion,
    OrganisationVersion,
)
# In the order in which they can be removed.
IDENTITIES: tuple[type[models.Model], ...] = (Person, PartyOrganisation, Organisation, Site)
