"""Work coverage: instructors and liaisons posted to firms, unions and the Youth League."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from liangxin.demo.facts import Enterprise, Instructor, MassPresence, PartyOrganisation
from liangxin.demo.names import person_name
from liangxin.demo.numbers import IdNumbers, make_phone

INSTRUCTORS = 450
LIAISON_SHARE = 0.2
CAPACITIES = (1, 2, 3, 3, 4, 5)
HOME_UNITS = ("示例区总工会", "示例区工商业联合会", "示例区市场监督管理局", "示例区税务局", "示例区民政局",
              "示例区人力资源和社会保障局", "共青团示例区委员会", "示例区商务局", "示例区妇女联合会")  # fmt: skip
TERM_DAYS = 730


def make_instructors(
    enterprises: Sequence[Enterprise],
    party: Sequence[PartyOrganisation],
    *,
    scale: int,
    today: date,
    rng: Random,
) -> list[Instructor]:
    """Return instructors and liaisons, posted to large uncovered firms first."""
    waiting = iter(_firms_to_serve(enterprises, party, rng=rng))
    ids = IdNumbers(rng, area="990199")
    return [
        _make_instructor(waiting, ids=ids, today=today, rng=rng) for _ in range(INSTRUCTORS * scale)
    ]


def _firms_to_serve(
    enterprises: Sequence[Enterprise], party: Sequence[PartyOrganisation], *, rng: Random
) -> list[str]:
    covered = {name for organisation in party for name in organisation.covered}
    free = [e for e in enterprises if e.status == "operating" and e.name not in covered]
    free.sort(key=lambda e: -e.employees * rng.random())
    return [e.name for e in free]


def _make_instructor(
    waiting: Iterator[str], *, ids: IdNumbers, today: date, rng: Random
) -> Instructor:
    capacity = rng.choice(CAPACITIES)
    load = rng.randint(1, capacity)
    start = today - timedelta(days=rng.randint(10, 800))
    born = today - timedelta(days=rng.randint(28 * 366, 62 * 365))
    return Instructor(
        name=person_name(rng),
        id_number=ids.make(born=born, sex=rng.choice("男女")),
        phone=make_phone(rng),
        role="liaison" if rng.random() < LIAISON_SHARE else "instructor",
        home_unit=rng.choice(HOME_UNITS),
        capacity=capacity,
        served=tuple(name for _, name in zip(range(load), waiting, strict=False)),
        start_date=start,
        end_date=start + timedelta(days=TERM_DAYS),
    )


def make_mass_presences(enterprises: Sequence[Enterprise], *, rng: Random) -> list[MassPresence]:
    """Return what the union's survey of firms with ten staff or more found."""
    return [
        MassPresence(
            e.name, _has(rng, e, large=0.62, small=0.14), _has(rng, e, large=0.2, small=0.04)
        )
        for e in enterprises
        if e.status == "operating" and e.employees >= 10
    ]


def _has(rng: Random, enterprise: Enterprise, *, large: float, small: float) -> bool:
    return rng.random() < (large if enterprise.employees >= 50 else small)
