"""The facts of the ledger, dated."""

from liangxin.registry.models.areas import Area, Site
from liangxin.registry.models.merges import Distinction, LikelyPair, Merge, MergeStep
from liangxin.registry.models.organisations import MassPresence, Organisation, OrganisationVersion
from liangxin.registry.models.party import (
    MeetingPlace,
    PartyCoverage,
    PartyOrganisation,
    PartyOrganisationVersion,
    PartyRelation,
    Post,
)
from liangxin.registry.models.persons import (
    Employment,
    GuideService,
    PartyMembership,
    Person,
    Posting,
)
from liangxin.registry.models.provenance import Fact, Provenance
from liangxin.registry.models.reorganisations import Reorganisation, ReorganisationStep
from liangxin.registry.models.rules import DistrictRule
from liangxin.registry.models.search import SearchBlock, SearchIndex, SearchPosting

__all__ = [
    "Area",
    "Distinction",
    "DistrictRule",
    "Employment",
    "Fact",
    "GuideService",
    "LikelyPair",
    "MassPresence",
    "MeetingPlace",
    "Merge",
    "MergeStep",
    "Organisation",
    "OrganisationVersion",
    "PartyCoverage",
    "PartyMembership",
    "PartyOrganisation",
    "PartyOrganisationVersion",
    "PartyRelation",
    "Person",
    "Post",
    "Posting",
    "Provenance",
    "Reorganisation",
    "ReorganisationStep",
    "SearchBlock",
    "SearchIndex",
    "SearchPosting",
    "Site",
]
