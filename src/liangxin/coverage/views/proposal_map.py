"""The data of a proposal's map."""

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import condition

from liangxin.coverage.queries.edits import last_edit_number_of
from liangxin.coverage.queries.proposal_map import proposal_map as map_of
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.sites import street_outlines


def _etag(request: HttpRequest, proposal_id: int) -> str:
    # A stored proposal never changes, its draft does with each step, and what of both lies in a scope
    # may change with the ledger.
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    step = last_edit_number_of(proposal_id)
    key = repr((proposal_id, step, viewer.user_id, sorted(viewer.held), ledger_revision()))
    return f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'


@page(Permission.PLAN_BRANCHES)
@condition(etag_func=_etag)
def proposal_map(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """Groups as stars, units left out, and the outlines of the streets, as GeoJSON."""
    found = ready_proposal_or_404(request, proposal_id)
    data = {
        **map_of(request.viewer, found),
        "outlines": street_outlines(request.viewer, at=found.at),
    }
    response = JsonResponse(data)
    # Shared caches must never keep one viewer's scope for another; the browser asks again each time.
    response["Cache-Control"] = "private, no-cache"
    return response
