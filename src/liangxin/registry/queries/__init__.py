"""What the ledger answers; everything about organisations or people takes a viewer."""

from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope, organisations_in_scope, reached_versions
from liangxin.registry.queries.versions import (
    organisation_versions,
    party_organisation_versions,
)

__all__ = [
    "in_scope",
    "organisation_versions",
    "organisations_in_scope",
    "reached_versions",
    "party_organisation_versions",
    "true_at",
]
