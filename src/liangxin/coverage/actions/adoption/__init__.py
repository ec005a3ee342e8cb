"""From an adopted group to a founded branch: adopt, consent, approve, found, or withdraw."""

from liangxin.coverage.actions.adoption.adopting import (
    Adoption,
    RefusedGroup,
    adopt_groups,
)
from liangxin.coverage.actions.adoption.consenting import give_consent, refuse_consent
from liangxin.coverage.actions.adoption.establishing import (
    FirstPlace,
    approve,
    found,
    rename_establishment,
    withdraw,
)
from liangxin.coverage.actions.adoption.nominating import Nomination, nominate
from liangxin.coverage.actions.adoption.requesting import note_request

__all__ = [
    "Adoption",
    "FirstPlace",
    "Nomination",
    "RefusedGroup",
    "adopt_groups",
    "approve",
    "found",
    "give_consent",
    "nominate",
    "note_request",
    "refuse_consent",
    "rename_establishment",
    "withdraw",
]
