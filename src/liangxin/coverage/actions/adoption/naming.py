"""Adopting groups as a page showed them: under chosen names, with the changed facts that were read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from liangxin.coverage.actions.adoption.adopting import RefusedGroup, adopt_groups
from liangxin.coverage.actions.adoption.establishing import rename_establishment
from liangxin.coverage.actions.adoption.turns import take_turn
from liangxin.coverage.actions.refusals import EditedMeanwhile, RefusedStep
from liangxin.coverage.models import BranchProposal, Establishment
from liangxin.coverage.queries.changed_facts import changes_of, fingerprint
from liangxin.coverage.queries.edits import numbers_edited_since
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class NamedAdoption:
    """What became of the groups; `unnamed` says, by key, why an establishment kept the usual name."""

    adopted: tuple[Establishment, ...]
    refused: tuple[RefusedGroup, ...]
    unnamed: Mapping[int, str]


@transaction.atomic
def adopt_named_groups(
    proposal: BranchProposal,
    names: Mapping[int, str],
    *,
    by: Viewer,
    today: date,
    seen: Mapping[int, str],
    seen_step: int | None = None,
) -> NamedAdoption:
    """Adopt the groups whose numbers `names` holds; '' leaves the usual name.

    `seen` holds, by number, `fingerprint` of the changes not blocking that `by` was shown; where that has changed meanwhile no
    group with changes is adopted. `seen_step` is the last step of a draft that `by` was shown: groups changed
    by hand since are not adopted. A name that cannot be given keeps no group from being adopted.
    Raises NotAllowed, ProposalNotReady.
    """
    refused = _edited_meanwhile(proposal, set(names), seen_step=seen_step)
    names = {number: name for number, name in names.items() if number not in refused}
    token = _token(proposal, {number: seen.get(number, "") for number in names}, at=today)
    adoption = adopt_groups(proposal, set(names), by=by, today=today, seen_changes=token)
    unnamed: dict[int, str] = {}
    adopted = []
    for establishment in adoption.adopted:
        name = names[establishment.group.number].strip() if establishment.group else ""
        try:
            adopted.append(_named(establishment, name, by=by, today=today))
        except RefusedStep as refusal:
            adopted.append(establishment)
            unnamed[establishment.pk] = str(refusal)
    return NamedAdoption(
        adopted=tuple(adopted), refused=(*refused.values(), *adoption.refused), unnamed=unnamed
    )


def _edited_meanwhile(
    proposal: BranchProposal, numbers: set[int], *, seen_step: int | None
) -> dict[int, RefusedGroup]:
    """The groups that are not what `by` was shown any more, by number; asked in our turn."""
    if seen_step is None:
        return {}
    take_turn()
    text = "您打开页面以后，这一组又由人调整过。请看过现在的样子再采纳。"
    return {
        number: RefusedGroup(number=number, text=text, error=EditedMeanwhile(text))
        for number in sorted(numbers & numbers_edited_since(proposal, seen_step))
    }


def _token(proposal: BranchProposal, seen: Mapping[int, str], *, at: date) -> str:
    """The fingerprint of all changes that may be lived with; '' where some were not seen as they are."""
    groups = list(proposal.groups.filter(number__in=seen))
    found = changes_of(groups, at=at)
    bearable = {
        group.number: [change for change in found[group.pk] if not change.is_blocking]
        for group in groups
    }
    if any(fingerprint(changes) != seen[number] for number, changes in bearable.items()):
        return ""
    return fingerprint([change for changes in bearable.values() for change in changes])


def _named(establishment: Establishment, name: str, *, by: Viewer, today: date) -> Establishment:
    if establishment.joins_branch or name in ("", establishment.name):
        return establishment
    with transaction.atomic():
        return rename_establishment(establishment, name, by=by, today=today)
