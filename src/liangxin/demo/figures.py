"""The district in figures: the counts and shares that the synthetic district promises."""

from collections import Counter
from statistics import quantiles

from liangxin.demo.facts import District, Enterprise
from liangxin.demo.trades import SECTION_LETTERS

SAN_YOU_EMPLOYEES = 10


def describe(district: District) -> dict[str, float]:
    """Return counts, and shares between 0 and 1, of the district by name."""
    return {
        **_counts(district),
        **_firm_figures(district),
        **_member_figures(district),
        **_party_figures(district),
    }


def _counts(district: District) -> dict[str, float]:
    return {
        "streets": len(district.streets),
        "sites": len(district.sites),
        "enterprises": len(district.enterprises),
        "social_organisations": len(district.social_organisations),
        "party_organisations": len(district.party_organisations),
        "members": len(district.members),
        "instructors": len(district.instructors),
        "mass_presences": len(district.mass_presences),
    }


def _firm_figures(district: District) -> dict[str, float]:
    firms = district.enterprises
    total = len(firms)
    sections = Counter(SECTION_LETTERS[firm.industry] for firm in firms)
    statuses = Counter(firm.status for firm in firms)
    return {
        "share_in_sites": sum(bool(firm.site) for firm in firms) / total,
        "large_site_p90_firms": _large_site_p90(district),
        "mean_employees": sum(firm.employees for firm in firms) / total,
        "san_you_firms": sum(is_san_you(firm) for firm in firms),
        **{f"section_{letter}_share": count / total for letter, count in sorted(sections.items())},
        **{f"status_{status}_share": count / total for status, count in sorted(statuses.items())},
    }


def is_san_you(firm: Enterprise) -> bool:
    """Whether a firm has fixed premises, activity and at least ten staff, and still operates."""
    stands = firm.status == "operating" and firm.kind not in (
        "individual_business",
        "branch_office",
    )
    has_both = firm.has_premises is True and firm.has_activity is True
    return stands and has_both and firm.employees >= SAN_YOU_EMPLOYEES


def _large_site_p90(district: District) -> float:
    large = {site.name: 0 for site in district.sites if site.is_large}
    for firm in district.enterprises:
        if firm.site in large:
            large[firm.site] += 1
    return quantiles(large.values(), n=10)[-1]


def _member_figures(district: District) -> dict[str, float]:
    firms = {firm.name for firm in district.enterprises}
    staff = sum(firm.employees for firm in district.enterprises if firm.status != "closed")
    per_firm = Counter(m.work_unit for m in district.members if m.work_unit in firms)
    return {
        "members_per_staff": sum(per_firm.values()) / staff,
        "firms_with_member_share": len(per_firm) / len(firms),
        "firms_with_three_share": sum(n >= 3 for n in per_firm.values()) / len(firms),
        "held_here_share": sum(m.is_held_here for m in district.members) / len(district.members),
    }


def _party_figures(district: District) -> dict[str, float]:
    kinds = Counter(p.kind for p in district.party_organisations if p.covered)
    covered = [name for p in district.party_organisations for name in p.covered]
    return {
        "single_branches": kinds["branch"],
        "joint_branches": kinds["joint_branch"],
        "covered_units": len(covered),
        "covered_share": len(covered)
        / (len(district.enterprises) + len(district.social_organisations)),
        "served_firms": sum(len(i.served) for i in district.instructors),
    }
