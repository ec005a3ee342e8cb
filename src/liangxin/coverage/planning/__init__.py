"""Proposals of joint branches: read the ledger, call the solvers, hold them to the rules, store."""

from liangxin.coverage.planning.running import NotPlannable, plan

__all__ = ["NotPlannable", "plan"]
