"""What coverage hands on: rates as plain values, requests as official documents."""

from liangxin.coverage.reports.rates import coverage_report

__all__ = ["coverage_report"]
