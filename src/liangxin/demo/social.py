"""Social organisations: service agencies, associations, a few foundations."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from liangxin.demo.facts import MARKER, SocialOrganisation, Street
from liangxin.demo.firms import street_weights
from liangxin.demo.names import BRAND_FIRST, BRAND_SECOND, ROADS, OrganisationNames, person_name
from liangxin.demo.numbers import make_phone, make_uscc

SOCIAL_ORGANISATIONS = 600
KIND_SHARES = (("service", 0.57), ("association", 0.42), ("foundation", 0.01))
USCC_PREFIXES = {"association": "51", "service": "52", "foundation": "53"}
ENDINGS = {
    "service": (
        "社会工作服务中心",
        "幼儿园",
        "养老服务中心",
        "职业培训学校",
        "助残服务中心",
        "文化艺术中心",
    ),
    "association": ("商会", "行业协会", "志愿者协会", "书画协会", "健身运动协会", "同业联合会"),
    "foundation": ("公益基金会", "教育基金会"),
}
SUPERVISORS = {
    "service": ("示例区民政局", "示例区教育局", "示例区人力资源和社会保障局", "示例区文化和旅游局"),
    "association": ("示例区工商业联合会", "示例区民政局", "示例区体育局", "示例区商务局"),
    "foundation": ("示例区民政局",),
}
STATUSES = {"operating": 90, "closed": 4, "dormant": 3, "unknown": 3}


def make_social_organisations(
    streets: Sequence[Street], *, names: OrganisationNames, scale: int, today: date, rng: Random
) -> list[SocialOrganisation]:
    """Return 600 social organisations for each step of scale, kinds in exact shares."""
    weights = street_weights(streets)
    total = SOCIAL_ORGANISATIONS * scale
    kinds = [kind for kind, share in KIND_SHARES for _ in range(round(share * total))]
    rng.shuffle(kinds)
    drawn = rng.choices(list(weights), list(weights.values()), k=len(kinds))
    return [
        _make_one(
            kind, street=street, index=index, name=_name(kind, names, rng), today=today, rng=rng
        )
        for index, (kind, street) in enumerate(zip(kinds, drawn, strict=True))
    ]


def _name(kind: str, names: OrganisationNames, rng: Random) -> str:
    brand = rng.choice(BRAND_FIRST) + rng.choice(BRAND_SECOND)
    return names.unused(MARKER + brand, ending=rng.choice(ENDINGS[kind]))


def _make_one(
    kind: str, *, street: str, index: int, name: str, today: date, rng: Random
) -> SocialOrganisation:
    return SocialOrganisation(
        name=name,
        uscc=make_uscc(index + 1, prefix=USCC_PREFIXES[kind]),
        kind=kind,
        status=rng.choices(list(STATUSES), list(STATUSES.values()))[0],
        street=street,
        address=f"{MARKER}{street}{rng.choice(ROADS)}路{rng.randint(1, 399)}号",
        employees=max(1, round(rng.lognormvariate(1.6, 0.9))),
        supervisor=rng.choice(SUPERVISORS[kind]),
        legal_representative=person_name(rng),
        phone=make_phone(rng),
        established_date=today - timedelta(days=rng.randint(200, 8000)),
    )
