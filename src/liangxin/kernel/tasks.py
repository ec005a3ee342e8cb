"""Long work of the kernel itself, run by the worker."""

from typing import Any

from django.utils import timezone

from liangxin.kernel.anchors import keep_anchor
from liangxin.kernel.chain_check import verified_chain
from liangxin.kernel.chain_jobs import VERIFY
from liangxin.kernel.jobs import Progress, job


@job(VERIFY)
def verify(progress: Progress) -> dict[str, Any]:
    """Look through the audit chain and keep its end as an anchor where it is whole."""
    found = verified_chain(on_step=lambda done, total: progress.step(done, total, "核对操作记录"))
    progress.step(found.entries, found.entries, "核对操作记录")
    if found.is_whole:
        keep_anchor(now=timezone.now())
    faults = [
        f"第 {fault.number} 条：{fault.words}" if fault.number else fault.words
        for fault in found.faults[:20]
    ]
    return {"entries": found.entries, "fault_count": found.fault_count, "faults": faults}
