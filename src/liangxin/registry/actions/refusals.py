"""Why a change of the ledger was refused; the text of each is a Chinese sentence for the person."""

from liangxin.registry.models import Organisation, OrganisationVersion, PartyOrganisation


class RefusedChange(ValueError):
    """The ledger stays as it was; `field` names the answer to mend, '' for the whole form."""

    field = ""


class OutOfScope(RefusedChange):
    """The organisation is, or would be, outside the scope of whoever changes it."""

    field = "street"


class DuplicateUscc(RefusedChange):
    """Another organisation has the credit code; `existing` is it."""

    field = "uscc"

    def __init__(self, existing: Organisation) -> None:
        super().__init__("这个统一社会信用代码已在台账中，不能重复建账。")
        self.existing = existing


class DuplicateName(RefusedChange):
    """Without a credit code, an organisation is known by name and street, and these are taken."""

    field = "name"

    def __init__(self, existing: Organisation) -> None:
        super().__init__("该街道已有同名单位；没有统一社会信用代码时，同一街道的单位名称不能重复。")
        self.existing = existing


class LikelyDuplicate(RefusedChange):
    """The street has an organisation of that name, and nobody said that it is another one."""

    field = "name"

    def __init__(self, existing: Organisation) -> None:
        super().__init__("该街道已有同名单位，请先核对；确认不是同一家的，勾选“已核对”后再保存。")
        self.existing = existing


class FutureDate(RefusedChange):
    """A fact was said to begin after today."""

    field = "valid_from"


class PrecedesOpenVersion(RefusedChange):
    """The change is dated before what the ledger holds as current, and nobody said it should be."""

    field = "valid_from"

    def __init__(self, current: OrganisationVersion) -> None:
        super().__init__(
            f"台账现有资料自 {current.valid_from} 起生效，您填写的日期更早。"
            "如果是补录过去的情况，请勾选“补录历史”；现有资料不会被改动。"
        )
        self.current = current


class NothingChanged(RefusedChange):
    """The facts are the ones the ledger holds."""


class AlreadyClosed(RefusedChange):
    """The organisation is closed already."""


class ChangedMeanwhile(RefusedChange):
    """Somebody else saved after the form was opened; `current` is what they left."""

    def __init__(self, current: OrganisationVersion) -> None:
        who = current.provenance.recorded_by or current.provenance.source
        super().__init__(f"您打开表单以后，“{who}”已保存过这家单位的资料，您的修改尚未保存。")
        self.current = current


class NotProposed(RefusedChange):
    """The Party organisation stands, or was withdrawn: it is no longer in the making."""


class FoundedOtherwise(RefusedChange):
    """A register has told of another day of founding; `existing` is the Party organisation."""

    field = "founded_date"

    def __init__(self, existing: PartyOrganisation) -> None:
        super().__init__(
            f"党组织名册已记这个党组织于 {existing.founded_date} 成立，与您填写的日期不同；"
            "请核对后填写同一日期。"
        )
        self.existing = existing
