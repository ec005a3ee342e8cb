"""Which firms reach which hosts and groups, over all pairs, with the metres."""

from dataclasses import dataclass

import numpy as np

from liangxin.optimize.targets.problem import NONE, Firms, Floats, Ints, OpenGroups, TargetProblem

SLACK_M = 1e-6  # a coordinate that was rounded must not break a rule that it just keeps


@dataclass(frozen=True)
class Star:
    """A possible host (a firm) and the firms that reach it; `items[0]` is the host, at 0 metres."""

    host: int
    items: Ints
    way_m: Floats


@dataclass(frozen=True)
class Reach:
    """Every possible host with who reaches it, and per group with room the firms that may join."""

    stars: tuple[Star, ...]
    joins: tuple[tuple[Ints, Floats], ...]


def reach_of(problem: TargetProblem) -> Reach:
    """Stars around firms with members, stars of those with members around the others, and joins."""
    firms = problem.firms
    holders = np.flatnonzero(firms.members > 0)
    empty = firms.members == 0
    stars: list[Star] = []
    around: dict[int, list[tuple[int, float]]] = {}
    for host in holders.tolist():
        metres = _metres(problem, firms, host)
        metres[host] = np.inf
        items = np.flatnonzero(np.isfinite(metres))
        stars.append(_star(host, items, metres[items]))
        for item in items[empty[items]].tolist():
            around.setdefault(item, []).append((host, metres[item]))
    for host, pairs in sorted(around.items()):
        near = np.array([item for item, _ in pairs], np.int64)
        stars.append(_star(host, near, np.array([way_m for _, way_m in pairs])))
    joins = []
    for group in range(len(problem.groups)):
        metres = _metres(problem, problem.groups, group)
        items = np.flatnonzero(np.isfinite(metres) & empty)
        joins.append((items, metres[items]))
    return Reach(tuple(stars), tuple(joins))


def _star(host: int, items: Ints, metres: Floats) -> Star:
    return Star(host, np.concatenate([[host], items]), np.concatenate([[0.0], metres]))


def _metres(problem: TargetProblem, ends: Firms | OpenGroups, end: int) -> Floats:
    """From every firm to one end; infinite where no mode allows it."""
    firms, rules = problem.firms, problem.rules
    straight = np.hypot(firms.x_m - ends.x_m[end], firms.y_m - ends.y_m[end])
    near = _same(firms.street, ends.street[end]) & (straight <= rules.street_radius_m + SLACK_M)
    trade = _same(firms.industry, ends.industry[end])
    near |= trade & (straight <= rules.industry_radius_m + SLACK_M)
    metres = np.where(near, straight, np.inf)
    metres[_same(firms.site, ends.site[end])] = 0.0
    return metres


def _same(codes: Ints, code: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    same: np.ndarray[tuple[int], np.dtype[np.bool_]] = (codes == code) & (code != NONE)
    return same
