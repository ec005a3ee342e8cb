"""Addresses of accounts."""

from django.urls import path

from liangxin.accounts.views import session

urlpatterns = [
    path("login/", session.login, name="login"),
    path("logout/", session.logout, name="logout"),
    path("password/", session.password, name="password"),
]
