"""Rules as this district has set them, over the national defaults of the rulebook."""

from django.db import models

from liangxin.registry.models.provenance import Fact


class DistrictRule(Fact):
    """A local value of a rule; `source` names the local document."""

    code = models.CharField("规则", max_length=60)
    value = models.JSONField("取值")
    source = models.CharField("依据", max_length=200)

    class Meta(Fact.Meta):
        ordering = ("code", "valid_from")
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=("code",),
                condition=models.Q(valid_to__isnull=True),
                name="district_rule_one_open",
            ),
        )
