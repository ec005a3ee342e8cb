"""The check of attachments finds each broken promise, by its own code."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from liangxin.optimize.attachment.check import faults
from liangxin.optimize.attachment.problem import AttachmentProblem
from liangxin.optimize.attachment.solution import AttachmentSolution, UnattachedReason

PROBLEM = AttachmentProblem(
    x_m=np.array([0.0, 100.0, 5000.0]),
    y_m=np.zeros(3),
    street=np.array([0, 0, 1]),
    taker_x_m=np.array([0.0, np.nan]),
    taker_y_m=np.zeros(2),
    taker_street=np.array([0, 0]),
    places=np.array([1, 1]),
    radius_m=1000.0,
)
RIGHT = AttachmentSolution(
    taker=np.array([0, 1, -1]),
    way_m=np.array([0.0, np.nan, np.nan]),
    reasons={2: UnattachedReason.NOBODY_NEAR},
)


def test_right_attachments_have_no_faults() -> None:
    assert faults(PROBLEM, RIGHT) == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"taker": np.array([0, 1])}, ["shape"]),
        ({"taker": np.array([0, 2, -1])}, ["unknown_taker"]),
        ({"taker": np.array([0, -2, -1])}, ["unknown_taker"]),
        ({"taker": np.array([0, 1, 1]), "reasons": {}}, ["reach", "places"]),
        ({"way_m": np.array([1.0, np.nan, np.nan])}, ["way"]),
        ({"way_m": np.array([0.0, 100.0, np.nan])}, ["way"]),
        ({"reasons": {}}, ["reasons"]),
        ({"reasons": {2: UnattachedReason.NO_PLACES}}, ["reason"]),
        (
            {
                "taker": np.array([0, -1, -1]),
                "reasons": RIGHT.reasons | {1: UnattachedReason.NO_PLACES},
            },
            ["idle_place"],
        ),
        (
            {
                "taker": np.array([0, 0, -1]),
                "way_m": np.array([0.0, 100.0, np.nan]),
            },
            ["places"],
        ),
    ],
)
def test_broken_promises_are_found(changed: dict[str, Any], expected: list[str]) -> None:
    assert [fault.code for fault in faults(PROBLEM, replace(RIGHT, **changed))] == expected
