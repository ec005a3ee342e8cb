"""Where a unit of a draft could go: the groups around it, each with what stands in the way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

from django.db.models import Q, QuerySet

from liangxin.coverage.models import BranchProposal, ProposedGroup, ProposedUnit
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.edit_changes import hosted, joining, leaving
from liangxin.coverage.queries.edit_rules import (
    MIN_MEMBERS,
    GroupState,
    Hindrance,
    Way,
    metres_between,
    way,
)
from liangxin.coverage.queries.edit_state import Board, LeftOutState, board, unit_facts
from liangxin.coverage.queries.proposals import groups, left_out
from liangxin.coverage.terms import LeftOutCode
from liangxin.kernel.viewer import Viewer

SHOWN_GROUPS: Final = 10
SHOWN_LEFT_OUT: Final = 12
METRES_A_DEGREE: Final = 111_195
BEYOND: Final = (
    1.3  # somewhat further than the rules reach, so that "too far" is shown and not guessed
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A group that the unit could go to; `metres` to its host, None where a position is not known."""

    state: GroupState
    host: PlannedOrganisation
    units: tuple[PlannedOrganisation, ...]
    metres: float | None
    way: Way | None
    hindrances: tuple[Hindrance, ...]

    @property
    def members(self) -> int:
        return sum(one.members for one in self.units)

    @property
    def is_possible(self) -> bool:
        return not self.hindrances

    @property
    def needs_reason(self) -> bool:
        return bool(self.hindrances) and all(one.may_be_reasoned for one in self.hindrances)


@dataclass(frozen=True, kw_only=True)
class UnitChoices:
    """A unit where it stands, and everything that may be done with it."""

    unit: PlannedOrganisation
    home: GroupState | None
    home_units: tuple[PlannedOrganisation, ...]
    left_out: LeftOutState | None
    leaving: tuple[Hindrance, ...]
    hosting: tuple[Hindrance, ...]
    choices: tuple[Choice, ...]
    near_left_out: tuple[tuple[PlannedOrganisation, float], ...]
    apart: tuple[PlannedOrganisation, ...]

    @property
    def may_dissolve(self) -> bool:
        """Whether it could go if what is left of its group were broken up: too few members, and no more."""
        return bool(self.leaving) and {one.rule for one in self.leaving} == {MIN_MEMBERS}

    @property
    def is_pinned(self) -> bool:
        return self.home is not None and self.unit.organisation_id in self.home.pinned

    @property
    def is_host(self) -> bool:
        return self.home is not None and self.unit.organisation_id == self.home.host

    @property
    def others(self) -> list[PlannedOrganisation]:
        """Who might be kept apart from it: near units that are not yet, its own group's apart."""
        known = {one.organisation_id for one in (*self.apart, *self.home_units, self.unit)}
        near = [one for choice in self.choices for one in choice.units]
        near += [one for one, _ in self.near_left_out]
        return [one for one in near if one.organisation_id not in known]


def unit_choices(
    viewer: Viewer, draft: BranchProposal, unit: int, *, search: str = ""
) -> UnitChoices | None:
    """What the viewer may do with a unit of the draft; None where it is not the viewer's to change.

    With `search`, groups of that number or with a unit of that name are shown instead of the nearest.
    """
    seen = groups(viewer, draft).order_by()
    standing = ProposedUnit.objects.filter(proposal=draft, organisation_id=unit)
    is_left = left_out(viewer, draft).filter(organisation_id=unit).exists()
    if not is_left and not standing.filter(group_id__in=seen.values("pk")).exists():
        return None
    one = unit_facts(draft, [unit])[unit]
    numbers = _found_numbers(seen, search) if search else _near_numbers(seen, draft, one)
    near = _near_left_out(viewer, draft, one)
    held = board(draft, numbers=numbers, keys=[unit, *(key for key, _ in near)])
    held.facts |= unit_facts(draft, _apart_from(held, unit) - set(held.facts))
    return _described(held, unit, numbers=numbers, near=near)


def _described(
    held: Board, unit: int, *, numbers: Collection[int], near: Sequence[tuple[int, float]]
) -> UnitChoices:
    home = held.home(unit)
    hosting = hosted(held, unit).hindrances if home is not None else ()
    shown = [
        held.groups[number]
        for number in numbers
        if number in held.groups and number != _number(home)
    ]
    choices = [_choice(held, unit, state) for state in shown]
    return UnitChoices(
        unit=held.facts[unit],
        home=home,
        home_units=_units(held, home) if home else (),
        left_out=held.left_out.get(unit),
        leaving=tuple(leaving(held, unit)),
        hosting=tuple(hosting),
        choices=tuple(sorted(choices, key=_by_distance)),
        near_left_out=tuple((held.facts[key], metres) for key, metres in near),
        apart=tuple(held.facts[key] for key in sorted(_apart_from(held, unit))),
    )


def _choice(held: Board, unit: int, state: GroupState) -> Choice:
    one, host = held.facts[unit], held.facts[state.host]
    return Choice(
        state=state,
        host=host,
        units=_units(held, state),
        metres=metres_between(one, host),
        way=way(one, host, held.limits.parameters),
        hindrances=tuple(joining(held, unit, to=state.number)),
    )


def _units(held: Board, state: GroupState) -> tuple[PlannedOrganisation, ...]:
    return tuple(held.facts[unit] for unit in state.units)


def _number(state: GroupState | None) -> int:
    return state.number if state else 0


def _by_distance(choice: Choice) -> tuple[float, int]:
    return (0.0 if choice.metres is None else choice.metres, choice.state.number)


def _apart_from(held: Board, unit: int) -> set[int]:
    return {one for pair in held.apart if unit in pair for one in pair if one != unit}


def _found_numbers(seen: QuerySet[ProposedGroup, Any], text: str) -> list[int]:
    named = ProposedUnit.objects.filter(name__icontains=text).order_by().values("group_id")
    wanted = Q(pk__in=named)
    if text.isdecimal() and len(text) < 7:
        wanted |= Q(number=int(text))
    found = seen.filter(wanted).order_by("number").values_list("number", flat=True)
    return list(found[:SHOWN_GROUPS])


def _near_numbers(
    seen: QuerySet[ProposedGroup, Any], draft: BranchProposal, one: PlannedOrganisation
) -> list[int]:
    hosts = ProposedUnit.objects.filter(
        proposal=draft, is_host=True, group_id__in=seen.values("pk")
    )
    found = hosts.filter(_around(one, draft)).order_by("group__number")
    rows = found.values_list("group__number", "lon", "lat")
    near = sorted((_metres(one, lon, lat), number) for number, lon, lat in rows)
    return [number for _, number in near[: SHOWN_GROUPS + 1]]


def _near_left_out(
    viewer: Viewer, draft: BranchProposal, one: PlannedOrganisation
) -> list[tuple[int, float]]:
    rows = (
        left_out(viewer, draft)
        .filter(_around(one, draft), lon__isnull=False)
        .exclude(organisation_id=one.organisation_id)
        .exclude(code=LeftOutCode.NO_POSITION)
        .values_list("organisation_id", "lon", "lat")
    )
    near = sorted(
        (_metres(one, lon, lat), key)
        for key, lon, lat in rows
        if lon is not None and lat is not None
    )
    return [(key, metres) for metres, key in near[:SHOWN_LEFT_OUT]]


def _around(one: PlannedOrganisation, draft: BranchProposal) -> Q:
    """A condition on rows with `lon` and `lat`: not much further than the rules reach."""
    if one.lon is None or one.lat is None:
        return Q()
    radii = (draft.parameters["street_radius_m"], draft.parameters["industry_radius_m"])
    north = BEYOND * max(radii) / METRES_A_DEGREE
    east = north / max(0.1, cos(radians(one.lat)))
    return Q(
        lon__range=(one.lon - east, one.lon + east), lat__range=(one.lat - north, one.lat + north)
    )


def _metres(one: PlannedOrganisation, lon: float, lat: float) -> float:
    if one.lon is None or one.lat is None:
        return 0.0
    east = (lon - one.lon) * METRES_A_DEGREE * cos(radians(one.lat))
    return float((east**2 + ((lat - one.lat) * METRES_A_DEGREE) ** 2) ** 0.5)
