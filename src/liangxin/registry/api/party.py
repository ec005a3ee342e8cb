"""Party organisations, for programs."""

from datetime import date
from typing import Any

from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from liangxin.kernel.api import (
    REFUSED,
    ApiRequest,
    AtDay,
    DatedWindow,
    Key,
    Part,
    day,
    operation,
    part_of,
)
from liangxin.kernel.permissions import Permission
from liangxin.registry.models import PartyOrganisationVersion
from liangxin.registry.queries.party import covered_organisations, described_party_organisations
from liangxin.registry.terms import PartyKind

router = Router(tags=["党组织"])


class PartyOrganisationOut(Schema):
    """One Party organisation as it stood on a day."""

    id: int
    code: str | None
    name: str
    kind: PartyKind
    street_id: int | None
    street: str
    parent_id: int | None
    parent: str | None
    founded_date: date | None
    dissolved_date: date | None
    units: int | None = Field(description="涵盖单位数")


class UnitOut(Schema):
    """An organisation that a Party organisation covers."""

    organisation_id: int
    name: str
    uscc: str | None


class PartyFilter(DatedWindow):
    q: str = Field("", max_length=100)
    street_id: Key | None = None
    kind: PartyKind | None = None


@router.get("/party-organisations", response={200: Part[PartyOrganisationOut], **REFUSED})
@operation(Permission.SEE_LEDGER)
def list_party_organisations(request: ApiRequest, asked: Query[PartyFilter]) -> Any:
    """党组织名册，按名称排列。"""
    at = day(asked.at)
    found = described_party_organisations(request.viewer, at=at)
    for name in ("street_id", "kind"):
        if (value := getattr(asked, name)) is not None:
            found = found.filter(**{name: value})
    if asked.q.strip():
        found = found.filter(name__icontains=asked.q.strip())
    return part_of(found, window=asked, at=at, shown=_shown)


@router.get(
    "/party-organisations/{party_organisation_id}",
    response={200: PartyOrganisationOut, **REFUSED},
)
@operation(Permission.SEE_LEDGER)
def read_party_organisation(
    request: ApiRequest, party_organisation_id: Key, asked: Query[AtDay]
) -> Any:
    """一个党组织在某一天的情况。"""
    return _shown(_found(request, party_organisation_id, at=day(asked.at)))


@router.get(
    "/party-organisations/{party_organisation_id}/units",
    response={200: Part[UnitOut], **REFUSED},
)
@operation(Permission.SEE_LEDGER)
def list_units(request: ApiRequest, party_organisation_id: Key, asked: Query[DatedWindow]) -> Any:
    """党组织涵盖的单位。"""
    _found(request, party_organisation_id, at=day(asked.at))
    found = covered_organisations(
        request.viewer, party_organisation_id=party_organisation_id, at=day(asked.at)
    )
    return part_of(found, window=asked, at=day(asked.at), shown=_unit)


def _found(
    request: ApiRequest, party_organisation_id: int, *, at: date
) -> PartyOrganisationVersion:
    found = described_party_organisations(request.viewer, at=at)
    version = found.filter(party_organisation_id=party_organisation_id).first()
    if version is None:
        raise Http404
    return version


def _unit(version: Any) -> dict[str, Any]:
    return {
        "organisation_id": version.organisation_id,
        "name": version.name,
        "uscc": version.organisation.uscc,
    }


def _shown(version: Any) -> dict[str, Any]:
    identity = version.party_organisation
    return {
        "id": identity.pk,
        "code": identity.code,
        "name": version.name,
        "kind": version.kind,
        "street_id": version.street_id,
        "street": str(version.street or ""),
        "parent_id": version.parent_id,
        "parent": version.parent_name,
        "founded_date": identity.founded_date,
        "dissolved_date": identity.dissolved_date,
        "units": version.units or 0,
    }
