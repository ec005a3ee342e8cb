"""From an adopted group to a founded branch: adopt, consent, approve, found, or withdraw."""

from liangxin.coverage.actions.adoption.adopting import (
    Adoption,
    RefusedGroup,
    adopt_groups,
)
from liangxin.coverage.actions.adoption.consenting import give_consent, refuse_consent
from liangxin.coverage.actions.adoption.establishing import (
    approve,
    found,
    rename_establishment,
    withdraw,
)

__all__ = [
    "Adoption",
    "RefusedGroup",
    "adopt_groups",
    "approve",
    "found",
    "give_consent",
    "refuse_consent",
    "rename_establishment",
    "withdraw",
]
