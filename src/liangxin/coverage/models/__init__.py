"""Proposals of joint branches, and the branches that people make of them."""

from liangxin.coverage.models.curves import CurvePoint, TravelCurve
from liangxin.coverage.models.edits import KeptApart, ProposalEdit
from liangxin.coverage.models.establishments import (
    Consent,
    Establishment,
    EstablishmentUnit,
    Nominee,
)
from liangxin.coverage.models.proposals import (
    BranchProposal,
    LeftOutOrganisation,
    ProposedAttachment,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.models.targets import (
    DevelopmentQuota,
    DevelopmentTarget,
    TargetPlan,
    TargetUnit,
)

__all__ = [
    "BranchProposal",
    "Consent",
    "CurvePoint",
    "DevelopmentQuota",
    "DevelopmentTarget",
    "Establishment",
    "EstablishmentUnit",
    "KeptApart",
    "LeftOutOrganisation",
    "ProposalEdit",
    "Nominee",
    "ProposedAttachment",
    "ProposedGroup",
    "ProposedUnit",
    "TargetPlan",
    "TargetUnit",
    "TravelCurve",
]
