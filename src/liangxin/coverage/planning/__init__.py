"""Proposals of joint branches: read the ledger, call the solvers, hold them to the rules, store."""

from liangxin.coverage.planning.redrafting import redraft
from liangxin.coverage.planning.refusing import NotPlannable
from liangxin.coverage.planning.running import plan

__all__ = ["NotPlannable", "plan", "redraft"]
