"""The rules in force, for programs."""

from datetime import date
from typing import Any

from django.http import Http404
from ninja import Query, Router, Schema

from liangxin.kernel.api import (
    REFUSED,
    ApiRequest,
    AtDay,
    DatedWindow,
    Part,
    day,
    operation,
    part_of,
)
from liangxin.kernel.permissions import Permission
from liangxin.registry.queries.rules import rule_at, rules_at
from liangxin.rulebook import NoRuleInForce, Rule, UnknownRule

router = Router(tags=["规则"])


class RuleOut(Schema):
    """One limit with its source, as it holds here on a day."""

    code: str
    title: str
    value: Any
    unit: str
    source: str
    valid_from: date
    is_local: bool
    confidence: str


@router.get("/rules", response={200: Part[RuleOut], **REFUSED})
@operation(Permission.SEE_RULES)
def list_rules(request: ApiRequest, asked: Query[DatedWindow]) -> Any:
    """某一天有效的全部规则，按代码排列。"""
    return part_of(rules_at(at=day(asked.at)), window=asked, at=day(asked.at), shown=_shown)


@router.get("/rules/{code}", response={200: RuleOut, **REFUSED})
@operation(Permission.SEE_RULES)
def read_rule(request: ApiRequest, code: str, asked: Query[AtDay]) -> Any:
    """一条规则。"""
    try:
        return _shown(rule_at(code, at=day(asked.at)))
    except (UnknownRule, NoRuleInForce) as error:
        raise Http404 from error


def _shown(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "title": rule.title,
        "value": rule.value,
        "unit": rule.unit,
        "source": rule.source,
        "valid_from": rule.valid_from,
        "is_local": rule.is_local,
        "confidence": rule.confidence,
    }
