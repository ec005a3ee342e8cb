"""Attach organisations by one min-cost flow: organisation -> taker (or its street) -> places."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.spatial import cKDTree

from liangxin.optimize.attachment.problem import NONE, AttachmentProblem, Flags, Floats, Ints
from liangxin.optimize.attachment.solution import AttachmentSolution, UnattachedReason

PER_METRE = 100  # the flow counts in whole centimetres


class FlowFailed(RuntimeError):
    """The flow solver gave no answer to a network that always has one."""


@dataclass(frozen=True)
class _Arcs:
    """Parallel arrays: from node to node, how many, at what cost in centimetres."""

    tail: Ints
    head: Ints
    room: Ints
    cost: Ints


def attach(problem: AttachmentProblem) -> AttachmentSolution:
    """Give as many organisations as possible a taker near them, then at least total cost.

    Each organisation weighs its `nearest` takers; while one stays unattached beside a taker with a
    free place, twice as many are weighed. Deterministic.
    """
    looked_at, every = min(problem.nearest, len(problem.places)), len(problem.places)
    taker = _flow(problem, looked_at)
    while looked_at < every and _has_place_near(problem, taker).any():
        looked_at = min(2 * looked_at, every)
        taker = _flow(problem, looked_at)
    return AttachmentSolution(taker, _ways(problem, taker), _reasons(problem, taker))


def _flow(problem: AttachmentProblem, looked_at: int) -> Ints:
    """Return the taker of each organisation.

    Nodes: organisations, takers, two per street (its takers without and with a position), the sink.
    """
    size, count = len(problem.x_m), len(problem.places)
    taker = np.full(size, NONE)
    direct, street = _direct_arcs(problem, looked_at), _street_arcs(problem)
    inner = _joined(direct, street)
    if not len(inner.tail):
        return taker
    sink = int(max(inner.head.max(), size + count - 1)) + 1
    arcs = _joined(inner, _place_arcs(problem, sink))
    flows = _solved(arcs, supplies=size, sink=sink)[: len(inner.tail)]
    used = direct.tail[flows[: len(direct.tail)] > 0]
    taker[used] = direct.head[flows[: len(direct.tail)] > 0] - size
    _through_streets(street, flows[len(direct.tail) :], size=size, taker=taker)
    return taker


def _solved(arcs: _Arcs, *, supplies: int, sink: int) -> Ints:
    network = SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(arcs.tail, arcs.head, arcs.room, arcs.cost)
    network.set_nodes_supplies(np.arange(supplies), np.ones(supplies, np.int64))
    network.set_node_supply(sink, -supplies)
    if network.solve_max_flow_with_min_cost() != SimpleMinCostFlow.OPTIMAL:
        raise FlowFailed("就近联系没有算成：请把名单交给维护人员。")
    flows: Ints = network.flows(np.arange(len(arcs.tail)))
    return flows


def _direct_arcs(problem: AttachmentProblem, looked_at: int) -> _Arcs:
    """From each organisation to its nearest takers with places."""
    seekers = np.flatnonzero(_known(problem.x_m, problem.y_m))
    offering = _known(problem.taker_x_m, problem.taker_y_m) & (problem.places > 0)
    takers = np.flatnonzero(offering)
    if not len(seekers) or not len(takers):
        return _no_arcs()
    tree = cKDTree(np.column_stack([problem.taker_x_m, problem.taker_y_m])[takers])
    metres, found = tree.query(
        np.column_stack([problem.x_m, problem.y_m])[seekers],
        k=np.arange(1, min(looked_at, len(takers)) + 1),
        distance_upper_bound=np.nextafter(problem.radius_m, np.inf),
    )
    is_near = np.isfinite(metres)
    rows, _ = np.nonzero(is_near)
    heads = len(problem.x_m) + takers[found[is_near]]
    costs = np.rint(metres[is_near] * PER_METRE).astype(np.int64)
    return _Arcs(seekers[rows], heads, np.ones(len(rows), np.int64), costs)


def _street_arcs(problem: AttachmentProblem) -> _Arcs:
    """From organisations to their street and on to its takers, where a position is not known."""
    size, count = len(problem.x_m), len(problem.places)
    streets = np.unique(np.concatenate([problem.street, problem.taker_street]))
    streets = streets[streets != NONE]
    placed = _known(problem.x_m, problem.y_m)
    taker_placed = _known(problem.taker_x_m, problem.taker_y_m)
    at_street, at_taker_street = problem.street != NONE, problem.taker_street != NONE
    arcs = _no_arcs()
    for side, (seeks, offers) in enumerate(
        ((at_street, ~taker_placed), (at_street & ~placed, taker_placed))
    ):
        seekers = np.flatnonzero(seeks)
        takers = np.flatnonzero(offers & at_taker_street & (problem.places > 0))
        first = size + count + side * len(streets)
        inward = first + np.searchsorted(streets, problem.street[seekers])
        outward = first + np.searchsorted(streets, problem.taker_street[takers])
        far = np.full(len(seekers), round(problem.radius_m * PER_METRE))
        none = np.zeros(len(takers), np.int64)
        rooms = np.minimum(problem.places[takers], size)
        arcs = _joined(
            arcs,
            _Arcs(seekers, inward, np.ones(len(seekers), np.int64), far),
            _Arcs(outward, size + takers, rooms, none),
        )
    return arcs


def _place_arcs(problem: AttachmentProblem, sink: int) -> _Arcs:
    """From each taker to the sink, one arc per place, each dearer than the last by the balance."""
    rooms = np.minimum(problem.places, len(problem.x_m))
    if not problem.balance_m:
        takers, order = np.flatnonzero(rooms), np.zeros(int((rooms > 0).sum()), np.int64)
        return _Arcs(len(problem.x_m) + takers, np.full(len(takers), sink), rooms[takers], order)
    takers = np.repeat(np.arange(len(rooms)), rooms)
    starts = np.repeat(np.cumsum(rooms) - rooms, rooms)
    order = np.arange(len(takers)) - starts
    if problem.loads is not None:
        order = order + np.repeat(problem.loads, rooms)
    costs = order * round(problem.balance_m * PER_METRE)
    ones = np.ones(len(takers), np.int64)
    return _Arcs(len(problem.x_m) + takers, np.full(len(takers), sink), ones, costs)


def _through_streets(arcs: _Arcs, flows: Ints, *, size: int, taker: Ints) -> None:
    """Pair who entered a street with who left it, both in their order."""
    enters = arcs.tail < size
    entered: dict[int, Iterator[int]] = {}
    for street in np.unique(arcs.head[enters]).tolist():
        through = enters & (arcs.head == street) & (flows > 0)
        entered[street] = iter(arcs.tail[through].tolist())
    for street, head, flow in _rows(arcs.tail, arcs.head, flows, chosen=~enters & (flows > 0)):
        for _ in range(flow):
            taker[next(entered[street])] = head - size


def _has_place_near(problem: AttachmentProblem, taker: Ints) -> Flags:
    """Per organisation with a position: unattached, though a taker within reach has a free place."""
    loads = np.bincount(taker[taker != NONE], minlength=len(problem.places))
    free = _known(problem.taker_x_m, problem.taker_y_m) & (loads < problem.places)
    waiting = _known(problem.x_m, problem.y_m) & (taker == NONE)
    return _is_near_any(problem, waiting, free)


def _is_near_any(problem: AttachmentProblem, asking: Flags, asked: Flags) -> Flags:
    near = np.zeros(len(problem.x_m), np.bool_)
    seekers, takers = np.flatnonzero(asking), np.flatnonzero(asked)
    if len(seekers) and len(takers):
        tree = cKDTree(np.column_stack([problem.taker_x_m, problem.taker_y_m])[takers])
        metres, _ = tree.query(np.column_stack([problem.x_m, problem.y_m])[seekers])
        near[seekers] = metres <= problem.radius_m
    return near


def _ways(problem: AttachmentProblem, taker: Ints) -> Floats:
    ways_m = np.full(len(taker), np.nan)
    done = np.flatnonzero(taker != NONE)
    east_m = problem.x_m[done] - problem.taker_x_m[taker[done]]
    ways_m[done] = np.hypot(east_m, problem.y_m[done] - problem.taker_y_m[taker[done]])
    return ways_m


def _reasons(problem: AttachmentProblem, taker: Ints) -> dict[int, UnattachedReason]:
    placed = _known(problem.x_m, problem.y_m)
    taker_placed = _known(problem.taker_x_m, problem.taker_y_m)
    near = _is_near_any(problem, placed & (taker == NONE), taker_placed)
    for seeks, offers in ((np.ones_like(placed), ~taker_placed), (~placed, taker_placed)):
        streets = problem.taker_street[offers & (problem.taker_street != NONE)]
        near |= seeks & np.isin(problem.street, streets)
    return {
        unit: UnattachedReason.NO_PLACES if near[unit] else UnattachedReason.NOBODY_NEAR
        for unit in np.flatnonzero(taker == NONE).tolist()
    }


def _known(x_m: Floats, y_m: Floats) -> Flags:
    known: Flags = np.isfinite(x_m) & np.isfinite(y_m)
    return known


def _no_arcs() -> _Arcs:
    return _Arcs(*(np.zeros(0, np.int64) for _ in range(4)))


def _joined(*parts: _Arcs) -> _Arcs:
    columns = zip(*((part.tail, part.head, part.room, part.cost) for part in parts), strict=True)
    return _Arcs(*(np.concatenate(column) for column in columns))


def _rows(*columns: Ints, chosen: Flags) -> Iterator[tuple[int, ...]]:
    return zip(*(column[chosen].tolist() for column in columns), strict=True)
