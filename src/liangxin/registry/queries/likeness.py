"""Whether the ledger already holds what somebody is about to add."""

from dataclasses import dataclass
from datetime import date

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.organisations import same_name_in_street
from liangxin.registry.queries.scope import in_scope

MAX_SHOWN = 5


@dataclass(frozen=True)
class Likeness:
    """Organisations that look the same; of those outside the viewer's scope only that they exist."""

    same_uscc: OrganisationVersion | None = None
    is_uscc_taken_elsewhere: bool = False
    same_name: tuple[OrganisationVersion, ...] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.same_uscc or self.is_uscc_taken_elsewhere or self.same_name)


def likeness(
    viewer: Viewer,
    *,
    uscc: str,
    name: str,
    street_id: int | None,
    at: date,
    apart_from: int | None = None,
) -> Likeness:
    """What has the same credit code, or the same name in the same street, leaving out one id."""
    every = OrganisationVersion.objects.filter(valid_to__isnull=True).select_related(
        "organisation", "street"
    )
    coded = every.filter(organisation__uscc=uscc).exclude(organisation_id=apart_from or 0)
    taken = coded.first() if uscc else None
    seen = coded.filter(in_scope(viewer, at=at)).first() if taken else None
    named: tuple[OrganisationVersion, ...] = ()
    if name and street_id:
        same = same_name_in_street(name, street_id=street_id).filter(in_scope(viewer, at=at))
        named = tuple(
            same.exclude(organisation_id=apart_from or 0).select_related("street")[:MAX_SHOWN]
        )
    return Likeness(
        same_uscc=seen, is_uscc_taken_elsewhere=bool(taken and not seen), same_name=named
    )
