"""Take every picture of the guide from a served demo district.

    python docs/guide/take_screenshots.py http://127.0.0.1:8000

The pictures of an import need an import: a small made-up list is uploaded, written and undone, so
that the ledger of the demo is afterwards as it was.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from small_pictures import shrink

from liangxin.accounts.terms import DEMO_PASSWORD
from liangxin.kernel.viewer import ROLE_TITLES, Role
from liangxin.standards.uscc import uscc_check_character
from liangxin.workbook.writing import TableSheet, write_xlsx

IMAGES = Path(__file__).parent / "images"
OPTIONS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--enable-unsafe-swiftshader",
]
DESK_WIDTH, PHONE_WIDTH, HEIGHT = 1440, 360, 900
WAIT_MS = 60_000
CODE_LETTERS = 18
MAP_MS = 2_500  # the map has no sign that it has finished drawing
HEADERS = ("单位名称", "信用代码", "街道", "状态", "员工数", "成立时间", "网格员")


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at which page, and how much of it is shown."""

    name: str
    username: str
    path: str
    height: int = HEIGHT
    is_phone: bool = False
    follow: str = ""  # a link to open first, as a selector
    choose: int = 0  # rows to tick before the button that acts on them is pressed
    part: str = ""  # the only part to show, unfolded if it folds, as a selector


NEEDED = """() => {
  const low = (what) => Math.max(0, ...[...document.querySelectorAll(what)]
    .map((one) => one.getBoundingClientRect().bottom));
  const me = document.querySelector(".lx-me");
  return Math.max(low("main > *") + 32, low(".lx-menu li") + (me ? me.offsetHeight : 0) + 24);
}"""
FIRST_FIRM = "main td a[href^='/organisations/']"
FIRST_PLAN = "main td a[href^='/plans/']"
FIRST_ESTABLISHMENT = "main td a[href^='/establishments/']"
SHOTS = (
    Shot("login", "", "/login/", 800),
    Shot("office-home", "office", "/", 860),
    Shot("office-board", "office", "/board/"),
    Shot("office-board-phone", "office", "/board/", 700, is_phone=True),
    Shot("office-coverage", "office", "/coverage/", 780),
    Shot("coverage-terms", "office", "/coverage/", part="main details"),
    Shot("office-uncovered", "office", "/coverage/uncovered/", 700),
    Shot("office-rule", "office", "/rules/san_you.min_employees/", 700),
    Shot("officer-home", "officer", "/", 700),
    Shot("officer-organisation", "officer", "/coverage/uncovered/", 780, follow=FIRST_FIRM),
    Shot("officer-organisation-new", "officer", "/organisations/new/", 700),
    Shot("plan-new", "office", "/plans/new/", 860),
    Shot("plan", "office", "/plans/", 980, follow=FIRST_PLAN),
    Shot("plan-phone", "officer", "/plans/", 760, is_phone=True, follow=FIRST_PLAN),
    Shot("plan-adopt", "officer", "/plans/", 640, follow=FIRST_PLAN, choose=3),
    Shot("establishment", "officer", "/establishments/", 900, follow=FIRST_ESTABLISHMENT),
    Shot("secretary-home", "secretary", "/", 700),
    Shot("secretary-member", "secretary", "/", 700, follow="main a[href^='/members/']"),
    Shot("instructor-home", "instructor", "/", 640),
    Shot("instructor-home-phone", "instructor", "/", 700, is_phone=True),
    Shot("owner-home", "owner", "/", 640),
    Shot("member-home", "member", "/", 640),
    Shot("member-home-phone", "member", "/", 700, is_phone=True),
    Shot("subscriber-home", "subscriber", "/", 420),
    Shot("admin-home", "admin", "/", 520),
    Shot("admin-audit", "admin", "/audit/", 480),
)


class Photographer:
    """Takes pictures of one demo, logged in as whoever a picture asks for."""

    def __init__(self, browser: Browser, *, address: str) -> None:
        self.browser = browser
        self.address = address.rstrip("/")

    @contextmanager
    def visit(self, username: str, *, is_phone: bool = False) -> Iterator[Page]:
        """Open a fresh window with `username` logged in, nobody for ''."""
        width = PHONE_WIDTH if is_phone else DESK_WIDTH
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT}, locale="zh-CN", device_scale_factor=1
        )
        page = context.new_page()
        page.goto(f"{self.address}/login/")
        if username:
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", DEMO_PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url(f"{self.address}/")
        yield page
        context.close()

    def take(self, shot: Shot) -> None:
        """Take one picture."""
        with self.visit(shot.username, is_phone=shot.is_phone) as page:
            page.goto(f"{self.address}{shot.path}")
            if shot.follow:
                page.locator(shot.follow).first.click()
                page.wait_for_load_state()
            if shot.choose:
                self._choose(page, rows=shot.choose)
            if page.locator("#map").count():
                page.wait_for_timeout(MAP_MS)
            keep(page, shot.name, height=shot.height, part=shot.part)

    def _choose(self, page: Page, *, rows: int) -> None:
        boxes = page.locator("main tbody input[type=checkbox]:not([disabled])")
        for row in range(rows):
            boxes.nth(row).check()
        page.get_by_role("button", name="采纳所选").click()
        page.wait_for_load_state()

    def take_grant(self) -> None:
        """Take the picture of granting a role."""
        with self.visit("admin") as page:
            self._go(page, "/users/")
            page.locator("main td a:has-text('党务干事')").first.click()
            page.select_option("#id_role", label=ROLE_TITLES[Role.COMMITTEE_OFFICER])
            page.locator("#id_find").fill("街道")
            page.locator("#picker input[type=radio]").first.wait_for()
            keep(page, "admin-user", height=830)

    def take_import(self) -> None:
        """Take the pictures of an import from upload to undo."""
        with self.visit("office") as page, tempfile.TemporaryDirectory() as folder:
            self._go(page, "/organisations/?status=operating")
            path = Path(folder) / "企业名单（演示）.xlsx"
            write_list(path, known=known_firms(page))
            self._upload(page, path)
            batch = page.url
            self._look_closer(page, batch)
            self._write_and_undo(page, batch)

    def _upload(self, page: Page, path: Path) -> None:
        self._go(page, "/imports/")
        page.set_input_files("input[type=file]", path)
        page.fill("input[name=source]", "市场监管局（演示）")
        keep(page, "import-upload", height=730)
        page.get_by_role("button", name="上传并检查").click()
        page.get_by_text("可以写入").first.wait_for(timeout=WAIT_MS)
        keep(page, "import-check", height=730)

    def _look_closer(self, page: Page, batch: str) -> None:
        page.get_by_role("link", name="看没有采用的行和原因").click()
        page.get_by_text("怎么改").first.wait_for()
        keep(page, "import-rows", height=730)
        page.locator("main tbody a").first.click()
        page.get_by_role("button", name="保存并重新检查").wait_for()
        keep(page, "import-mend", height=730)
        page.goto(batch)
        page.locator("main a[href*='/changes']").first.click()
        page.get_by_role("heading", name="变化前后").wait_for()
        keep(page, "import-changes", height=730)
        page.goto(batch)
        page.get_by_role("link", name="核对各列的含义").first.click()
        page.get_by_role("button", name="保存并重新读取").wait_for()
        keep(page, "import-columns", height=760)

    def _write_and_undo(self, page: Page, batch: str) -> None:
        page.goto(batch)
        page.get_by_role("button", name=re.compile("写入台账")).click()
        page.get_by_text("已写入").first.wait_for(timeout=WAIT_MS)
        page.get_by_role("button", name="撤销这一批").wait_for(timeout=WAIT_MS)
        keep(page, "import-written", height=730)
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="撤销这一批").click()
        page.get_by_text("已撤销").first.wait_for(timeout=WAIT_MS)

    def _go(self, page: Page, path: str) -> None:
        page.goto(f"{self.address}{path}")


def keep(page: Page, name: str, *, height: int, part: str = "") -> None:
    """Write a picture of the top of the page down to `height` or its last line, or of one part."""
    page.wait_for_load_state("networkidle")
    path = IMAGES / f"{name}.png"
    if part:
        page.locator(f"{part} > summary").first.click()
        page.locator(part).first.screenshot(path=path, animations="disabled")
        return
    width = page.viewport_size["width"] if page.viewport_size else DESK_WIDTH
    # The menu is as high as the window: in a lower picture it must not be cut off.
    page.set_viewport_size({"width": width, "height": min(height, int(page.evaluate(NEEDED)))})
    page.mouse.move(0, 0)
    page.screenshot(path=path, animations="disabled")


def known_firms(page: Page) -> list[tuple[str, str, str]]:
    """Name, credit code and street of the first firms of the list that is open."""
    found = []
    for row in page.locator("main tbody tr").all():
        name, code, street = (
            row.locator(f'td[data-title="{title}"]').inner_text().strip()
            for title in ("单位名称", "统一社会信用代码", "街道")
        )
        if len(code) == CODE_LETTERS:
            found.append((name, code, street))
    return found[:2]


def write_list(path: Path, *, known: list[tuple[str, str, str]]) -> None:
    """Write a made-up list with all that a check can find: new, changed, mendable, hopeless."""
    street = known[0][2]
    known_rows = [(*firm, "存续", "２５6人", "2019.3.5", "") for firm in known]
    new_rows = [
        ("示例晨光（示例区）有限公司", uscc(1), street, "存续", "12人", "2021年3月5日", "张示例"),
        ("示例远帆（示例区）有限公司", uscc(2), street, "开业", "1,200", "20200618", "张示例"),
        ("示例青禾（示例区）有限公司", uscc(3), street, "在营", "８", "2022/11/1", "李示例"),
        ("示例云岭（示例区）有限公司", wrong(uscc(4)), street, "存续", "36", "2018-07-09", ""),
        ("示例海棠（示例区）有限公司", uscc(5), "没有的街道", "存续", "约20", "2018-02-30", ""),
    ]
    total = ("合计", "", "", "", "", "", "")
    write_xlsx(path, [TableSheet("企业名单", HEADERS, [*new_rows, *known_rows, total])])


def uscc(number: int) -> str:
    first17 = f"91990199{number:09d}"
    return first17 + uscc_check_character(first17)


def wrong(code: str) -> str:
    """The same code with another check character."""
    return code[:-1] + ("1" if code[-1] == "0" else "0")


def main(address: str) -> None:
    """Take all pictures of the demo served at `address`."""
    IMAGES.mkdir(exist_ok=True)
    for old in IMAGES.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(
            executable_path=program, args=OPTIONS, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        photographer = Photographer(browser, address=address)
        for shot in SHOTS:
            photographer.take(shot)
        photographer.take_grant()
        photographer.take_import()
        canvas = browser.new_page()
        for path in IMAGES.glob("*.png"):
            shrink(path, page=canvas)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
