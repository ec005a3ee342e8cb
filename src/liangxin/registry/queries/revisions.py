"""For how long a figure stays true: the revision of the part of the ledger that it was counted from."""

from collections.abc import Iterable

from liangxin.kernel.audit import ASIDE, places_revision
from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.models import OrganisationVersion


def revision_for(viewer: Viewer) -> int:
    """Grows with every action after which a figure of the viewer may differ.

    For an officer of streets alone only with those that touch these streets or may touch any; for
    everybody else, whose scope crosses streets, with every action that touches anything.
    """
    return places_revision(_streets_held(viewer))


def standing_revision_for(viewer: Viewer) -> int:
    """The same for figures of what stands where, who covers it and who works there.

    Does not grow where only a name, a telephone number, a size or the like is told of one organisation.
    """
    return places_revision(_streets_held(viewer), with_asides=False)


def _streets_held(viewer: Viewer) -> list[str] | None:
    """The viewer's whole scope as places; None where it crosses streets."""
    scopes = [one.scope for one in viewer.held]
    if not scopes or any(scope.kind is not ScopeKind.STREET for scope in scopes):
        return None
    return [street_place(scope.key) for scope in scopes]


def street_place(key: int | str) -> str:
    """A street as the audit trail marks it."""
    return f"street:{key}"


def places_of(organisation_id: int) -> frozenset[str]:
    """The streets in which an organisation is, or ever was by what the ledger knows now.

    The places of an act that writes facts of this organisation alone. It must not be asked for an act that
    changes whom it reaches: a street or a status ended, a person, a Party organisation. Ask it before
    and after the writing where a version is overwritten. Empty, so everywhere, for one without a street.
    """
    versions = OrganisationVersion.objects.filter(organisation_id=organisation_id).order_by()
    return street_places(versions.values_list("street_id", flat=True).distinct())


def asides(places: Iterable[str]) -> frozenset[str]:
    """The places of an act that tells something differently there, and moves nothing."""
    return frozenset(f"{ASIDE}{place}" for place in places)


def street_places(keys: Iterable[int | None]) -> frozenset[str]:
    """Streets as places; empty, so everywhere, where one of them is not known."""
    found = set(keys)
    if None in found:
        return frozenset()
    return frozenset(street_place(key) for key in found if key is not None)
