"""Whether a trade union or a Youth League organisation stands in an organisation."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.refusals import NothingChanged, OutOfScope, RefusedChange
from liangxin.registry.actions.telling import FORM_SOURCE, Telling, refuse_future, tell_fact
from liangxin.registry.models import MassPresence, Organisation
from liangxin.registry.queries.organisations import editable_versions
from liangxin.registry.queries.revisions import places_of
from liangxin.registry.terms import MassKind


@dataclass(frozen=True, kw_only=True)
class MassFacts:
    """From `from_date` on there is (or is no longer) such an organisation."""

    kind: MassKind
    is_standing: bool
    from_date: date
    may_precede: bool = False


@dataclass(frozen=True)
class Begun:
    """For how many it was recorded, and each reason with the number of the others it kept back."""

    number: int
    refused: tuple[tuple[str, int], ...]


def begin_mass_presences(
    organisations: Iterable[Organisation], facts: MassFacts, *, by: Viewer, today: date
) -> Begun:
    """Set the same presence in each organisation; one that is refused does not stop the others."""
    require(by, Permission.EDIT_LEDGER)
    number, refused = 0, Counter[str]()
    for organisation in organisations:
        try:
            set_mass_presence(organisation, facts, by=by, today=today)
        except RefusedChange as refusal:
            refused[str(refusal)] += 1
        else:
            number += 1
    return Begun(number, tuple(refused.items()))


def set_mass_presence(
    organisation: Organisation, facts: MassFacts, *, by: Viewer, today: date
) -> None:
    """Begin or end the presence of a union or League organisation; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(facts.from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=facts.from_date)
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if not editable_versions(by, at=today).filter(organisation=organisation).exists():
            raise OutOfScope("这家单位不在您负责的范围内。")
        telling = Telling(told=told, from_date=facts.from_date, may_precede=facts.may_precede)
        keys = {"organisation": organisation, "kind": facts.kind.value}
        values: dict[str, object] | None = {} if facts.is_standing else None
        if not tell_fact(MassPresence, keys, values, telling=telling):
            state = "已经有" if facts.is_standing else "本来就没有"
            raise NothingChanged(f"台账里那天{state}{facts.kind.label}，没有需要保存的改动。")
        verb = "建有" if facts.is_standing else "不再有"
        audit.record(
            "mass_presence.set",
            by=by,
            summary=f"登记单位{verb}{facts.kind.label}",
            about=organisation,
            details={"kind": facts.kind.value, "valid_from": facts.from_date.isoformat()},
            touches=places_of(organisation.pk),
        )
