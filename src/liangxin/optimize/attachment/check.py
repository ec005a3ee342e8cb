"""Are the attachments right? Held to the rules by other code than the solver's."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liangxin.optimize.attachment.problem import NONE, AttachmentProblem, Flags, Floats
from liangxin.optimize.attachment.solution import AttachmentSolution, UnattachedReason

METRES = 1e-6


@dataclass(frozen=True)
class Fault:
    """One promise that the attachments break; the text is Chinese, organisations are indices."""

    code: str
    text: str
    organisations: tuple[int, ...] = ()


def faults(problem: AttachmentProblem, solution: AttachmentSolution) -> tuple[Fault, ...]:
    """Return everything that is wrong with the attachments; () when they keep every rule."""
    size, count = len(problem.x_m), len(problem.places)
    if solution.taker.shape != (size,) or solution.way_m.shape != (size,):
        return (Fault("shape", "结果的项数与待联系单位不符。"),)
    strange = np.flatnonzero((solution.taker < NONE) | (solution.taker >= count))
    if len(strange):
        return (Fault("unknown_taker", "结果里有不存在的联系者。", tuple(strange.tolist())),)
    found = [*_way_faults(problem, solution), *_place_faults(problem, solution)]
    return (*found, *_reason_faults(problem, solution))


def _way_faults(problem: AttachmentProblem, solution: AttachmentSolution) -> Iterator[Fault]:
    for unit in np.flatnonzero(solution.taker != NONE).tolist():
        taker = int(solution.taker[unit])
        if not _near(problem, unit)[taker]:
            yield Fault("reach", f"第 {unit} 个单位不能由第 {taker} 个联系者联系。", (unit,))
        metres, written = float(_metres(problem, unit)[taker]), float(solution.way_m[unit])
        unknown = np.isnan(metres)
        if unknown != np.isnan(written) or (not unknown and abs(metres - written) > METRES):
            yield Fault("way", f"第 {unit} 个单位的路程写作 {written}，应为 {metres}。", (unit,))


def _place_faults(problem: AttachmentProblem, solution: AttachmentSolution) -> Iterator[Fault]:
    for taker in np.flatnonzero(_loads(problem, solution) > problem.places).tolist():
        units = tuple(np.flatnonzero(solution.taker == taker).tolist())
        yield Fault("places", f"第 {taker} 个联系者的单位数超过名额。", units)


def _reason_faults(problem: AttachmentProblem, solution: AttachmentSolution) -> Iterator[Fault]:
    waiting = np.flatnonzero(solution.taker == NONE).tolist()
    if sorted(solution.reasons) != waiting:
        yield Fault("reasons", "没有联系者的单位应各有一条原因，其他单位没有。")
    has_place = _loads(problem, solution) < problem.places
    for unit in waiting:
        near = _near(problem, unit)
        right = UnattachedReason.NO_PLACES if near.any() else UnattachedReason.NOBODY_NEAR
        if solution.reasons.get(unit, right) is not right:
            yield Fault("reason", f"第 {unit} 个单位没有联系者的原因应是“{right}”。", (unit,))
        if (near & has_place).any():
            yield Fault("idle_place", f"第 {unit} 个单位附近的联系者还有名额。", (unit,))


def _loads(problem: AttachmentProblem, solution: AttachmentSolution) -> NDArray[np.intp]:
    loads: NDArray[np.intp] = np.bincount(
        solution.taker[solution.taker != NONE], minlength=len(problem.places)
    )
    return loads


def _metres(problem: AttachmentProblem, unit: int) -> Floats:
    east_m = problem.taker_x_m - problem.x_m[unit]
    metres: Floats = np.hypot(east_m, problem.taker_y_m - problem.y_m[unit])
    return metres


def _near(problem: AttachmentProblem, unit: int) -> Flags:
    """Per taker: may it be given this organisation?"""
    metres, street = _metres(problem, unit), problem.street[unit]
    same_street = (problem.taker_street == street) & (street != NONE)
    near: Flags = np.where(np.isnan(metres), same_street, metres <= problem.radius_m + METRES)
    return near
