"""What is asked: organisations that need one place each, and those who have places.

An organisation may be attached to a taker within `radius_m`; where either position is not known, to
a taker of its own street, at the cost of `radius_m`. First as many as possible are attached, then at
least total cost: the ways, and `balance_m` for every two organisations that share a taker; those that a taker
serves already (`loads`) count as sharing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NONE = -1


class InvalidAttachment(ValueError):
    """The problem contradicts itself; the text says where, in Chinese."""


@dataclass(frozen=True, kw_only=True)
class AttachmentProblem:
    """n organisations, k takers. Positions in metres on a plane (NaN: not known), streets as codes.

    `places` (k,) is how many organisations each taker can still take. `radius_m` is how far an
    organisation may be attached. Raises InvalidAttachment.
    """

    x_m: Floats
    y_m: Floats
    street: Ints
    taker_x_m: Floats
    taker_y_m: Floats
    taker_street: Ints
    places: Ints
    radius_m: float
    balance_m: float = 50.0
    loads: Ints | None = None  # (k,) how many each taker serves already; None: nobody
    nearest: int = 12  # takers looked at first; more where their places do not suffice

    def __post_init__(self) -> None:
        if len({len(self.x_m), len(self.y_m), len(self.street)}) != 1:
            raise InvalidAttachment("待联系单位的坐标和街道项数不一致。")
        takers = {len(self.taker_x_m), len(self.taker_y_m), len(self.taker_street)}
        if takers != {len(self.places)}:
            raise InvalidAttachment("可联系者的坐标、街道和名额项数不一致。")
        if self.loads is not None and len(self.loads) != len(self.places):
            raise InvalidAttachment("已联系单位数与名额的项数不一致。")
        if len(self.places) and self.places.min() < 0:
            raise InvalidAttachment("名额不能是负数。")
        if not self.radius_m > 0 or self.nearest < 1 or self.balance_m < 0:
            raise InvalidAttachment("距离上限和候选数应大于 0，均衡代价不能是负数。")
