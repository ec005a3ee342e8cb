"""Why a form of Party organisations, sites, people or postings was refused, in Chinese sentences."""

from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.models import Fact, Provenance


class StaleForm(RefusedChange):
    """Somebody else saved the same record after the form was opened."""

    def __init__(self, told: Provenance) -> None:
        who = told.recorded_by or told.source
        super().__init__(
            f"您打开表单以后，“{who}”已保存过这份资料，您的填写尚未保存。请核对后再保存。"
        )


class PrecedesKnown(RefusedChange):
    """The day told is earlier than that of what the ledger holds, and nobody said it should be."""

    field = "from_date"

    def __init__(self, known: Fact) -> None:
        super().__init__(
            f"台账现有资料自 {known.valid_from} 起，您填写的日期更早。"
            "如果是补录过去的情况，请勾选“补录历史”；现有资料不会被改动。"
        )


class BeforeFounding(RefusedChange):
    """A fact of a Party organisation was said to begin before its founding."""

    field = "from_date"


class DuplicatePartyOrganisation(RefusedChange):
    """Another Party organisation has the name."""

    field = "name"


class DuplicateCode(RefusedChange):
    """Another Party organisation has the code."""

    field = "code"


class ParentCircle(RefusedChange):
    """The parent chosen stands below the organisation itself."""

    field = "parent"


class NotStanding(RefusedChange):
    """The Party organisation is only proposed, or dissolved already."""


class EndsTooEarly(RefusedChange):
    """Something was said to end on or before the day it began."""

    field = "end_date"


class AlreadyCovered(RefusedChange):
    """The Party organisation covers the unit already."""

    field = "organisation"


class OutsideUnit(RefusedChange):
    """The unit is not one whose facts the person may change."""

    field = "organisation"


class SecretaryInOffice(RefusedChange):
    """There is a secretary, and nobody said that the term ends."""

    field = "ends_predecessor"


class AlreadyInPost(RefusedChange):
    """The person holds the post already."""

    field = "person_name"


class DuplicateSite(RefusedChange):
    """The street has a site of that name."""

    field = "name"


class AlreadyMember(RefusedChange):
    """Somebody with this ID number is in the ledger as a member."""

    field = "id_number"


class OtherName(RefusedChange):
    """The ledger knows the ID number under another name."""

    field = "id_number"


class PersonOfOthers(RefusedChange):
    """The person of this ID number is another street's business."""

    field = "id_number"


class AlreadyGuide(RefusedChange):
    """The person serves in this role already."""

    field = "id_number"


class AlreadyPosted(RefusedChange):
    """The guide serves the unit already."""

    field = "organisation"


class OutsideTerm(RefusedChange):
    """A posting would begin or end outside the guide's term."""

    field = "from_date"


class OverCapacity(RefusedChange):
    """The guide would serve more units than can be taken, and nobody said that it is agreed."""

    field = "is_over_capacity"
