"""Which units a proposal bars from hosting a joint branch, as far as each viewer may see them."""

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.planning_scope import PLANNING_ROLES
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries import in_scope, true_at


def barred_units(viewer: Viewer, proposal: BranchProposal) -> list[OrganisationVersion]:
    """The barred units in the viewer's scope on the proposal's day, by name."""
    if not proposal.no_hosts:
        return []
    found = OrganisationVersion.objects.filter(
        true_at(proposal.at),
        in_scope(viewer, at=proposal.at, roles=PLANNING_ROLES),
        organisation_id__in=proposal.no_hosts,
    )
    return list(found.select_related("organisation").order_by("name", "organisation_id"))
