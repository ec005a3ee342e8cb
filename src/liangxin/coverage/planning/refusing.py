"""Why a proposal is not computed."""

from collections.abc import Sequence
from typing import Final

from liangxin.kernel.jobs import JobRefused

SHOWN_FAULTS: Final = 3


class NotPlannable(JobRefused):
    """The proposal cannot be computed; the text says why, in Chinese."""


def refuse_faulty(texts: Sequence[str]) -> None:
    """Raise NotPlannable where an independent check found faults."""
    if texts:
        shown = "".join(texts[:SHOWN_FAULTS])
        raise NotPlannable(f"算出的方案没有通过独立核对，没有保存：{shown}")
