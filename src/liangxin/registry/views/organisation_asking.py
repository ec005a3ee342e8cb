"""What the form asks while somebody types; each answers with a fragment."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.queries.industries import industries_like
from liangxin.registry.queries.likeness import AskedOrganisation, Likeness, likeness
from liangxin.registry.queries.sites import editable_streets, sites_of_street
from liangxin.standards.uscc import normalise_uscc

MAX_NAME, MAX_ADDRESS = 120, 200


@page(Permission.EDIT_LEDGER)
def site_options(request: ViewerRequest) -> HttpResponse:
    """The sites of the chosen street, as options."""
    street = (
        editable_streets(request.viewer).filter(pk=_number(request.GET.get("street", ""))).first()
    )
    sites = sites_of_street(street.pk) if street else ()
    return render(request, "registry/_site_options.html", {"sites": sites})


@page(Permission.EDIT_LEDGER)
def industry_options(request: ViewerRequest) -> HttpResponse:
    """Industries that fit what is typed, as options."""
    found = industries_like(request.GET.get("industry", "")[:80])
    return render(request, "registry/_industry_options.html", {"industries": found})


@page(Permission.EDIT_LEDGER)
def likeness_warning(request: ViewerRequest) -> HttpResponse:
    """Whether the ledger already holds such an organisation."""
    apart_from = _number(request.GET.get("apart_from", "")) or None
    found = likeness_asked(request, asked=request.GET, apart_from=apart_from)
    return render(request, "registry/_likeness.html", {"likeness": found, "own_id": apart_from})


def likeness_asked(request: ViewerRequest, *, asked: QueryDict, apart_from: int | None) -> Likeness:
    """What resembles the answers of a form, as far as they go."""
    return likeness(
        request.viewer,
        asked=AskedOrganisation(
            uscc=normalise_uscc(asked.get("uscc", "")),
            name=asked.get("name", "").strip()[:MAX_NAME],
            street_id=_number(asked.get("street", "")) or None,
            address=asked.get("address", "").strip()[:MAX_ADDRESS],
            legal_representative=asked.get("legal_representative", "").strip()[:MAX_NAME],
        ),
        at=timezone.localdate(),
        apart_from=apart_from,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
