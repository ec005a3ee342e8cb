"""Building the search index."""

from datetime import date

import pytest

from liangxin.kernel.jobs import Cancelled, Progress, run_job
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.actions import searching
from liangxin.registry.actions.searching import (
    REBUILD,
    enqueue_when_stale,
    is_stale,
    rebuild_search_index,
)
from liangxin.registry.models import SearchBlock, SearchIndex, SearchPosting
from liangxin.registry.queries.search import search
from liangxin.registry.queries.search_places import newest_index
from liangxin.registry.tasks import rebuild_search
from tests.factories import registry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def rebuilt() -> SearchIndex:
    return rebuild_search_index(at=TODAY, progress=Progress())


def test_rebuild_tells_how_many_it_holds_and_is_used() -> None:
    registry.make_member(registry.make_organisation().organisation)

    index = rebuilt()

    assert index.sizes == {"organisation": 1, "party": 0, "member": 1, "guide": 0, "site": 0}
    assert newest_index() == index


def test_rebuild_that_breaks_off_leaves_the_older_index_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry.make_organisation()
    first = rebuilt()

    def killed(index: SearchIndex, *, sizes: dict[str, int]) -> None:
        raise Cancelled

    monkeypatch.setattr(searching, "_finish", killed)
    with pytest.raises(Cancelled):
        rebuilt()

    assert newest_index() == first
    assert SearchIndex.objects.count() == 2


def test_rebuild_clears_all_but_the_last_and_the_one_before() -> None:
    registry.make_organisation()
    SearchIndex.objects.create(
        edition=1, started_at="2026-01-01T00:00Z", last_provenance=0, ledger_revision=0
    )
    indexes = [rebuilt() for _ in range(3)]

    kept = {index.pk for index in indexes[1:]}
    assert set(SearchIndex.objects.values_list("pk", flat=True)) == kept
    for table in (SearchPosting, SearchBlock):
        assert set(table._default_manager.values_list("index_id", flat=True)) == kept


def test_index_is_stale_when_missing_of_another_edition_or_far_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not is_stale()
    registry.make_organisation()
    assert is_stale()
    rebuilt()
    assert not is_stale()

    monkeypatch.setattr(searching, "PENDING_ENOUGH", 1)
    registry.make_organisation()
    assert not is_stale()
    registry.make_organisation()
    assert is_stale()
    rebuilt()
    SearchIndex.objects.update(edition=0)
    assert is_stale()


def test_enqueue_when_stale_queues_one_job_and_the_job_builds() -> None:
    registry.make_organisation()

    job = enqueue_when_stale()
    again = enqueue_when_stale()

    assert job is not None
    assert again is None
    assert Job.objects.get().kind == REBUILD
    assert run_job(job.pk).state == JobState.DONE
    assert not is_stale()


def test_rebuild_job_answers_with_sizes() -> None:
    registry.make_organisation()

    assert rebuild_search(Progress())["organisation"] == 1


def test_an_index_whose_keys_are_gone_proposes_nothing_and_breaks_nothing() -> None:
    registry.make_organisation(name="银杏餐饮有限公司")
    index = rebuilt()
    SearchBlock.objects.filter(index=index).delete()

    found = search(SYSTEM, "银杏", at=TODAY, limit=5)

    assert [one.hits for one in found] == [()] * len(found)
