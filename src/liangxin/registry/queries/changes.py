"""What differs between two versions of an organisation, in words for the screen."""

from collections.abc import Iterable
from dataclasses import dataclass

from liangxin.registry.models import OrganisationVersion
from liangxin.standards.industries import UnknownIndustry, industry
from liangxin.standards.phone import mask_phone

# What people tell; the rest (initials, section, size) follows from it.
TOLD_FIELDS = (
    "name",
    "kind",
    "status",
    "street",
    "site",
    "address",
    "industry_code",
    "employees",
    "revenue_wan",
    "has_premises",
    "has_activity",
    "has_meeting_room",
    "legal_representative",
    "supervisor",
    "phone",
    "established_date",
    "lon",
    "lat",
)
NOT_KNOWN = "未填"


@dataclass(frozen=True)
class FactChange:
    """One fact that differs; `before` and `after` are ready to show, sensitive parts masked."""

    field: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionStep:
    """One version in the life of an organisation and what it changed (nothing for the first)."""

    version: OrganisationVersion
    changes: tuple[FactChange, ...]
    is_first: bool


def field_title(field: str) -> str:
    """What the screens call a field of OrganisationVersion."""
    return str(OrganisationVersion._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def changed_fields(before: OrganisationVersion, after: OrganisationVersion) -> tuple[str, ...]:
    """Names of the told fields whose values differ."""
    return tuple(f for f in TOLD_FIELDS if _value(before, f) != _value(after, f))


def changes_between(
    before: OrganisationVersion, after: OrganisationVersion
) -> tuple[FactChange, ...]:
    """Every told fact that differs between two versions."""
    return tuple(
        FactChange(f, field_title(f), shown_fact(before, f), shown_fact(after, f))
        for f in changed_fields(before, after)
    )


def version_steps(versions: Iterable[OrganisationVersion]) -> tuple[VersionStep, ...]:
    """The life of one organisation, newest first; `versions` come oldest first."""
    steps: list[VersionStep] = []
    previous: OrganisationVersion | None = None
    for version in versions:
        changes = changes_between(previous, version) if previous else ()
        steps.append(VersionStep(version, changes, is_first=previous is None))
        previous = version
    return tuple(reversed(steps))


def shown_fact(version: OrganisationVersion, field: str) -> str:
    """A told fact as people read it."""
    value = getattr(version, field)
    if value in (None, ""):
        return NOT_KNOWN
    if field in ("kind", "status"):
        return str(getattr(version, f"get_{field}_display")())
    if field == "phone":
        return mask_phone(str(value))
    if field == "industry_code":
        return industry_title(str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def industry_title(code: str) -> str:
    """An industry's code and name; the bare code where the classification does not have it."""
    try:
        return f"{code} {industry(code).name}"
    except UnknownIndustry:
        return code


def _value(version: OrganisationVersion, field: str) -> object:
    return getattr(version, f"{field}_id" if field in ("street", "site") else field)
