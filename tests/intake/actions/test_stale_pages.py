"""A page opened before a commit ended must not take the commit back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from liangxin.intake import tasks
from liangxin.intake.actions import (
    BatchBusy,
    NotCommittable,
    commit_batch,
    discard_batch,
    read_again,
)
from liangxin.intake.actions import commit as committing
from liangxin.intake.actions.planned import plan_batch
from liangxin.intake.models import Batch
from liangxin.intake.terms import BatchState
from liangxin.kernel.jobs import Progress
from liangxin.kernel.models import Job
from liangxin.registry.models import Organisation
from tests.factories.intake import FIRM_HEADER, counts, staged, write_list
from tests.factories.registry import make_area, next_uscc
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    make_area("甲街道")
    row = ["甲公司", next_uscc(), "存续", "甲街道", 12, "2015-03-05"]
    return staged(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, row))


@pytest.mark.parametrize("decide", [discard_batch, read_again])
def test_a_stale_decision_leaves_a_committed_batch_alone(
    batch: Batch, decide: Callable[..., Batch]
) -> None:
    stale = Batch.objects.get(pk=batch.pk)
    commit_batch(batch, by=office(), progress=Progress())
    with pytest.raises(BatchBusy, match="已写入"):
        decide(stale, by=office())
    batch.refresh_from_db()
    assert (batch.state, Job.objects.count()) == (BatchState.COMMITTED, 0)


def test_a_plan_that_ends_after_the_commit_leaves_it_alone(batch: Batch) -> None:
    stale = Batch.objects.get(pk=batch.pk)
    commit_batch(batch, by=office(), progress=Progress())
    assert plan_batch(stale, by=office(), progress=Progress()).state == BatchState.COMMITTED


def test_the_later_of_two_commits_leaves_the_counts_of_the_first(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = committing.planned_batch

    def overtaken(*args: object, **terms: object) -> object:
        monkeypatch.setattr(committing, "planned_batch", plan)
        commit_batch(Batch.objects.get(pk=batch.pk), by=office(), progress=Progress())
        return plan(*args, **terms)  # type: ignore[arg-type]

    monkeypatch.setattr(committing, "planned_batch", overtaken)
    with pytest.raises(NotCommittable, match="已由别人写入"):
        commit_batch(batch, by=office(), progress=Progress())
    assert (counts(batch), Organisation.objects.count()) == ({"new": 1}, 1)
    assert batch.state == BatchState.COMMITTED
