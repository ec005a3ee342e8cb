"""Forms by which units join or leave a joint branch, and by which one is dissolved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liangxin.kernel.viewer import Viewer
from liangxin.registry.forms.ledger_form import NamedRowField
from liangxin.registry.forms.reorganising import ActForm
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.choices import unit_label, units_meant

BASIS_HELP = "批复或会议纪要的名称和文号。"


class BranchActForm(ActForm):
    """The day and the document of an act on a joint branch."""

    sections = (("登记", ("on_date", "basis")),)

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data, today=today, initial={"on_date": today})
        self.fields["basis"].help_text = BASIS_HELP


class JoiningForm(ActForm):
    """Which unit joins, from which day on and by what."""

    sections = (("加入的单位", ("organisation",)), ("登记", ("on_date", "basis")))
    organisation = NamedRowField[OrganisationVersion](
        label="单位",
        url_name="organisation-choices",
        help_text="输入单位名称中的几个字，从提示中选择；已在别的联合党支部的，从这天起转到这里。",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        viewer: Viewer,
        today: date,
        unit: OrganisationVersion | None = None,
    ) -> None:
        initial: dict[str, Any] = {"on_date": today}
        if unit is not None:
            initial["organisation"] = unit_label(unit)
        super().__init__(data, today=today, initial=initial)
        self.fields["basis"].help_text = BASIS_HELP
        named: NamedRowField[OrganisationVersion] = self.fields["organisation"]  # type: ignore[assignment]
        named.meant = lambda text: units_meant(viewer, text, at=today)
