"""The district is the same for the same seed and keeps its own rules."""

from collections import Counter, defaultdict
from datetime import date

from liangxin.demo.district import make_district
from liangxin.demo.facts import MARKER, District, Member


def _held(district: District) -> dict[str, list[Member]]:
    held: dict[str, list[Member]] = defaultdict(list)
    for member in district.members:
        if member.is_held_here:
            held[member.relation].append(member)
    return held


def test_make_district_repeats_itself_for_the_same_seed(district: District) -> None:
    again = make_district(seed=7, scale=1, today=district.today)

    assert again == district


def test_make_district_differs_for_another_seed(district: District) -> None:
    other = make_district(seed=8, scale=1, today=district.today)

    assert other.enterprises[0] != district.enterprises[0]
    assert other.streets != district.streets


def test_make_district_names_are_unique_and_marked(district: District) -> None:
    names = [e.name for e in district.enterprises]
    names += [s.name for s in district.social_organisations]
    names += [p.name for p in district.party_organisations]
    names += [s.name for s in district.sites]

    assert len(set(names)) == len(names)
    assert [name for name in names if MARKER not in name] == []


def test_make_district_credit_codes_are_unique(district: District) -> None:
    codes = [e.uscc for e in district.enterprises] + [s.uscc for s in district.social_organisations]
    present = [code for code in codes if code]

    assert len(set(present)) == len(present)
    assert 0 < len(codes) - len(present) < 100


def test_make_district_sites_hold_firms_of_their_own_street(district: District) -> None:
    streets = {site.name: site.street for site in district.sites}

    strays = [e for e in district.enterprises if e.site and streets[e.site] != e.street]

    assert strays == []


def test_make_district_employs_members_only_where_staff_suffices(district: District) -> None:
    counts = Counter(member.work_unit for member in district.members)
    staff = {e.name: e.employees for e in district.enterprises if e.status != "closed"}
    staff |= {s.name: s.employees for s in district.social_organisations if s.status != "closed"}

    assert [name for name, count in counts.items() if count > staff[name]] == []


def test_make_district_members_join_as_adults_in_the_past(district: District) -> None:
    for member in district.members:
        born = date.fromisoformat(
            f"{member.id_number[6:10]}-{member.id_number[10:12]}-{member.id_number[12:14]}"
        )
        assert (member.joined_date - born).days > 18.5 * 365
        assert member.joined_date < district.today
        assert (member.full_date is None) == (member.stage == "probationary")
        assert member.full_date is None or member.joined_date < member.full_date <= district.today


def test_make_district_branches_hold_three_full_members(district: District) -> None:
    held = _held(district)
    branches = [p for p in district.party_organisations if p.covered]

    weak = [p.name for p in branches if sum(m.stage == "full" for m in held[p.name]) < 3]

    assert weak == []


def test_make_district_branches_hold_only_staff_of_units_they_cover(district: District) -> None:
    covered = {p.name: set(p.covered) for p in district.party_organisations if p.covered}

    strangers = [
        m.name
        for m in district.members
        if m.relation in covered and m.work_unit not in covered[m.relation]
    ]

    assert strangers == []


def test_make_district_joint_branches_join_two_to_five_neighbours(district: District) -> None:
    places = {e.name: (e.street, e.site) for e in district.enterprises}
    places |= {s.name: (s.street, "") for s in district.social_organisations}
    joint = [p for p in district.party_organisations if p.kind == "joint_branch"]

    assert {len(p.covered) for p in joint} <= {2, 3, 4, 5}
    assert {len({places[name] for name in p.covered}) for p in joint} == {1}


def test_make_district_covers_each_unit_once_and_only_operating_ones(district: District) -> None:
    covered = [name for p in district.party_organisations for name in p.covered]
    statuses = {e.name: e.status for e in district.enterprises}
    statuses |= {s.name: s.status for s in district.social_organisations}

    assert len(set(covered)) == len(covered)
    assert {statuses[name] for name in covered} == {"operating"}


def test_make_district_founds_branches_after_the_firms_they_cover(district: District) -> None:
    established = {e.name: e.established_date for e in district.enterprises}
    established |= {s.name: s.established_date for s in district.social_organisations}

    for organisation in district.party_organisations:
        assert organisation.founded_date < district.today
        assert all(established[n] < organisation.founded_date for n in organisation.covered)


def test_make_district_parents_stand_before_their_children(district: District) -> None:
    seen = {""}
    for organisation in district.party_organisations:
        assert organisation.parent in seen
        seen.add(organisation.name)


def test_make_district_posts_instructors_within_their_capacity(district: District) -> None:
    served = [name for one in district.instructors for name in one.served]
    loads = [(len(one.served), one.capacity) for one in district.instructors]

    assert len(set(served)) == len(served)
    assert all(1 <= load <= capacity for load, capacity in loads)


def test_make_district_refers_only_to_what_exists(district: District) -> None:
    firms = {e.name for e in district.enterprises}
    units = firms | {s.name for s in district.social_organisations}
    party = {p.name for p in district.party_organisations}

    assert {m.work_unit for m in district.members} <= units
    assert {n for p in district.party_organisations for n in p.covered} <= units
    assert {m.relation for m in district.members if m.is_held_here} <= party
    assert not {m.relation for m in district.members if not m.is_held_here} & party
    assert {n for i in district.instructors for n in i.served} <= firms
    assert {m.name for m in district.mass_presences} <= firms


def test_make_district_uses_people_numbers_once(district: District) -> None:
    numbers = [m.id_number for m in district.members] + [i.id_number for i in district.instructors]

    assert len(set(numbers)) == len(numbers)
    assert {number[:4] for number in numbers} == {"9901"}
