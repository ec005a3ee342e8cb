"""A new account, and a role to grant."""

from datetime import date

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from liangxin.kernel.viewer import ROLE_SCOPES, ROLE_TITLES, SCOPE_TITLES, Role, Scope, ScopeKind

SEARCHED = frozenset(
    {
        ScopeKind.STREET,
        ScopeKind.SITE,
        ScopeKind.TRADE,
        ScopeKind.PARTY_ORGANISATION,
        ScopeKind.ORGANISATION,
        ScopeKind.OWN_RECORD,
        ScopeKind.ASSIGNED_FIRMS,
    }
)
FIND_HINTS = {
    ScopeKind.STREET: "街道名称",
    ScopeKind.SITE: "楼宇园区名称",
    ScopeKind.TRADE: "行业门类名称",
    ScopeKind.PARTY_ORGANISATION: "党组织名称",
    ScopeKind.ORGANISATION: "单位名称、拼音首字母或信用代码",
    ScopeKind.OWN_RECORD: "姓名 身份证号后四位，中间空一格",
    ScopeKind.ASSIGNED_FIRMS: "指导员、联络员姓名",
}


class NewUserForm(forms.Form):
    """Login name and name; the password is made, not chosen."""

    username = forms.CharField(
        label="登录名",
        min_length=3,
        max_length=60,
        help_text="用字母、数字、点或下划线，不分大小写，以后不能改。",
        validators=[RegexValidator(r"^[A-Za-z0-9._]+\Z", "登录名只能用字母、数字、点和下划线。")],
    )
    name = forms.CharField(label="姓名", max_length=60)

    def clean_username(self) -> str:
        """Login names are compared without regard to case."""
        return str(self.cleaned_data["username"]).lower()


class ScopeQuestion(forms.Form):
    """Which role, over which kind of scope, and what is searched for; grows with the answers."""

    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *ROLE_TITLES.items()])
    kind = forms.ChoiceField(label="范围类别", required=False)
    find = forms.CharField(label="查找范围", required=False, max_length=60)

    def __init__(self, asked: QueryDict) -> None:
        # Templates look into the fields first: these names may not be those of fields.
        role = asked.get("role", "")
        self.chosen_role = Role(role) if role in ROLE_TITLES else None
        kinds = ROLE_SCOPES[self.chosen_role] if self.chosen_role else ()
        kind = asked.get("kind", "")
        self.chosen_kind = ScopeKind(kind) if kind in kinds else next(iter(kinds), None)
        self.wanted = asked.get("find", "").strip()[:60]
        super().__init__(
            initial={"role": self.chosen_role, "kind": self.chosen_kind, "find": self.wanted}
        )
        self._shape(kinds)

    def _shape(self, kinds: tuple[ScopeKind, ...]) -> None:
        if len(kinds) < 2:
            del self.fields["kind"]
        else:
            chosen = self.fields["kind"]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [(one, SCOPE_TITLES[one]) for one in kinds]
        if self.chosen_kind and self.chosen_kind in SEARCHED:
            self.fields["find"].widget = forms.TextInput(
                {
                    "type": "search",
                    "placeholder": FIND_HINTS[self.chosen_kind],
                    "autocomplete": "off",
                }
            )
        else:
            del self.fields["find"]


class GrantForm(forms.Form):
    """The role, scope and first day as chosen."""

    role = forms.ChoiceField(choices=list(ROLE_TITLES.items()))
    kind = forms.ChoiceField(choices=list(SCOPE_TITLES.items()))
    key = forms.CharField(required=False, max_length=40)
    from_date = forms.DateField(
        error_messages={"invalid": "起始日期应写作 2026-03-05。", "required": "请填写起始日期。"}
    )

    def granted(self) -> tuple[Role, Scope, date]:
        """What was chosen; ask after is_valid()."""
        cleaned = self.cleaned_data
        scope = Scope(ScopeKind(cleaned["kind"]), cleaned["key"])
        return Role(cleaned["role"]), scope, cleaned["from_date"]
