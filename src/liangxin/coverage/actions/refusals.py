"""Why an establishment stays as it is; the text of each is a Chinese sentence for the person."""

from collections.abc import Sequence

from liangxin.coverage.models import Establishment, EstablishmentUnit


class RefusedStep(ValueError):
    """Nothing was changed; `field` names the answer to mend, '' for the whole form."""

    field = ""


class ProposalNotReady(RefusedStep):
    """The proposal has no result that could be adopted."""


class NoSuchGroup(RefusedStep):
    """The proposal has no group of that number."""


class OutsideScope(RefusedStep):
    """The host, or the branch joined, is not the business of whoever asks."""


class AlreadyAdopted(RefusedStep):
    """The group was adopted before; `existing` is what became of it."""

    def __init__(self, existing: Establishment) -> None:
        super().__init__(
            f"这一组已由{adopter(existing)}于 {existing.adopted_date} 采纳为“{existing.name}”，"
            "不必再次采纳。"
        )
        self.existing = existing


class UnitTaken(RefusedStep):
    """Units stand in another open establishment; `units` are their rows there."""

    def __init__(self, units: Sequence[EstablishmentUnit]) -> None:
        super().__init__("；".join(_taken(unit) for unit in units) + "。")
        self.units = tuple(units)


class FactsChanged(RefusedStep):
    """Facts changed so that the group cannot be adopted any more; the text says which."""

    def __init__(self, sentences: Sequence[str]) -> None:
        told = "；".join(sentence.rstrip("。；") for sentence in sentences)
        super().__init__(f"{told}。请重新测算后再采纳。")
        self.sentences = tuple(sentences)


class ChangedMeanwhile(RefusedStep):
    """Facts changed that whoever adopts was not shown; the text says which."""

    def __init__(self, sentences: Sequence[str]) -> None:
        told = "；".join(sentence.rstrip("。；") for sentence in sentences)
        super().__init__(f"方案算出后资料有变化：{told}。请看过变化后再采纳。")
        self.sentences = tuple(sentences)


class EditedMeanwhile(RefusedStep):
    """Somebody changed the group by hand after whoever adopts was shown it."""


class BranchGone(RefusedStep):
    """The branch that the units were to join does not stand any more."""


class NotInThisState(RefusedStep):
    """The step does not fit the state of the establishment."""


class WrongDate(RefusedStep):
    """A date lies before what it follows from, or after today; `field` names it."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


class MissingText(RefusedStep):
    """A number, reason or opinion that the step needs was left blank or is too long; see `field`."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


class RefusedLeadership(RefusedStep):
    """Whoever is named for a post cannot hold it; the text names the rule."""

    field = "secretary"


class ConsentsMissing(RefusedStep):
    """Streets have not consented yet, or have refused."""


class NotYoursToAnswer(RefusedStep):
    """The consent is asked of another street, or the district has answered for it."""


class NameTaken(RefusedStep):
    """Another Party organisation of the district bears the name."""

    field = "name"


def adopter(establishment: Establishment) -> str:
    """Who adopted it, as people call them."""
    user = establishment.adopted_by
    return (user.name or user.username) if user else "系统"


def _taken(unit: EstablishmentUnit) -> str:
    establishment = unit.establishment
    return (
        f"“{unit.name}”已由{adopter(establishment)}于 {establishment.adopted_date} "
        f"列入“{establishment.name}”"
    )
