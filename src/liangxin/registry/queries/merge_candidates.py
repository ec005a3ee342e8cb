"""Which entries somebody may want to merge with one: the listed look-alikes, or what they search for."""

from dataclasses import dataclass
from datetime import date

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Organisation, OrganisationVersion, Person
from liangxin.registry.queries.duplicates import evidence_words, likely_pairs
from liangxin.registry.queries.merge_scope import mergeable_persons
from liangxin.registry.queries.organisations import editable_versions, organisation_search
from liangxin.standards.id_number import mask_id_number

MAX_CANDIDATES = 20


@dataclass(frozen=True)
class MergeCandidate:
    """One entry to choose; `told` says by what people know it, `why` what it shares."""

    key: int
    name: str
    told: str
    why: str


def organisation_candidates(
    viewer: Viewer, *, survivor: Organisation, text: str, at: date
) -> list[MergeCandidate]:
    """Organisations in scope that fit `text`, or without one the look-alikes of the survivor."""
    held = editable_versions(viewer, at=at).exclude(organisation=survivor)
    if text:
        found = list(held.filter(organisation_search(text)).order_by("name", "organisation_id"))
        return [_unit(one, "") for one in found[:MAX_CANDIDATES]]
    reasons = _alike(viewer, "organisation", survivor.pk, at=at)
    listed = held.filter(organisation_id__in=reasons).order_by("name", "organisation_id")
    return [_unit(one, reasons[one.organisation_id]) for one in listed]


def person_candidates(
    viewer: Viewer, *, survivor: Person, text: str, at: date
) -> list[MergeCandidate]:
    """Persons in scope that fit `text`, or without one the look-alikes of the survivor."""
    held = mergeable_persons(viewer, at=at).exclude(pk=survivor.pk)
    if text:
        return [_person(one, "") for one in held.filter(name__icontains=text)[:MAX_CANDIDATES]]
    reasons = _alike(viewer, "person", survivor.pk, at=at)
    return [_person(one, reasons[one.pk]) for one in held.filter(pk__in=reasons)]


def _alike(viewer: Viewer, kind: str, key: int, *, at: date) -> dict[int, str]:
    pairs = likely_pairs(viewer, at=at)
    reasons = {}
    for own, other in (("first", "second"), ("second", "first")):
        for pair in pairs.filter(**{f"{own}_{kind}": key})[:MAX_CANDIDATES]:
            reasons[int(getattr(pair, f"{other}_{kind}_id"))] = evidence_words(pair)
    return reasons


def _unit(version: OrganisationVersion, why: str) -> MergeCandidate:
    told = [str(version.street or ""), version.organisation.uscc or "未填信用代码", version.address]
    return MergeCandidate(
        version.organisation_id, version.name, "，".join(one for one in told if one), why
    )


def _person(person: Person, why: str) -> MergeCandidate:
    number = mask_id_number(person.id_number) if person.id_number else "未填身份证号"
    return MergeCandidate(person.pk, person.name, number, why)
