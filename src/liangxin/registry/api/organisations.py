"""Organisations: read, told anew, closed, confirmed."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictBool

from liangxin.kernel.api import (
    REFUSED,
    ApiRequest,
    AtDay,
    DatedWindow,
    Day,
    Key,
    Part,
    ToldKey,
    day,
    operation,
    part_of,
)
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.organisation_facts import OrganisationFacts
from liangxin.registry.actions.organisations import (
    close_organisation,
    confirm_organisation,
    create_organisation,
    edition,
    revise_organisation,
)
from liangxin.registry.forms.organisation import OrganisationForm
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries import organisation_versions
from liangxin.registry.queries.changes import version_steps
from liangxin.registry.queries.organisations import (
    editable_versions,
    organisation_history,
    organisation_search,
)
from liangxin.registry.queries.sites import editable_streets
from liangxin.registry.terms import OrganisationKind, OrganisationStatus
from liangxin.standards.phone import mask_phone

router = Router(tags=["单位"])


class OrganisationOut(Schema):
    """One organisation as it stood on a day; the phone is masked."""

    id: int
    edition: str = Field(description="修改时原样带回；期间有人改过则被拒绝")
    uscc: str | None
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    street_id: int | None
    street: str
    site_id: int | None
    site: str
    address: str
    lon: float | None
    lat: float | None
    industry_code: str
    employees: int | None
    revenue_wan: Decimal | None
    size_class: str
    has_premises: bool | None
    has_activity: bool | None
    has_meeting_room: bool | None
    legal_representative: str
    supervisor: str
    phone: str
    established_date: date | None
    valid_from: date
    valid_to: date | None
    source: str
    source_as_of: date


class StepOut(Schema):
    """One version in the life of an organisation, and what it changed in words."""

    valid_from: date
    valid_to: date | None
    source: str
    changes: list[str]


class OrganisationIn(Schema):
    """What is told of an organisation; the same rules as on the form."""

    uscc: str = Field("", max_length=40)
    name: str = Field(min_length=1, max_length=120)
    kind: OrganisationKind
    status: OrganisationStatus
    street_id: ToldKey
    site_id: ToldKey | None = None
    address: str = Field("", max_length=200)
    industry: str = Field("", max_length=80, description="代码或名称")
    employees: int | None = Field(None, ge=0, le=1_000_000, strict=True)
    revenue_wan: Decimal | None = Field(None, ge=0, le=10**13)
    has_premises: StrictBool | None = None
    has_activity: StrictBool | None = None
    has_meeting_room: StrictBool | None = None
    legal_representative: str = Field("", max_length=60)
    supervisor: str = Field("", max_length=120)
    phone: str = Field("", max_length=40, description="留空为不变")
    established_date: Day | None = None
    lon: float | None = Field(None, ge=73, le=136)
    lat: float | None = Field(None, ge=3, le=54)
    valid_from: Day = Field(description="从哪一天起")


class NewOrganisation(OrganisationIn):
    is_not_the_same: StrictBool = Field(False, description="已核对：与同名单位不是同一家")


class RevisedOrganisation(OrganisationIn):
    edition: str = Field(max_length=60)
    may_precede: StrictBool = Field(False, description="补录历史")


class Closing(Schema):
    edition: str = Field(max_length=60)
    closed_date: Day
    reason: str = Field(min_length=2, max_length=100)


class Confirming(Schema):
    edition: str = Field(max_length=60)


class Unusable(ValueError):
    """A told value does not pass the form's check; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class OrganisationFilter(DatedWindow):
    q: str = Field("", max_length=100, description="名称、拼音首字母或信用代码")
    street_id: Key | None = None
    status: OrganisationStatus | None = None
    kind: OrganisationKind | None = None


@router.get("/organisations", response={200: Part[OrganisationOut], **REFUSED})
@operation(Permission.SEE_LEDGER)
def list_organisations(request: ApiRequest, asked: Query[OrganisationFilter]) -> Any:
    """单位台账，按名称排列。"""
    at = day(asked.at)
    found = organisation_versions(request.viewer, at=at)
    for name in ("street_id", "status", "kind"):
        if (value := getattr(asked, name)) is not None:
            found = found.filter(**{name: value})
    if asked.q.strip():
        found = found.filter(organisation_search(asked.q.strip()))
    return part_of(found, window=asked, at=at, shown=_shown)


@router.get("/organisations/{organisation_id}", response={200: OrganisationOut, **REFUSED})
@operation(Permission.SEE_LEDGER)
def read_organisation(request: ApiRequest, organisation_id: Key, asked: Query[AtDay]) -> Any:
    """一家单位在某一天的资料。"""
    found = organisation_versions(request.viewer, at=day(asked.at))
    version = found.filter(organisation_id=organisation_id).first()
    if version is None:
        raise Http404
    return _shown(version)


@router.get("/organisations/{organisation_id}/history", response={200: list[StepOut], **REFUSED})
@operation(Permission.SEE_LEDGER)
def read_history(request: ApiRequest, organisation_id: Key, asked: Query[AtDay]) -> Any:
    """一家单位到某一天为止的历次变化。"""
    versions = organisation_history(
        request.viewer, organisation_id=organisation_id, at=day(asked.at)
    )
    if not versions:
        raise Http404
    return [
        {
            "valid_from": step.version.valid_from,
            "valid_to": step.version.valid_to,
            "source": str(step.version.provenance),
            "changes": [f"{one.title}：{one.before} → {one.after}" for one in step.changes],
        }
        for step in version_steps(versions)
    ]


@router.post("/organisations", response={201: OrganisationOut, **REFUSED})
@operation(Permission.EDIT_LEDGER, writes=True)
def make_organisation(request: ApiRequest, told: NewOrganisation) -> Any:
    """新建单位。"""
    version = create_organisation(
        _facts(request, told, version=None),
        by=request.viewer,
        valid_from=told.valid_from,
        today=timezone.localdate(),
        is_not_the_same=told.is_not_the_same,
    )
    return Status(201, _shown(version))


@router.put("/organisations/{organisation_id}", response={200: OrganisationOut, **REFUSED})
@operation(Permission.EDIT_LEDGER, writes=True)
def change_organisation(
    request: ApiRequest, organisation_id: Key, told: RevisedOrganisation
) -> Any:
    """修改单位资料，从某一天起生效。"""
    version = _editable(request, organisation_id)
    saved = revise_organisation(
        version.organisation,
        _facts(request, told, version=version),
        by=request.viewer,
        based_on=told.edition,
        valid_from=told.valid_from,
        today=timezone.localdate(),
        may_precede=told.may_precede,
    )
    return _shown(saved)


@router.post("/organisations/{organisation_id}/close", response={200: OrganisationOut, **REFUSED})
@operation(Permission.EDIT_LEDGER, writes=True)
def end_organisation(request: ApiRequest, organisation_id: Key, told: Closing) -> Any:
    """登记注销、吊销或迁出。"""
    version = _editable(request, organisation_id)
    saved = close_organisation(
        version.organisation,
        by=request.viewer,
        based_on=told.edition,
        closed_date=told.closed_date,
        reason=told.reason,
        today=timezone.localdate(),
    )
    return _shown(saved)


@router.post("/organisations/{organisation_id}/confirm", response={204: None, **REFUSED})
@operation(Permission.EDIT_LEDGER, writes=True)
def say_unchanged(request: ApiRequest, organisation_id: Key, told: Confirming) -> Any:
    """核对无误：到今天资料没有变化。"""
    version = _editable(request, organisation_id)
    confirm_organisation(
        version.organisation,
        by=request.viewer,
        based_on=told.edition,
        today=timezone.localdate(),
    )
    return Status(204, None)


def _editable(request: ApiRequest, organisation_id: int) -> OrganisationVersion:
    found = editable_versions(request.viewer, at=timezone.localdate())
    version = found.filter(organisation_id=organisation_id).first()
    if version is None:
        raise Http404
    return version


def _facts(
    request: ApiRequest, told: OrganisationIn, *, version: OrganisationVersion | None
) -> OrganisationFacts:
    """What was told, through the checks of the form that people use."""
    answers = {
        "uscc": told.uscc,
        "name": told.name,
        "kind": told.kind.value,
        "status": told.status.value,
        "street": told.street_id,
        "site": told.site_id or "",
        "address": told.address,
        "industry": told.industry,
        "employees": "" if told.employees is None else told.employees,
        "revenue_wan": "" if told.revenue_wan is None else told.revenue_wan,
        "has_premises": _yes_no(told.has_premises),
        "has_activity": _yes_no(told.has_activity),
        "has_meeting_room": _yes_no(told.has_meeting_room),
        "legal_representative": told.legal_representative,
        "supervisor": told.supervisor,
        "phone": told.phone or (mask_phone(version.phone) if version else ""),
        "established_date": told.established_date or "",
        "lon": "" if told.lon is None else told.lon,
        "lat": "" if told.lat is None else told.lat,
        "coordinate_system": "WGS-84",
        "valid_from": told.valid_from,
        "based_on": "",
    }
    streets = editable_streets(request.viewer)
    form = OrganisationForm(answers, streets=streets, today=timezone.localdate(), version=version)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Unusable(field, " ".join(str(error) for error in errors))
    return form.facts()


def _yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _shown(version: OrganisationVersion) -> dict[str, Any]:
    plain = {
        name: getattr(version, name)
        for name in OrganisationOut.model_fields
        if hasattr(version, name)
    }
    return {
        **plain,
        "id": version.organisation_id,
        "edition": edition(version),
        "uscc": version.organisation.uscc,
        "street": str(version.street or ""),
        "site": str(version.site or ""),
        "phone": mask_phone(version.phone),
        "source": version.provenance.source,
        "source_as_of": version.provenance.as_of_date,
    }
