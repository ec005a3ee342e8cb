"""What is answered: which taker each organisation is attached to, or why none."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class UnattachedReason(StrEnum):
    """Why an organisation has no taker."""

    NOBODY_NEAR = "nobody_near"  # no taker within the radius, nor one of the street
    NO_PLACES = "no_places"  # takers are near, and all their places are taken


@dataclass(frozen=True)
class AttachmentSolution:
    """`taker` (n,) holds the index of each organisation's taker, -1 for none; `way_m` NaN where unknown.

    `reasons` tells why, by organisation, for those with none. Deterministic for a problem.
    """

    taker: NDArray[np.int64]
    way_m: NDArray[np.float64]
    reasons: dict[int, UnattachedReason]

    @property
    def attached(self) -> int:
        return int((self.taker >= 0).sum())
