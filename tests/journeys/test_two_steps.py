"""Signing in with an authenticator app and with a passkey, in a browser with a virtual device."""

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page

from liangxin.accounts.terms import DEMO_PASSWORD
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def log_out(visitor: Visitor) -> Page:
    visitor.page.get_by_role("button", name="退出", exact=True).click()
    visitor.page.wait_for_url("**/login/")
    return visitor.page


def type_password(page: Page, username: str) -> None:
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def test_a_code_of_the_app_is_asked_for_after_the_password(visit: Callable[..., Visitor]) -> None:
    visitor = visit("subscriber")
    page = visitor.go("/security/totp/")
    secret = page.inner_text("code.lx-secret")
    app = pyotp.TOTP(secret)
    page.fill("input[name=code]", app.now())
    page.get_by_role("button", name="启用").click()
    page.wait_for_selector(".lx-codes")
    recovery_code = page.locator(".lx-codes code").first.inner_text()
    page = log_out(visitor)

    type_password(page, "subscriber")
    page.wait_for_url("**/login/code/")
    page.fill("input[name=code]", "000000")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_selector("text=动态码不对")
    page.fill("input[name=code]", recovery_code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{visitor.site.url}/")

    page = visitor.go("/security/")
    page.get_by_text("换手机或停用").click()
    off = page.locator("form[action$='/totp/off/']")
    off.locator("input[name=password]").fill(DEMO_PASSWORD)
    off.get_by_role("button", name="停用手机动态码").click()
    page.wait_for_selector("text=手机动态码已停用")


def test_a_passkey_signs_in_without_a_password(visit: Callable[..., Visitor]) -> None:
    visitor = visit(None)
    # A passkey belongs to a name, never to a bare address.
    visitor.site = visitor.site.named()
    page = visitor.go("/login/")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    type_password(page, "owner")
    page.wait_for_url(f"{visitor.site.url}/")

    page = visitor.go("/security/")
    page.fill("#passkey-name", "办公电脑")
    page.get_by_role("button", name="登记这台设备").click()
    page.wait_for_selector("text=已登记“办公电脑”")
    page = log_out(visitor)

    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(f"{visitor.site.url}/")
    assert "单位情况" in page.inner_text("main")

    page = visitor.go("/security/")
    page.get_by_text("办公电脑").first.click()
    gone = page.locator("form[action*='/passkeys/'][action$='/remove/']")
    gone.locator("input[name=password]").fill(DEMO_PASSWORD)
    gone.get_by_role("button", name="删除").click()
    page.wait_for_selector("text=已删除“办公电脑”")
