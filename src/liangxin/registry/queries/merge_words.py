"""Rows of the ledger in words, for whoever decides about a merge or its undoing."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from liangxin.registry.models import (
    Employment,
    GuideService,
    MassPresence,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Post,
    Posting,
)

TABLE_TITLES = {
    "registry.organisationversion": "单位资料",
    "registry.organisation": "单位",
    "registry.person": "人员信息",
    "registry.employment": "从业人员",
    "registry.partycoverage": "党组织涵盖",
    "registry.partymembership": "党员身份",
    "registry.partyrelation": "组织关系",
    "registry.guideservice": "指导员、联络员身份",
    "registry.posting": "指导员、联络员联系",
    "registry.masspresence": "工会、团组织",
    "registry.post": "党内职务",
    "registry.meetingplace": "会议地点",
    "registry.partyorganisation": "党组织",
    "registry.partyorganisationversion": "党组织资料",
    "coverage.establishmentunit": "正在办理的组建事项",
    "coverage.nominee": "组建事项的人选",
    "coverage.branchproposal": "联建方案",
    "coverage.proposedunit": "联建方案",
    "coverage.proposedgroup": "联建方案",
    "coverage.leftoutorganisation": "联建方案",
    "coverage.proposedattachment": "联建方案",
}


def table_title(table: str) -> str:
    """What the screens call the rows of a table."""
    return TABLE_TITLES.get(table) or str(apps.get_model(table)._meta.verbose_name)


def row_in_words(row: models.Model) -> str:
    """What one row tells, apart from the organisation or person that is merged."""
    match row:
        case OrganisationVersion():
            return row.name
        case PartyCoverage():
            return party_name(row.party_organisation_id)
        case Employment():
            position = row.get_position_display()
            words = f"{row.person.name}，在{organisation_name(row.organisation_id)}"
            return f"{words}（{position}）" if position else words
        case MassPresence():
            return str(row.get_kind_display())
        case Post():
            return f"{party_name(row.party_organisation_id)}{row.get_kind_display()}"
    return _personal(row) or _other(row)


def _personal(row: models.Model) -> str:
    """Facts of one person; '' for other rows."""
    match row:
        case PartyMembership():
            joined = f"，{row.joined_date} 入党" if row.joined_date else ""
            return f"{row.get_stage_display()}{joined}"
        case PartyRelation(party_organisation_id=None):
            return f"组织关系在“{row.elsewhere}”"
        case PartyRelation():
            return f"组织关系在“{party_name(row.party_organisation_id)}”"
        case GuideService():
            told = [row.home_unit, f"可联系 {row.capacity} 家" if row.capacity else ""]
            return "，".join([str(row.get_role_display()), *filter(None, told)])
        case Posting():
            unit = organisation_name(row.organisation_id)
            return f"{row.get_role_display()}{row.person.name}联系{unit}"
    return ""


def organisation_name(key: int | None) -> str:
    """The name an organisation bears or last bore."""
    return _last_name(OrganisationVersion.objects.filter(organisation_id=key or 0), key)


def party_name(key: int | None) -> str:
    """The name a Party organisation bears or last bore."""
    return _last_name(PartyOrganisationVersion.objects.filter(party_organisation_id=key or 0), key)


def subject_name(subject: Organisation | Person) -> str:
    """The name of what is merged."""
    return subject.name if isinstance(subject, Person) else organisation_name(subject.pk)


def _last_name(versions: "models.QuerySet[Any]", key: int | None) -> str:
    name = versions.order_by("-valid_from", "-id").values_list("name", flat=True).first()
    return str(name or f"#{key}")


def _other(row: models.Model) -> str:
    """The row as its own class puts it, with what it belongs to."""
    owners: Iterable[Any] = (
        getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.is_relation and field.related_model not in (Organisation, Person)
    )
    words = [str(owner) for owner in owners if owner is not None]
    return "，".join(dict.fromkeys(words)) or str(row)
