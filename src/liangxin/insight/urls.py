"""Addresses of the pages that show several apps."""

from django.urls import path

from liangxin.insight.views.home import home
from liangxin.insight.views.organisation import organisation

urlpatterns = [
    path("", home, name="home"),
    path("organisations/<int:organisation_id>/", organisation, name="organisation"),
]
