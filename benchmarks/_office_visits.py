"""An officer at the browser: logs in, goes from page to page with a pause before each, saves a form now and then.

Knows the site by its addresses alone, without Django, as a browser would.
"""

import http.client
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

TIMEOUT_S = 60
SAVE = "保存修改"
FORM = "打开修改页"
WORDS = ("科技", "餐饮", "王", "wuye", "联合", "商贸", "hs", "物业")
# How often each is opened, of 100. Opening a form is followed by saving it half of the time.
MIX: Mapping[str, tuple[int, str]] = {
    "首页": (8, "/"),
    "挂图作战": (8, "/board/"),
    "覆盖情况": (5, "/coverage/"),
    "未覆盖清单": (8, "/coverage/uncovered/"),
    "单位台账": (12, "/organisations/"),
    "单位台账，筛选": (9, "/organisations/?status=operating&sort=-employees"),
    "单位页": (16, "/organisations/{firm}/"),
    FORM: (10, "/organisations/{firm}/edit/"),
    "搜索": (10, "/search/?q={word}"),
    "待核对": (5, "/confirmations/"),
    "党组织页": (3, "/party-organisations/{party}/"),
    "党员": (3, "/members/"),
    "变化对比": (3, "/changes/"),
}


@dataclass(frozen=True)
class Visit:
    """One answered request: which page, when it was asked for, how long it took, what was wrong ('': nothing)."""

    page: str
    asked_s: float
    took_ms: float
    fault: str


@dataclass
class Officer:
    """One account with its connection, its cookies and its own chance."""

    seat: Mapping[str, Any]
    port: int
    chance: Random
    think_s: tuple[float, float]
    visits: list[Visit] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None
    led_to: str = ""

    def log_in(self) -> None:
        """Come in by the form everybody uses; SystemExit when it refuses."""
        _, page = self._ask("GET", "/login/")
        form = filled_form(page, holding="password")
        form |= {name: str(self.seat[name]) for name in ("username", "password")}
        status, _ = self._ask("POST", "/login/", form)
        if status != 302 or "sessionid" not in self.cookies:
            raise SystemExit(f"{self.seat['username']}：登录没有成功（{status}）")

    def work(self, until_s: float) -> None:
        """Open page after page until the hour has come."""
        while self._think(until_s):
            name = self.chance.choices(list(MIX), [often for often, _ in MIX.values()])[0]
            address = self._address(MIX[name][1])
            page = self._visit(name, "GET", address)
            if name == FORM and self.chance.random() < 0.5 and self._think(until_s):
                self._save(address, page)

    def _save(self, address: str, page: str) -> None:
        form = filled_form(page, holding="based_on")
        if "employees" in form:
            form["employees"] = str(int(form["employees"] or 0) + 1)
        self._visit(SAVE, "POST", address, form)

    def _address(self, pattern: str) -> str:
        return pattern.format(
            firm=self.chance.choice(self.seat["firms"]),
            party=self.chance.choice(self.seat["party"]),
            word=quote(self.chance.choice(WORDS)),
        )

    def _think(self, until_s: float) -> bool:
        pause_s = self.chance.uniform(*self.think_s)
        time.sleep(max(0.0, min(pause_s, until_s - time.monotonic())))
        return time.monotonic() < until_s

    def _visit(
        self, name: str, method: str, address: str, form: Mapping[str, str] | None = None
    ) -> str:
        asked_s = time.monotonic()
        page, fault = "", ""
        try:
            status, page = self._ask(method, address, form)
            if method == "GET" and status == 302:
                status, page = self._ask("GET", self.led_to)
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            fault = type(error).__name__
        else:
            # A saved form leads elsewhere; a refused one comes back.
            fault = "" if status == (302 if method == "POST" else 200) else str(status)
        took_ms = (time.monotonic() - asked_s) * 1000
        self.visits.append(Visit(name, asked_s, took_ms, fault))
        return page

    def _ask(
        self, method: str, address: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        body = urlencode(form) if form is not None else None
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        self.led_to = answer.headers.get("Location", "")
        self._keep_cookies(answer.headers.get_all("Set-Cookie") or ())
        return answer.status, page

    def _keep_cookies(self, told: Sequence[str]) -> None:
        for line in told:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()


def filled_form(page: str, *, holding: str) -> dict[str, str]:
    """What a browser would send of the largest form of a page that holds the named field."""
    reader = _Forms()
    reader.feed(page)
    return max((form for form in reader.forms if holding in form), key=len, default={})


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif self.forms and tag == "input":
            self._read_input(told)
        elif tag == "select":
            self.select = told.get("name", "")
        elif tag == "option" and self.forms and self.select:
            self._read_option(told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""

    def _read_input(self, told: Mapping[str, str]) -> None:
        is_tick = told.get("type") in ("checkbox", "radio")
        if told.get("name") and (not is_tick or "checked" in told):
            self.forms[-1][told["name"]] = told.get("value", "")

    def _read_option(self, told: Mapping[str, str]) -> None:
        # A browser sends the first choice where none is marked.
        if "selected" in told or self.select not in self.forms[-1]:
            self.forms[-1][self.select] = told.get("value", "")
