"""Times of searches at the server; run by search.py with its settings in place."""

import sys
import time
from dataclasses import dataclass
from datetime import date
from statistics import median

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from _ledger import fill_ledger  # noqa: E402
from _speed import Speed  # noqa: E402
from liangxin.accounts.models import RoleGrant  # noqa: E402
from liangxin.config.wsgi import settle  # noqa: E402
from liangxin.kernel.jobs import Progress  # noqa: E402
from liangxin.kernel.models import User  # noqa: E402
from liangxin.kernel.viewer import Role, ScopeKind  # noqa: E402
from liangxin.registry.actions.searching import rebuild_search_index  # noqa: E402
from liangxin.registry.models import (  # noqa: E402
    Area,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    Person,
    Posting,
    SearchPosting,
)

ROUNDS = 2
LIMIT_MS = 100
SOME = 12


@dataclass(frozen=True)
class Seat:
    """A role over the largest scope of its kind in this ledger."""

    title: str
    role: Role
    kind: ScopeKind
    key: str = ""


def main(scale: int) -> int:
    """Fill, index, print the times of each kind of query and role; 1 where a p95 is over the limit."""
    call_command("migrate", verbosity=0)
    if not Organisation.objects.exists():
        fill_ledger(scale=scale, today=timezone.localdate())
    started = time.perf_counter()
    rebuild_search_index(at=timezone.localdate(), progress=Progress())
    took_s = time.perf_counter() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    settle()
    print(
        f"\n{connection.vendor}：{Organisation.objects.count():,} 家单位，{Person.objects.count():,} 人，"
        f"{SearchPosting.objects.count():,} 个词元，编索引 {took_s:.0f} 秒；毫秒：中位 / p95",
        flush=True,
    )
    speed = Speed()
    slow = [seat.title for seat in seats() if not _is_fast(seat, speed=speed)]
    print(f"限 {LIMIT_MS} 毫秒（p95）：{'超出 ' + '、'.join(slow) if slow else '都在内'}")
    print(speed.in_words())
    return 1 if slow else 0


def seats() -> list[Seat]:
    """One of each role, over much."""
    street = Area.objects.order_by("pk").first()
    branch = _most(PartyCoverage.objects.all(), "party_organisation_id")
    guide = _most(Posting.objects.all(), "person_id")
    unit = OrganisationVersion.objects.order_by("pk").first()
    return [
        Seat("区级", Role.DISTRICT_OFFICE, ScopeKind.DISTRICT),
        Seat("街道干事", Role.COMMITTEE_OFFICER, ScopeKind.STREET, str(street and street.pk)),
        Seat("行业干事", Role.COMMITTEE_OFFICER, ScopeKind.TRADE, "C"),
        Seat("书记", Role.SECRETARY, ScopeKind.PARTY_ORGANISATION, branch),
        Seat("指导员", Role.INSTRUCTOR, ScopeKind.ASSIGNED_FIRMS, guide),
        Seat("出资人", Role.OWNER, ScopeKind.ORGANISATION, str(unit and unit.organisation_id)),
    ]


def queries() -> dict[str, list[str]]:
    """Kinds of words people type, each with some examples of this ledger."""
    step = max(1, OrganisationVersion.objects.count() // SOME)
    rows = list(
        OrganisationVersion.objects.order_by("pk").values_list(
            "name", "name_initials", "organisation__uscc"
        )
    )[::step][:SOME]
    names = [name for name, _, _ in rows]
    codes = [code for _, _, code in rows if code]
    persons = list(Person.objects.order_by("pk").values_list("name", flat=True)[:20000:2000])
    return {
        "一个字，常见": ["司", "科", "有", "中", "大", "张", "王"],
        "一个字，少见": [name[2] for name in names],
        "两个字，常见": ["科技", "公司", "有限", "商贸", "餐饮"],
        "两个字": [name[2:4] for name in names],
        "四个字": [name[2:6] for name in names],
        "有限公司": ["有限公司", "科技有限公司"],
        "全名": names,
        "没有的": ["齉龘", "不存在的单位名称", "qqqxxx"],
        "两个词": [f"{name[2:4]} 有限" for name in names] + ["科技 路", "公司 号"],
        "首字母": ["kj", "yxgs", "hx", "zg", "kjyxgs", "sm"],
        "全拼": ["keji", "gongsi", "youxiangongsi", "kejiyouxiangongsi", "shangmao"],
        "混合": ["hx科技", "kj有限", "keji有限"],
        "信用代码": [code[:6] for code in codes] + [code[-6:] for code in codes] + codes,
        "地址": ["1号", "路8号", "大厦"],
        "人名": [*persons, *(name[:1] for name in persons)],
    }


def _is_fast(seat: Seat, *, speed: Speed) -> bool:
    client = _client_of(seat)
    every: list[float] = []
    for title, words in queries().items():
        times = [_request_ms(client, word) for _ in range(ROUNDS) for word in words]
        every += times
        speed.take()
        print(f"  {median(times):6.0f} / {_p95(times):6.0f}  {seat.title}：{title}", flush=True)
    print(f"  {median(every):6.0f} / {_p95(every):6.0f}  {seat.title}：全部", flush=True)
    return _p95(every) <= LIMIT_MS


def _client_of(seat: Seat) -> Client:
    user, _ = User.objects.get_or_create(username=f"bench-{seat.title}", defaults={"name": "测量"})
    RoleGrant.objects.get_or_create(
        user=user,
        role=seat.role,
        scope_kind=seat.kind,
        scope_key=seat.key,
        defaults={"valid_from": date(2020, 1, 1)},
    )
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _request_ms(client: Client, word: str) -> float:
    started = time.perf_counter()
    response = client.get("/search/suggest/", {"q": word})
    took = (time.perf_counter() - started) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{word}: {response.status_code}")
    return took


def _most(rows: object, key: str) -> str:
    counted = rows.values(key).annotate(number=Count("pk")).order_by("-number", key)  # type: ignore[attr-defined]
    return str(counted[0][key])


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
