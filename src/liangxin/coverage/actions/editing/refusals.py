"""Why a draft stays as it is; the text of each is a Chinese sentence for the person."""

from collections.abc import Sequence

from liangxin.coverage.actions.refusals import RefusedStep
from liangxin.coverage.models import ProposalEdit
from liangxin.coverage.queries.edit_rules import Hindrance


class NotADraft(RefusedStep):
    """Proposals stay as they were computed; only a draft of one is changed."""


class InfeasibleEdit(RefusedStep):
    """Rules, or what people settled, stand in the way; `hindrances` says which and by how much."""

    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        super().__init__("；".join(one.text for one in hindrances) + "。")
        self.hindrances = tuple(hindrances)


class ReasonMissing(InfeasibleEdit):
    """Only rules that say "generally" stand in the way: a written reason is all that is missing."""

    field = "reason"


class GroundChanged(RefusedStep):
    """Somebody else changed the same groups after the page was shown; `edits` are those steps."""

    def __init__(self, edits: Sequence[ProposalEdit]) -> None:
        told = "；".join(f"{_who(edit)}{edit.text}" for edit in edits)
        super().__init__(
            f"您打开页面以后，{told}。您的这一步没有做，别人做的都还在；下面已是最新的样子，请看过再改。"
        )
        self.edits = tuple(edits)


class NotYoursToEdit(RefusedStep):
    """The group, or the unit, has nothing in the scope of whoever asks."""


class UndoneAlready(RefusedStep):
    """The step was taken back before."""


class BuiltUpon(RefusedStep):
    """Later steps changed the same groups; they have to be taken back first."""


def _who(edit: ProposalEdit) -> str:
    return f"{edit.made_by or '系统'} "
