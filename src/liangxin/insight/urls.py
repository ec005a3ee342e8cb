"""Addresses of the pages that show several apps."""

from django.urls import path

from liangxin.insight.views.home import home

urlpatterns = [
    path("", home, name="home"),
]
