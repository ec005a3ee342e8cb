"""What is cleared once a day because it may no longer be kept."""

from dataclasses import dataclass

from django.core.management import call_command
from django.utils import timezone

from liangxin.intake.actions import forget_expired
from liangxin.intake.actions.erasing import forget_erased_persons
from liangxin.kernel import blobs
from liangxin.kernel.anchors import keep_anchor
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.actions.retention import erase_due_persons


@dataclass(frozen=True)
class Cleared:
    """How much went."""

    files: int
    batches: int
    persons: int


def clear_expired() -> Cleared:
    """Remove kept files, rows of imports, sessions and identifiers whose time is over.

    Also keeps the end of the audit chain outside the database.
    """
    today = timezone.localdate()
    keep_anchor(now=timezone.now())
    files = blobs.expire(now=timezone.now())
    batches = forget_expired(today=today)
    persons = erase_due_persons(by=SYSTEM, today=today)
    forget_erased_persons()
    call_command("clearsessions", verbosity=0)
    return Cleared(files=files, batches=batches, persons=persons)
