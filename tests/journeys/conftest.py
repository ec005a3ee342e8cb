"""A journey stands on the real thing: the demo district, the server and its worker, and Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from liangxin.accounts.terms import DEMO_PASSWORD

LIANGXIN = [sys.executable, "-c", "from liangxin.config.cli import main; main()"]
START_TIMEOUT_S = 60.0
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--enable-unsafe-swiftshader",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}


@dataclass(frozen=True)
class Site:
    """A served demo district."""

    url: str
    folder: Path
    summary: dict[str, Any]

    def named(self) -> "Site":
        """The same site by the machine's name instead of its address."""
        return replace(self, url=self.url.replace("127.0.0.1", "localhost"))

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a liangxin command on the district's own database."""
        return subprocess.run(
            [*LIANGXIN, *arguments],
            env=environment(self.folder),
            capture_output=True,
            text=True,
            check=False,
        )


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "LIANGXIN_MODE": "demo", "LIANGXIN_DATA_DIR": str(folder)}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo district at scale 1, served with a worker on a free port."""
    folder = tmp_path_factory.mktemp("journey") / "demo"
    told = subprocess.run(
        [*LIANGXIN, "demo", "--no-serve", "--json"],
        env=environment(folder),
        stdout=subprocess.PIPE,
        check=True,
    )
    port = free_port()
    server = subprocess.Popen([*LIANGXIN, "serve", "--port", str(port)], env=environment(folder))
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_served(url)
        yield Site(url, folder, json.loads(told.stdout))
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_served(url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{url}/login/", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{url} did not answer within {START_TIMEOUT_S} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the system."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """A page with somebody logged in, and everything the browser complained of."""

    page: Page
    site: Site
    complaints: list[str]

    def go(self, path: str) -> Page:
        """Open a path of the site and wait for its page."""
        answer = self.page.goto(f"{self.site.url}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Log somebody in: `visit("office")`, `visit("officer", size=PHONE)`; no complaint may remain."""
    visitors: list[Visitor] = []

    def log_in(username: str | None, *, size: dict[str, int] = DESKTOP) -> Visitor:
        context = browser.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
        visitor = Visitor(context.new_page(), site, [])
        watch(visitor)
        visitors.append(visitor)
        page = visitor.go("/login/")
        if username:
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", DEMO_PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url(f"{site.url}/")
        return visitor

    yield log_in
    for visitor in visitors:
        visitor.page.context.close()
    assert [line for visitor in visitors for line in visitor.complaints] == []


def watch(visitor: Visitor) -> None:
    """Note errors of scripts, refused requests (CSP) and requests to other hosts."""
    page, complaints, site = visitor.page, visitor.complaints, visitor.site

    def heard(message: Any) -> None:
        if message.type == "error" and "WebGL" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def asked(request: Any) -> None:
        own = (site.url, site.named().url, "data:", "blob:")
        if not request.url.startswith(own):
            complaints.append(f"{page.url} asks another host: {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", asked)
