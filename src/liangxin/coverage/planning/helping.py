"""What would bring a left-out organisation into a lawful branch: the smallest change that is enough.

Weighed are the organisations left out and the groups with room; other groups stay as they are. A change
is a longer radius within a street or a trade, one more member (at the organisation or at a neighbour), or,
where nothing of this helps, an instructor.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot, inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangxin.coverage.planning.grouping import GroupedRows
from liangxin.coverage.planning.plane import Plane
from liangxin.coverage.queries.candidates import Candidates, PlannedOrganisation, division
from liangxin.coverage.queries.hosting import may_host
from liangxin.coverage.queries.open_branches import OpenBranch
from liangxin.coverage.terms import HelpKind, PlanParameters

SLACK_M: Final = 1e-6
FARTHEST_M: Final = 50_000  # no form takes a radius beyond
NONE: Final = -1
PLACE_IT: Final = "在单位资料里补上楼宇园区或坐标后再测算。"
GUIDE: Final = "先选派党建指导员或联络员，做到工作覆盖。"


@dataclass(frozen=True)
class Place:
    """Somebody on the plane; codes None where not known."""

    key: int
    name: str
    members: int
    x_m: float
    y_m: float
    site: int | None
    street: int | None
    trade: int | None
    units: int = 1  # of a group with room: how many it has
    may_host: bool = True


@dataclass(frozen=True)
class Help:
    """One change that would be enough, in words; `metres` is the radius it asks for, None for others."""

    kind: HelpKind
    text: str
    metres: float | None = None


Sums = frozenset[tuple[int, int]]  # (units, members) that some choice adds up to


class _Field:
    """Places as arrays, to find in one step who reaches a host."""

    def __init__(self, places: Sequence[Place], parameters: PlanParameters) -> None:
        self.places, self.parameters = places, parameters
        self.x_m = np.array([one.x_m for one in places], np.float64)
        self.y_m = np.array([one.y_m for one in places], np.float64)
        self.site, self.street, self.trade = (
            np.array([NONE if code is None else code for code in codes], np.int64)
            for codes in (
                [one.site for one in places],
                [one.street for one in places],
                [one.trade for one in places],
            )
        )
        self._around: dict[int, list[Place]] = {}

    def around(self, host: Place) -> list[Place]:
        """Those who reach the host as the radii stand."""
        if host.key not in self._around:
            metres = np.hypot(self.x_m - host.x_m, self.y_m - host.y_m)
            near = self._same(self.site, host.site)
            within = metres <= self.parameters.street_radius_m + SLACK_M
            near |= self._same(self.street, host.street) & within
            within = metres <= self.parameters.industry_radius_m + SLACK_M
            near |= self._same(self.trade, host.trade) & within
            found = [self.places[place] for place in np.flatnonzero(near).tolist()]
            self._around[host.key] = [one for one in found if one.key != host.key]
        return self._around[host.key]

    def _same(self, codes: NDArray[np.int64], code: int | None) -> NDArray[np.bool_]:
        return np.zeros(len(codes), np.bool_) if code is None else codes == code


class Scene:
    """Who is left out, which groups have room (`members` and `units` theirs), and who has no members."""

    def __init__(
        self,
        left: Sequence[Place],
        groups: Sequence[Place],
        empty: Sequence[Place],
        *,
        parameters: PlanParameters,
    ) -> None:
        self.left, self.groups, self.parameters = left, groups, parameters
        self._left, self._empty = _Field(left, parameters), _Field(empty, parameters)

    def helps(self, unit: Place) -> list[Help]:
        """Every smallest change that is enough for one organisation, the lightest first."""
        street, trade = self.radius_m(unit, by_street=True), self.radius_m(unit, by_street=False)
        if street == 0.0:
            text = "按现有距离已能编组：可在方案里人工加入邻近的组，或调高不覆盖折合的路程再测算。"
            return [Help(HelpKind.POSSIBLE, text)]
        found = [
            self._radius_help(HelpKind.STREET_RADIUS, "同街道", street),
            self._radius_help(HelpKind.INDUSTRY_RADIUS, "同行业", trade),
            self._own_member(unit),
            self._neighbours_member(unit),
        ]
        known = [one for one in found if one is not None]
        return known or [Help(HelpKind.GUIDE, f"附近凑不够党员：{GUIDE}")]

    def radius_m(self, unit: Place, *, by_street: bool) -> float:
        """The smallest radius that makes a lawful group with the unit possible; 0 where one is, inf never."""
        best = inf
        for group in self.groups:
            if self._fits(group, unit.members):
                best = min(best, self._needed_m(unit, group, by_street=by_street))
        for host in self.left:
            if not host.may_host:
                continue
            own_m = 0.0 if host is unit else self._needed_m(unit, host, by_street=by_street)
            if own_m < best:
                best = min(best, self._gathered_m(unit, host, own_m, best, by_street=by_street))
        return best

    def _gathered_m(
        self, unit: Place, host: Place, own_m: float, best: float, *, by_street: bool
    ) -> float:
        """The smallest radius at which the host gathers enough around itself and the unit."""
        sums = self._start(unit, host)
        if self._is_lawful(sums):
            return own_m
        ways = [
            (self._needed_m(other, host, by_street=by_street), other.members)
            for other in self.left
            if other is not unit and other is not host
        ]
        for way_m, members in sorted(way for way in ways if way[0] < best):
            sums = self._with(sums, members)
            if self._is_lawful(sums):
                return max(own_m, way_m)
        return inf

    def _radius_help(self, kind: HelpKind, words: str, metres: float) -> Help | None:
        now_m = (
            self.parameters.street_radius_m
            if kind is HelpKind.STREET_RADIUS
            else self.parameters.industry_radius_m
        )
        if not now_m < metres <= FARTHEST_M:
            return None
        asked = ceil(metres - SLACK_M)
        text = f"{words}距离上限放宽到 {asked:,} 米（+{asked - round(now_m):,} 米）"
        return Help(kind, text, metres)

    def _own_member(self, unit: Place) -> Help | None:
        parameters = self.parameters
        if unit.members + 1 >= parameters.min_members:
            return Help(HelpKind.OWN_MEMBER, "这里再有 1 名党员，可单独建立党支部")
        for host in (unit, *self._left.around(unit)):
            if not host.may_host:
                continue
            others = [one for one in self._left.around(host) if one is not unit]
            sums = self._all(self._start(unit, host, more=1), (one.members for one in others))
            if self._is_lawful(sums):
                return Help(HelpKind.OWN_MEMBER, "这里再有 1 名党员，可与邻近单位组成联合党支部")
        return None

    def _neighbours_member(self, unit: Place) -> Help | None:
        """One more member at the nearest neighbour for whom that is enough."""
        nearest: tuple[float, int] | None = None
        name, had = "", 0
        for host in (unit, *self._left.around(unit), *self._empty.around(unit)):
            if not host.may_host:
                continue
            near = [one for one in self._left.around(host) if one is not unit]
            growing = [host] if host is not unit else []
            if host.members:
                growing += [*near, *self._empty.around(host)]
            for one in growing:
                key = (hypot(one.x_m - unit.x_m, one.y_m - unit.y_m), one.key)
                if (nearest is None or key < nearest) and self._grows(unit, host, one, near):
                    nearest, name, had = key, one.name, one.members
        if nearest is None:
            return None
        more = "再有" if had else "有了"
        return Help(
            HelpKind.NEIGHBOURS_MEMBER,
            f"{name}（相距 {round(nearest[0]):,} 米）{more} 1 名党员，可一起组成联合党支部",
        )

    def _grows(self, unit: Place, host: Place, one: Place, near: Sequence[Place]) -> bool:
        """Whether one more member at `one` makes a lawful group of this host with the unit."""
        if one is host:
            sums = frozenset({(2, unit.members + host.members + 1)})
        else:
            sums = self._with(self._start(unit, host), one.members + 1, must=True)
        others = (other.members for other in near if other is not one and other is not host)
        return self._is_lawful(self._all(sums, others))

    def _needed_m(self, one: Place, end: Place, *, by_street: bool) -> float:
        """The radius one needs to reach an end: 0 where it does, inf where no radius of this kind helps."""
        if one.site is not None and one.site == end.site:
            return 0.0
        metres = hypot(one.x_m - end.x_m, one.y_m - end.y_m)
        same_street = one.street is not None and one.street == end.street
        same_trade = one.trade is not None and one.trade == end.trade
        if same_street and metres <= self.parameters.street_radius_m + SLACK_M:
            return 0.0
        if same_trade and metres <= self.parameters.industry_radius_m + SLACK_M:
            return 0.0
        return metres if (same_street if by_street else same_trade) else inf

    def _fits(self, group: Place, members: int) -> bool:
        parameters = self.parameters
        return (
            group.units < parameters.largest_units
            and group.members + members <= parameters.max_members
        )

    def _start(self, unit: Place, host: Place, *, more: int = 0) -> Sums:
        if host is unit:
            return frozenset({(1, unit.members + more)})
        return frozenset({(2, unit.members + host.members + more)})

    def _with(self, sums: Sums, members: int, *, must: bool = False) -> Sums:
        parameters = self.parameters
        more = {
            (units + 1, total + members)
            for units, total in sums
            if units < parameters.largest_units and total + members <= parameters.max_members
        }
        return frozenset(more if must else sums | more)

    def _all(self, sums: Sums, members: Iterable[int]) -> Sums:
        for one in members:
            if self._is_lawful(sums):
                break
            sums = self._with(sums, one)
        return sums

    def _is_lawful(self, sums: Sums) -> bool:
        parameters = self.parameters
        return any(
            units >= 2 and parameters.min_members <= total <= parameters.max_members
            for units, total in sums
        )


def scene_of(
    rows: GroupedRows,
    found: Candidates,
    *,
    parameters: PlanParameters,
    plane: Plane,
    no_hosts: Collection[int] = (),
    takers: Sequence[OpenBranch] = (),
) -> Scene:
    """The scene that a plan leaves behind.

    `no_hosts` are keys of organisations that must not host, `takers` the branches that units may join.
    """
    left_keys = {row.organisation_id for row in rows.left_out}
    sites = {one.organisation_id: one.site_id for one in found.to_group}
    left = [one for one in found.to_group if one.organisation_id in left_keys]
    return Scene(
        _places(left, plane, parameters=parameters, no_hosts=no_hosts),
        [
            *_groups(rows, sites, parameters=parameters, plane=plane),
            *_branches(rows, takers, parameters=parameters, plane=plane),
        ],
        _places(found.to_attach, plane, parameters=parameters, no_hosts=no_hosts),
        parameters=parameters,
    )


def tell_helps(rows: GroupedRows, scene: Scene) -> None:
    """Write on each left-out row what would help."""
    places = {place.key: place for place in scene.left}
    for row in rows.left_out:
        place = places.get(row.organisation_id)
        helps = [Help(HelpKind.POSITION, PLACE_IT)] if place is None else scene.helps(place)
        row.helps = [{"kind": str(one.kind), "text": one.text} for one in helps]


def _places(
    organisations: Sequence[PlannedOrganisation],
    plane: Plane,
    *,
    parameters: PlanParameters,
    no_hosts: Collection[int],
) -> list[Place]:
    barred = frozenset(no_hosts)
    known = [one for one in organisations if one.has_position]
    x_m, y_m = plane.metres([one.lon for one in known], [one.lat for one in known])
    return [
        Place(
            key=one.organisation_id,
            name=one.name,
            members=one.members,
            x_m=float(x),
            y_m=float(y),
            site=one.site_id,
            street=one.street_id,
            trade=division(one.industry_code),
            may_host=may_host(one, parameters, barred=barred),
        )
        for one, x, y in zip(known, x_m, y_m, strict=True)
    ]


def _groups(
    rows: GroupedRows,
    sites: Mapping[int, int | None],
    *,
    parameters: PlanParameters,
    plane: Plane,
) -> list[Place]:
    hosts = [
        unit
        for unit in rows.units
        if unit.is_host and unit.group.units_count < parameters.largest_units
    ]
    x_m, y_m = plane.metres([one.lon for one in hosts], [one.lat for one in hosts])
    return [
        Place(
            key=-unit.group.number,
            name=unit.name,
            members=unit.group.members,
            x_m=float(x),
            y_m=float(y),
            site=sites.get(unit.organisation_id),
            street=unit.street_id,
            trade=division(unit.industry_code),
            units=unit.group.units_count,
        )
        for unit, x, y in zip(hosts, x_m, y_m, strict=True)
    ]


def _branches(
    rows: GroupedRows,
    takers: Sequence[OpenBranch],
    *,
    parameters: PlanParameters,
    plane: Plane,
) -> list[Place]:
    """Branches that stand with the room that the plan leaves them, as if they were groups."""
    joining = {group.into_branch_id: group for group in rows.groups if group.into_branch_id}
    hosts = [one.host for one in takers]
    x_m, y_m = plane.metres([one.lon for one in hosts], [one.lat for one in hosts])
    places = []
    for one, x, y in zip(takers, x_m, y_m, strict=True):
        group = joining.get(one.key)
        free_units = one.free_units - (group.units_count if group else 0)
        free_members = one.free_members - (group.members if group else 0)
        place = Place(
            key=one.host.organisation_id,
            name=one.name,
            members=parameters.max_members - free_members,
            x_m=float(x),
            y_m=float(y),
            site=one.host.site_id,
            street=one.host.street_id,
            trade=division(one.host.industry_code),
            units=parameters.largest_units - free_units,
        )
        if free_units > 0:
            places.append(place)
    return places
