"""Today's Party organisations: committees, branches of one firm, joint branches, mixed branches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from liangxin.demo.facts import CITY, DIVISION, MARKER, Member, PartyOrganisation, Street
from liangxin.demo.names import OrganisationNames, person_name
from liangxin.demo.numbers import random_date, split_evenly
from liangxin.demo.people import Unit

SINGLE_OF_FIRMS, SINGLE_OF_SOCIAL = 222, 15
JOINT_OF_FIRMS, JOINT_OF_SOCIAL = 398, 22
GENERAL_BRANCHES = 6
FULL_MEMBERS_FOR_BRANCH = 3
UNITS_OF_JOINT_BRANCH = (2, 2, 3, 3, 4, 5)
MIXED_BRANCH_SIZE = 45
HELD_IN_OWN_BRANCH_SHARE = 0.85
HELD_HERE_SHARE = 0.55
PROPENSITIES = (1.6, 0.7, 1.3, 0.5, 1.0, 1.7, 0.6, 1.2, 0.45, 0.9, 0.5, 1.8)
ELSEWHERE = (
    "户籍地某县{}村党支部",
    "原单位{}厂党委",
    "{}社区党委",
    "{}人才服务中心流动党员党委",
    "{}大学毕业生党支部",
)
ELSEWHERE_WORDS = ("石桥", "柳林", "东风", "前进", "桂花", "向阳", "邻县", "省城", "南塘", "红星")
EARLIEST = date(2003, 1, 1)


@dataclass(frozen=True, slots=True)
class Staff:
    """One unit with the positions of its members in the list of all members."""

    unit: Unit
    members: tuple[int, ...]
    full: int


class PartyBuilder:
    """Founds Party organisations over the units and settles where each relation is held."""

    def __init__(
        self,
        *,
        streets: Sequence[Street],
        units: Sequence[Unit],
        members: Sequence[Member],
        scale: int,
        today: date,
        rng: Random,
    ) -> None:
        self._streets = [street.name for street in streets]
        self._today = today
        self._scale = scale
        self._rng = rng
        self._names = OrganisationNames(rng)
        self.members = list(members)
        self.organisations: list[PartyOrganisation] = []
        self._staffs = _staffs(units, members)
        self._covered: set[str] = set()
        self._parents: dict[str, str] = {}

    def build(self) -> None:
        """Found all organisations, then give every member a place where the relation is held."""
        self._found_committees()
        self._found_general_branches()
        for is_social, singles, joints in (
            (False, SINGLE_OF_FIRMS, JOINT_OF_FIRMS),
            (True, SINGLE_OF_SOCIAL, JOINT_OF_SOCIAL),
        ):
            self._found_singles(singles * self._scale, is_social=is_social)
            self._found_joints(joints * self._scale, is_social=is_social)
        self._hold_the_others()

    def _found(
        self,
        stem: str,
        *,
        ending: str,
        kind: str,
        street: str,
        parent: str,
        units: Sequence[Unit] = (),
        holders: Sequence[int] = (),
    ) -> str:
        """Record one organisation that holds the relations of `holders`; return its name."""
        name = self._names.unused(stem, ending=ending)
        for position in holders:
            self.members[position] = replace(
                self.members[position], relation=name, is_held_here=True
            )
        self._covered.update(unit.name for unit in units)
        self.organisations.append(
            PartyOrganisation(
                name=name,
                code=f"{DIVISION}{len(self.organisations) + 1:06d}",
                kind=kind,
                parent=parent,
                street=street,
                founded_date=self._founding_date(units),
                covered=tuple(unit.name for unit in units),
                secretary=self._secretary(holders),
            )
        )
        return name

    def _founding_date(self, units: Sequence[Unit]) -> date:
        after = max((unit.established_date for unit in units), default=EARLIEST)
        first = max(EARLIEST, after + timedelta(days=60))
        return random_date(self._rng, first=first, last=self._today - timedelta(days=5))

    def _secretary(self, holders: Sequence[int]) -> str:
        if not holders:
            return person_name(self._rng)
        return self.members[self._rng.choice(holders)].name

    def _found_committees(self) -> None:
        top = f"中共{CITY}{MARKER}委两新组织工作"
        top = self._found(top, ending="委员会", kind="work_committee", street="", parent="")
        for street in self._streets:
            self._parents[street] = self._found(
                f"中共{MARKER}{street}两新组织工作",
                ending="委员会",
                kind="work_committee",
                street=street,
                parent=top,
            )

    def _found_general_branches(self) -> None:
        """Give the sites with most members a general branch above the branches in them."""
        crowd: dict[tuple[str, str], int] = defaultdict(int)
        for staff in self._staffs:
            if staff.unit.site:
                crowd[staff.unit.site, staff.unit.street] += len(staff.members)
        fullest = sorted(crowd, key=lambda place: (-crowd[place], place))
        for site, street in fullest[: GENERAL_BRANCHES * self._scale]:
            self._parents[site] = self._found(
                f"中共{site}", ending="总支部委员会", kind="general_branch", street=street,
                parent=self._parents[street],
            )  # fmt: skip

    def _open(self, *, is_social: bool) -> dict[str, list[Staff]]:
        """Return the units with members that nobody covers yet, by street."""
        found: dict[str, list[Staff]] = {street: [] for street in self._streets}
        for staff in self._staffs:
            unit = staff.unit
            is_open = unit.can_be_covered and unit.name not in self._covered
            if is_open and unit.is_social == is_social and staff.members:
                found[unit.street].append(staff)
        return found

    def _quotas(self, total: int, counts: Iterable[int]) -> list[int]:
        weights = [c * p + 1e-9 for c, p in zip(counts, PROPENSITIES, strict=True)]
        return split_evenly(total, weights)

    def _found_singles(self, total: int, *, is_social: bool) -> None:
        ready = {
            street: [s for s in staffs if s.full >= FULL_MEMBERS_FOR_BRANCH]
            for street, staffs in self._open(is_social=is_social).items()
        }
        quotas = self._quotas(total, [len(staffs) for staffs in ready.values()])
        for staffs, quota in zip(ready.values(), quotas, strict=True):
            keyed = sorted(staffs, key=lambda s: -s.full * self._rng.random() ** 2)
            for staff in keyed[:quota]:
                self._found_branch([staff], stem=f"中共{staff.unit.name}", kind="branch")

    def _found_joints(self, total: int, *, is_social: bool) -> None:
        groups = [self._groups(staffs) for staffs in self._open(is_social=is_social).values()]
        quotas = self._quotas(total, [len(found) for found in groups])
        for found, quota in zip(groups, quotas, strict=True):
            for group in self._rng.sample(found, min(quota, len(found))):
                unit = group[0].unit
                place = unit.site or f"{MARKER}{unit.street}"
                kind = "社会组织" if is_social else "企业"
                self._found_branch(group, stem=f"中共{place}{kind}联合", kind="joint_branch")

    def _groups(self, staffs: Sequence[Staff]) -> list[list[Staff]]:
        """Cut the units of one street, neighbours side by side, into groups fit for a branch."""
        groups = []
        ordered = sorted(staffs, key=lambda s: (s.unit.site, s.unit.name))
        while ordered:
            group = ordered[: self._rng.choice(UNITS_OF_JOINT_BRANCH)]
            del ordered[: len(group)]
            while len(group) < 5 and ordered and sum(s.full for s in group) < 3:
                group.append(ordered.pop(0))
            is_fit = len(group) > 1 and sum(s.full for s in group) >= FULL_MEMBERS_FOR_BRANCH
            if is_fit and group[0].unit.site == group[-1].unit.site:
                groups.append(group)
        return groups

    def _found_branch(self, group: Sequence[Staff], *, stem: str, kind: str) -> None:
        unit = group[0].unit
        self._found(
            stem,
            ending="支部委员会",
            kind=kind,
            street=unit.street,
            parent=self._parents.get(unit.site, self._parents[unit.street]),
            units=[staff.unit for staff in group],
            holders=self._holders(group),
        )

    def _holders(self, group: Sequence[Staff]) -> list[int]:
        """Choose who holds the relation in the branch: most, and at least three full members."""
        everyone = [position for staff in group for position in staff.members]
        held = [p for p in everyone if self._rng.random() < HELD_IN_OWN_BRANCH_SHARE]
        full = [p for p in everyone if self.members[p].stage == "full"]
        lacking = FULL_MEMBERS_FOR_BRANCH - sum(p in held for p in full)
        return held + [p for p in full if p not in held][: max(0, lacking)]

    def _hold_the_others(self) -> None:
        """Fill mixed branches of the streets up to the share held here; the rest stay elsewhere."""
        loose = [s for s in self._staffs if s.unit.name not in self._covered]
        pairs = [(p, s.unit.street) for s in loose for p in s.members]
        held = sum(member.is_held_here for member in self.members)
        wanted = max(0, round(HELD_HERE_SHARE * len(self.members)) - held)
        by_street: dict[str, list[int]] = defaultdict(list)
        for position, street in sorted(self._rng.sample(pairs, min(wanted, len(pairs)))):
            by_street[street].append(position)
        self._found_mixed_branches(by_street)
        for position, member in enumerate(self.members):
            if not member.is_held_here:
                self.members[position] = replace(member, relation=self._elsewhere())

    def _found_mixed_branches(self, by_street: Mapping[str, Sequence[int]]) -> None:
        for street in self._streets:
            waiting = by_street.get(street, ())
            for start in range(0, len(waiting), MIXED_BRANCH_SIZE):
                self._found(
                    f"中共{MARKER}{street}两新组织综合",
                    ending="支部委员会",
                    kind="branch",
                    street=street,
                    parent=self._parents[street],
                    holders=waiting[start : start + MIXED_BRANCH_SIZE],
                )

    def _elsewhere(self) -> str:
        return self._rng.choice(ELSEWHERE).format(self._rng.choice(ELSEWHERE_WORDS))


def _staffs(units: Sequence[Unit], members: Sequence[Member]) -> list[Staff]:
    positions: dict[str, list[int]] = defaultdict(list)
    for position, member in enumerate(members):
        positions[member.work_unit].append(position)
    return [_staff(unit, positions.get(unit.name, ()), members) for unit in units]


def _staff(unit: Unit, positions: Sequence[int], members: Sequence[Member]) -> Staff:
    full = sum(members[position].stage == "full" for position in positions)
    return Staff(unit, tuple(positions), full)
