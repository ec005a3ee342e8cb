"""Addresses of accounts."""

from django.urls import path

from liangxin.accounts.views import (
    audit,
    audit_object,
    handing_over,
    second_step,
    security,
    session,
    tokens,
    users,
)

urlpatterns = [
    path("login/", session.login, name="login"),
    path("login/code/", second_step.second_step, name="second-step"),
    path("login/passkey/ask/", second_step.passkey_ask, name="passkey-ask"),
    path("login/passkey/", second_step.passkey_enter, name="passkey-enter"),
    path("logout/", session.logout, name="logout"),
    path("password/", session.password, name="password"),
    path("security/", security.security, name="security"),
    path("security/totp/", security.totp, name="totp"),
    path("security/totp/off/", security.totp_off, name="totp-off"),
    path("security/recovery-codes/", security.recovery_codes, name="recovery-codes"),
    path("security/passkeys/new/", security.passkey_new, name="passkey-new"),
    path("security/passkeys/keep/", security.passkey_keep, name="passkey-keep"),
    path(
        "security/passkeys/<int:passkey_id>/remove/", security.passkey_remove, name="passkey-remove"
    ),
    path("security/tokens/", tokens.token_list, name="tokens"),
    path("security/tokens/<int:token_id>/revoke/", tokens.revoke, name="token-revoke"),
    path("security/sign-ins/end/", security.end_sign_ins, name="sign-ins-end"),
    path("users/", users.user_list, name="users"),
    path("users/new/", users.create, name="user-new"),
    path("users/<int:user_id>/", users.user_page, name="user"),
    path("users/<int:user_id>/grant/", users.grant, name="user-grant"),
    path("users/<int:user_id>/switch/", users.switch, name="user-switch"),
    path(
        "users/<int:user_id>/two-step/reset/", security.reset_two_step, name="user-two-step-reset"
    ),
    path("users/<int:user_id>/handover/", handing_over.user_handover, name="user-handover"),
    path("users/<int:user_id>/reset/", users.reset, name="user-reset"),
    path("grants/<int:grant_id>/end/", users.end, name="grant-end"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit_object.audit_verify, name="audit-verify"),
    path("audit/object/<str:kind>/<str:key>/", audit_object.audit_object, name="audit-object"),
]
