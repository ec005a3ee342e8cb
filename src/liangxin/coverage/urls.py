"""Addresses of the two coverages."""

from django.urls import path

from liangxin.coverage.views.organisations import organisations, uncovered
from liangxin.coverage.views.table import coverage

urlpatterns = [
    path("coverage/", coverage, name="coverage"),
    path("coverage/organisations/", organisations, name="coverage-organisations"),
    path("coverage/uncovered/", uncovered, name="uncovered"),
]
