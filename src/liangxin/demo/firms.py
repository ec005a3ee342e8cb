"""Sites and enterprises: half the firms sit in sites, the heavy tail in large buildings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import exp
from random import Random
from statistics import NormalDist

from liangxin.demo.facts import MARKER, Enterprise, Point, Site, Street
from liangxin.demo.geography import Places
from liangxin.demo.names import KEEPS_OWN_LIST, ROADS, SITE_WORDS, OrganisationNames, person_name
from liangxin.demo.numbers import make_phone, make_uscc, split_evenly
from liangxin.demo.trades import SECTIONS

ENTERPRISES = 20_000
SITES_OF_EACH_SIZE = 150
LARGE_TAIL = (3.406, 0.896)  # lognormal: mean 45 firms, P90 95
SMALL_TAIL = (2.80, 0.60)  # lognormal: mean 20 firms
STREET_WEIGHTS = (15.0, 13.0, 11.0, 10.0, 9.0, 8.0, 8.0, 7.0, 6.0, 5.0, 4.0, 4.0)
SITE_KINDS = (("building", "大厦"), ("building", "中心"), ("park", "产业园"), ("market", "市场"),
              ("street_front", "商业街"), ("other", "创业基地"))  # fmt: skip
SITE_KIND_WEIGHTS = (46, 20, 18, 7, 5, 4)
KINDS = {"company": 81.5, "sole_proprietorship": 6.0, "partnership": 3.0, "foreign": 1.5,
         "branch_office": 4.0, "individual_business": 3.0, "cooperative": 1.0}  # fmt: skip
STATUSES = {"operating": 84.0, "closed": 4.0, "shell": 3.5, "dormant": 4.0, "unknown": 4.5}
USCC_PREFIXES = {"individual_business": "92", "cooperative": "93"}
WITHOUT_USCC_SHARE = 0.03


def street_weights(streets: Sequence[Street]) -> dict[str, float]:
    """Return each street's share of the district's life, in percent."""
    return {street.name: w for street, w in zip(streets, STREET_WEIGHTS, strict=True)}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for one firm: a street, a site's name or none, an address, a point."""

    street: str
    site: str
    address: str
    point: Point


def make_sites(streets: Sequence[Street], *, places: Places, scale: int, rng: Random) -> list[Site]:
    """Return large and small sites, more of them where the street weighs more."""
    weights = street_weights(streets)
    drawn = rng.choices(list(weights), list(weights.values()), k=2 * SITES_OF_EACH_SIZE * scale)
    names = OrganisationNames(rng)
    return [
        _make_site(street, names=names, point=places.draw(street), is_large=k % 2 == 0, rng=rng)
        for k, street in enumerate(drawn)
    ]


def _make_site(
    street: str, *, names: OrganisationNames, point: Point, is_large: bool, rng: Random
) -> Site:
    kind, ending = rng.choices(SITE_KINDS, SITE_KIND_WEIGHTS)[0]
    name = names.unused(MARKER + rng.choice(SITE_WORDS) + rng.choice(SITE_WORDS), ending=ending)
    address = f"{MARKER}{street}{rng.choice(ROADS)}路{rng.randint(1, 399)}号"
    return Site(name, kind, street, address, point, is_large)


def tail(count: int, parameters: tuple[float, float], *, rng: Random) -> list[int]:
    """Return `count` sizes that follow a lognormal exactly by quantile, in random order."""
    normal = NormalDist(*parameters)
    sizes = [max(1, round(exp(normal.inv_cdf((k + 0.5) / count)))) for k in range(count)]
    rng.shuffle(sizes)
    return sizes


def make_seats(
    streets: Sequence[Street], sites: Sequence[Site], *, places: Places, total: int, rng: Random
) -> list[Seat]:
    """Return one seat for each of `total` firms: those in sites first, then the streets'."""
    seats = _site_seats(sites, rng=rng)[:total]
    weights = street_weights(streets)
    counts = split_evenly(total - len(seats), list(weights.values()))
    for street, count in zip(weights, counts, strict=True):
        seats += [_street_seat(street, places=places, rng=rng) for _ in range(count)]
    return seats


def _site_seats(sites: Sequence[Site], *, rng: Random) -> list[Seat]:
    seats = []
    for is_large, parameters in ((True, LARGE_TAIL), (False, SMALL_TAIL)):
        chosen = [site for site in sites if site.is_large == is_large]
        for site, size in zip(chosen, tail(len(chosen), parameters, rng=rng), strict=True):
            seats += [_room(site, rng=rng) for _ in range(size)]
    return seats


def _room(site: Site, *, rng: Random) -> Seat:
    room = f"{rng.randint(1, 28)}{rng.randint(1, 20):02d}室"
    return Seat(
        site.street, site.name, site.address + site.name.removeprefix(MARKER) + room, site.point
    )


def _street_seat(street: str, *, places: Places, rng: Random) -> Seat:
    address = f"{MARKER}{street}{rng.choice(ROADS)}路{rng.randint(1, 999)}号"
    return Seat(street, "", address, places.draw(street))


class Firms:
    """Makes enterprises for given seats, with their own streams of chance."""

    def __init__(self, *, names: OrganisationNames, today: date, rng: Random) -> None:
        self._names = names
        self._today = today
        self._rng = rng
        self._trades = [trade for section in SECTIONS for trade in section.trades]
        self._trade_weights = list(
            accumulate(s.percent / len(s.trades) for s in SECTIONS for _ in s.trades)
        )

    def make(self, seat: Seat, *, index: int) -> Enterprise:
        """Return enterprise number `index`, which sits on `seat`."""
        rng = self._rng
        trade = rng.choices(self._trades, cum_weights=self._trade_weights)[0]
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        status = rng.choices(list(STATUSES), list(STATUSES.values()))[0]
        employees = max(1, round(rng.lognormvariate(1.3, 1.4)))
        return Enterprise(
            name=self._names.enterprise(trade=rng.choice(trade.words), kind=kind),
            uscc=self._uscc(index, kind=kind, street=seat.street),
            kind=kind,
            status=status,
            street=seat.street,
            site=seat.site,
            address=seat.address,
            industry=trade.code,
            employees=employees,
            revenue_wan=round(employees * rng.lognormvariate(3.2, 0.8), 2),
            has_premises=self._answer(yes=0.94 if status == "operating" else 0.3),
            has_activity=self._answer(yes=0.88 if status == "operating" else 0.15),
            legal_representative=person_name(rng),
            phone=make_phone(rng),
            established_date=self._established(),
            point=seat.point,
        )

    def _uscc(self, index: int, *, kind: str, street: str) -> str:
        if street in KEEPS_OWN_LIST and self._rng.random() < WITHOUT_USCC_SHARE:
            return ""
        return make_uscc(index + 1, prefix=USCC_PREFIXES.get(kind, "91"))

    def _answer(self, *, yes: float) -> bool | None:
        return None if self._rng.random() < 0.03 else self._rng.random() < yes

    def _established(self) -> date:
        days = 150 + min(9000, int(self._rng.expovariate(1 / 2600)))
        return self._today - timedelta(days=days)
