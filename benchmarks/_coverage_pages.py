"""Times of the pages of coverage at the server; run by coverage.py with its settings in place.

Every page is asked for through the whole stack (middleware, session, views, templates) on one warm
connection: "cold" with the store of figures emptied before each request, as the first request after
any write to the ledger; "warm" as every later one.
"""

import sys
import time
from datetime import date
from statistics import median

import django

django.setup()

from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from _ledger import fill_ledger  # noqa: E402
from liangxin.accounts.models import RoleGrant  # noqa: E402
from liangxin.kernel.models import User  # noqa: E402

ROUNDS = {1: 30, 10: 12}
LIMIT_MS = {1: 200, 10: 500}
PAGES = (
    ("挂图作战", "/board/"),
    ("挂图作战，三有企业", "/board/?base=san_you"),
    ("覆盖表，按街道", "/coverage/?by=street"),
    ("覆盖表，按楼宇园区", "/coverage/?by=site"),
    ("覆盖表，按行业", "/coverage/?by=industry"),
    ("覆盖表，按规模", "/coverage/?by=size"),
    ("未覆盖清单", "/coverage/organisations/?which=uncovered"),
    ("未覆盖清单，一个街道", "/coverage/organisations/?which=uncovered&street=3"),
    ("未覆盖清单，按名称第100页", "/coverage/organisations/?which=uncovered&sort=name&page=100"),
    ("没有党组织，可联合组建", "/coverage/organisations/?which=without&reason=join"),
    ("没有党组织，需转接", "/coverage/organisations/?which=without&reason=transfer"),
    ("地图，街道", "/board/streets.json"),
    ("地图，单位位置", "/board/points.json"),
)


def main(scale: int) -> int:
    """Fill the ledger, print the times of every page; 1 where a warm p95 is over the limit."""
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    fill_ledger(scale=scale, today=timezone.localdate())
    filled_s = time.perf_counter() - started
    print(f"\n{20_600 * scale:,} 家单位（写入 {filled_s:.0f} 秒），毫秒：中位 / p95", flush=True)
    client = office_client()
    slow = [name for name, url in PAGES if not _is_fast(client, name, url, scale=scale)]
    print(
        f"限 {LIMIT_MS[scale]} 毫秒（后续请求 p95）：{'超出 ' + '、'.join(slow) if slow else '都在内'}"
    )
    return 1 if slow else 0


def office_client() -> Client:
    """A logged-in client of the district office that accepts gzip."""
    user = User.objects.create(username="bench", name="测量")
    RoleGrant.objects.create(
        user=user, role="district_office", scope_kind="district", valid_from=date(2020, 1, 1)
    )
    client = Client(headers={"Accept-Encoding": "gzip", "Host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _is_fast(client: Client, name: str, url: str, *, scale: int) -> bool:
    cold = [_request_ms(client, url, is_cold=True) for _ in range(ROUNDS[scale])]
    warm = [_request_ms(client, url, is_cold=False) for _ in range(ROUNDS[scale])]
    print(f"  首次 {_summary(cold)}  后续 {_summary(warm)}  {name}", flush=True)
    return _p95(warm) <= LIMIT_MS[scale]


def _request_ms(client: Client, url: str, *, is_cold: bool) -> float:
    if is_cold:
        cache.clear()
    started = time.perf_counter()
    response = client.get(url)
    took = (time.perf_counter() - started) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{url}: {response.status_code}")
    return took


def _summary(times: list[float]) -> str:
    return f"{median(times):6.0f} / {_p95(times):6.0f}"


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
