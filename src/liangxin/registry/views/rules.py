"""Rules: what holds here, on whose word, since when; and this district's own values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.registry.actions.rules import (
    NoLocalValue,
    RulePrecedes,
    end_district_rule,
    set_district_rule,
    take_back_district_rule,
)
from liangxin.registry.forms.rule import RuleForm
from liangxin.registry.queries.rules import (
    as_local_rule,
    district_history,
    rule_at,
    rules_at,
    value_in_words,
)
from liangxin.rulebook import (
    CONFIDENCE_LABELS,
    InvalidLocalRule,
    NoRuleInForce,
    Rule,
    UnknownRule,
    all_versions,
    rule,
)
from liangxin.ui.dates import asked_date

GROUP_TITLES = {
    "branch": "党支部",
    "joint_branch": "联合党支部",
    "general_branch": "党总支",
    "committee": "党委",
    "project_branch": "项目和临时党支部",
    "term": "任期",
    "secretary": "书记",
    "coverage": "两个覆盖",
    "san_you": "三有企业",
    "employees": "规模以上应有党员、党组织",
    "attachment": "就近联系",
    "instructor": "党建指导员",
    "development": "发展党员",
    "members": "党员",
    "floating": "流动党员",
    "training": "教育培训",
    "review": "述职评议",
    "duplicates": "查找重复记录",
    "people": "个人信息",
    "report": "报表",
    "confirmation": "台账核对",
    "upload": "上传文件",
    "burden": "基层减负",
}


@dataclass(frozen=True)
class ShownRule:
    """A rule in words; `national` is the value that the local one stands in for."""

    rule: Rule
    value: str
    national: str
    confidence: str


@dataclass(frozen=True)
class RuleGroup:
    """Rules about one thing."""

    title: str
    rules: Sequence[ShownRule]


@page(Permission.SEE_RULES)
def rules(request: ViewerRequest) -> HttpResponse:
    """规则."""
    at = asked_date(request, may_be_future=True)
    found = rules_at(at=at)
    order = list(GROUP_TITLES)
    grouped = sorted(found, key=lambda one: (order.index(_group(one)), one.code))
    groups = [
        RuleGroup(GROUP_TITLES[name], [_shown(one, at=at) for one in group])
        for name, group in groupby(grouped, key=_group)
    ]
    context = {
        "at": at,
        "groups": groups,
        "total": len(found),
        "local": sum(one.is_local for one in found),
        "may_edit": may(request.viewer, Permission.EDIT_RULES),
    }
    return render(request, "registry/rules.html", context)


@page(Permission.SEE_RULES)
def rule_page(request: ViewerRequest, code: str) -> HttpResponse:
    """One rule: its national versions, this district's values, and the form that sets one."""
    at = asked_date(request, may_be_future=True)
    held = _rule_or_404(code, at=at)
    may_edit = may(request.viewer, Permission.EDIT_RULES)
    first = {"from_date": timezone.localdate()}
    form = RuleForm(request.POST or None, rule=held, initial=first)
    if request.method == "POST" and form.is_valid() and _is_set(request, code, form):
        return redirect("rule", code)
    context = {
        "at": at,
        "shown": _shown(held, at=at),
        "versions": [_shown(one, at=one.valid_from) for one in reversed(all_versions(code))],
        "history": [
            (row, value_in_words(row.value, unit=held.unit)) for row in district_history(code)
        ],
        "form": form if may_edit else None,
        "today": timezone.localdate(),
    }
    return render(request, "registry/rule.html", context)


@page(Permission.EDIT_RULES)
@require_POST
def end(request: ViewerRequest, code: str) -> HttpResponse:
    """Go back to the national value."""
    _rule_or_404(code, at=timezone.localdate())
    try:
        end_district_rule(code, from_date=timezone.localdate(), by=request.viewer)
    except (NoLocalValue, RulePrecedes) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已停用本区取值，改按全国规定。")
    return redirect("rule", code)


@page(Permission.EDIT_RULES)
@require_POST
def take_back(request: ViewerRequest, code: str) -> HttpResponse:
    """Give up a value that does not hold yet."""
    _rule_or_404(code, at=timezone.localdate())
    try:
        take_back_district_rule(code, by=request.viewer)
    except NoLocalValue as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已收回，此前的取值继续执行。")
    return redirect("rule", code)


def _is_set(request: ViewerRequest, code: str, form: RuleForm) -> bool:
    try:
        row = set_district_rule(
            code,
            value=form.value(),
            source=form.cleaned_data["source"],
            from_date=form.cleaned_data["from_date"],
            by=request.viewer,
        )
    except InvalidLocalRule as refusal:
        form.add_error("value", str(refusal))
        return False
    except RulePrecedes as refusal:
        form.add_error("from_date", str(refusal))
        return False
    messages.success(
        request, f"本区取值自 {as_local_rule(row).valid_from} 起执行，用到它的数字随之重算。"
    )
    return True


def _rule_or_404(code: str, *, at: date) -> Rule:
    try:
        return rule_at(code, at=at)
    except (UnknownRule, NoRuleInForce) as unknown:
        raise Http404 from unknown


def _group(one: Rule) -> str:
    return one.code.split(".")[0]


def _shown(one: Rule, *, at: date) -> ShownRule:
    national = rule(one.code, at=at).value if one.is_local else one.value
    return ShownRule(
        rule=one,
        value=value_in_words(one.value, unit=one.unit),
        national=value_in_words(national, unit=one.unit) if one.is_local else "",
        confidence=CONFIDENCE_LABELS[one.confidence],
    )
