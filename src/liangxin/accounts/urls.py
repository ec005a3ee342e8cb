"""Addresses of accounts."""

from django.urls import path

from liangxin.accounts.views import audit, session, users

urlpatterns = [
    path("login/", session.login, name="login"),
    path("logout/", session.logout, name="logout"),
    path("password/", session.password, name="password"),
    path("users/", users.user_list, name="users"),
    path("users/new/", users.create, name="user-new"),
    path("users/<int:user_id>/", users.user_page, name="user"),
    path("users/<int:user_id>/grant/", users.grant, name="user-grant"),
    path("users/<int:user_id>/switch/", users.switch, name="user-switch"),
    path("users/<int:user_id>/reset/", users.reset, name="user-reset"),
    path("grants/<int:grant_id>/end/", users.end, name="grant-end"),
    path("audit/", audit.audit, name="audit"),
]
