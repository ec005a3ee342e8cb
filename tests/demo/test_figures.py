"""The district holds the figures it promises at scale 1."""

from collections import Counter

import pytest

from liangxin.demo.facts import District
from liangxin.demo.figures import describe


@pytest.fixture(scope="module")
def figures(district: District) -> dict[str, float]:
    return describe(district)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("streets", 12),
        ("sites", 300),
        ("enterprises", 20_000),
        ("social_organisations", 600),
        ("members", 9_500),
        ("instructors", 450),
        ("joint_branches", 420),
    ],
)
def test_describe_counts_are_exact(figures: dict[str, float], name: str, count: int) -> None:
    assert figures[name] == count


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("share_in_sites", 0.45, 0.55),
        ("large_site_p90_firms", 90, 102),
        ("mean_employees", 9.0, 10.6),
        ("san_you_firms", 2_800, 3_200),
        ("section_F_share", 0.32, 0.34),
        ("section_L_share", 0.11, 0.13),
        ("section_C_share", 0.11, 0.13),
        ("members_per_staff", 0.045, 0.055),
        ("firms_with_member_share", 0.26, 0.285),
        ("firms_with_three_share", 0.038, 0.05),
        ("held_here_share", 0.545, 0.555),
        ("single_branches", 222, 240),
        ("party_organisations", 680, 760),
        ("served_firms", 800, 1_400),
        ("status_unknown_share", 0.03, 0.06),
    ],
)
def test_describe_figures_stay_in_range(
    figures: dict[str, float], name: str, low: float, high: float
) -> None:
    assert low <= figures[name] <= high


def test_describe_social_kinds_are_in_exact_shares(district: District) -> None:
    kinds = Counter(one.kind for one in district.social_organisations)

    assert kinds == {"service": 342, "association": 252, "foundation": 6}


def test_describe_coverage_is_uneven_between_streets(district: District) -> None:
    streets = {e.name: e.street for e in district.enterprises}
    firms = Counter(streets.values())
    covered = Counter(
        streets[n] for p in district.party_organisations for n in p.covered if n in streets
    )

    rates = sorted(covered[street] / firms[street] for street in firms)

    assert rates[-1] > 2 * rates[0]
