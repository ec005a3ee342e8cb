"""No kept figure outlives what it was counted from, whatever is done to the ledger.

Three streets that hang together in every way the ledger knows; for the officer of each, every figure is counted
before and after an act: where one differs, the revision that it would be kept under must differ too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from liangxin.coverage.queries import (
    counted_table,
    coverage_table,
    covered_state,
    growth_table,
    mass_table,
    reason_counts,
)
from liangxin.coverage.queries.branch_flags import flagged_branches
from liangxin.coverage.queries.branch_units import joint_branches
from liangxin.coverage.queries.differences import coverage_difference
from liangxin.coverage.terms import Base, BaseKind, Grouping
from liangxin.insight.queries.board import organisation_points
from liangxin.insight.queries.changes import (
    TOLD_KINDS,
    TRUE_KINDS,
    counted_changes,
    kept_member_changes,
)
from liangxin.insight.queries.leavers import leaver_counts
from liangxin.kernel import audit
from liangxin.kernel.models import AuditEntry, LedgerMark
from liangxin.kernel.viewer import SYSTEM, Viewer
from liangxin.registry.actions.organisations import TELLING
from liangxin.registry.queries.differences import Window
from liangxin.registry.queries.party import described_party_organisations, with_member_counts
from liangxin.registry.queries.people import members
from liangxin.registry.queries.revisions import revision_for, standing_revision_for
from liangxin.registry.queries.search import EVERY_VISIBLE
from liangxin.registry.queries.sites import described_sites, visible_streets
from liangxin.registry.terms import Searched
from tests.factories import coverage as viewers
from tests.factories.hanging_together import ENDED, World, make_world
from tests.factories.ledger_acts import ACTS, TOLD_ANEW, UNDONE, post, revise
from tests.factories.registry import make_coverage
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
BASE = Base()
# Kept under the revision of what stands: what is only told of a firm leaves them as they are.
OF_STANDING = ("table", "reasons", "leavers", "difference", "people", "points", "flags", "reached")


@dataclass(frozen=True)
class Seen:
    """What one officer sees, and the revisions that it would be kept under."""

    revision: int
    standing_revision: int
    figures: dict[str, Any]
    # Whom the officer may meet follows from postings anywhere.
    revision_of_all: int
    guides: set[int]

    @property
    def standing(self) -> dict[str, Any]:
        return {name: self.figures[name] for name in OF_STANDING}


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[World]:
    """Three streets for all tests; what each does to them is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world(tmp_path_factory.mktemp("world"))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def untouched(world: World, django_db_blocker: DjangoDbBlocker) -> list[Seen]:
    """What the officers see before anything is done: the same for every act."""
    with django_db_blocker.unblock():
        return seen_now(world)


def figures(world: World, viewer: Viewer) -> dict[str, Any]:
    """Everything that is kept for a viewer, by name."""
    at = world.today
    window = Window(at - timedelta(days=500), at)
    days = {"since": window.since, "until": window.until}
    asked: dict[str, Any] = {"at": at, "base": BASE}
    listed = covered_state(viewer, **asked).order_by("name", "pk")
    return {
        "table": coverage_table(viewer, by=Grouping.SITE, **asked),
        "reasons": reason_counts(viewer, **asked),
        "leavers": leaver_counts(viewer, at=at),
        "changes": counted_changes(viewer, window, kinds=TRUE_KINDS),
        "told": counted_changes(viewer, window, kinds=TOLD_KINDS),
        "people": kept_member_changes(viewer, window),
        "difference": coverage_difference(viewer, base=BASE, **days),
        "growth": growth_table(viewer, by=Grouping.STREET, **asked),
        "mass": mass_table(viewer, by=Grouping.STREET, **asked),
        "points": organisation_points(viewer, **asked),
        "streets": list(visible_streets(viewer, at=at).values_list("pk", "name")),
        "firms": list(listed.values_list("pk", "standing", "coverage")),
        "joint": list(joint_branches(viewer, at=at).values_list("pk", "units", "members")),
        "flags": flagged_branches(viewer, at=at),
        "members": list(members(viewer, at=at).values_list("pk", "person__name")),
        "parties": list(
            with_member_counts(
                described_party_organisations(viewer, at=at), viewer=viewer, at=at
            ).values_list("pk", "name", "members")
        ),
        "sites": list(described_sites(viewer, at=at).values_list("pk", "tenants", "staff")),
        "reached": {
            kind: set(find(viewer, at))
            for kind, find in EVERY_VISIBLE.items()
            if kind is not Searched.GUIDE
        },
    }


def seen_now(world: World) -> list[Seen]:
    """For the officer of each street: the revisions that figures are kept under, and all of them counted anew."""
    cache.clear()
    officers = [viewers.officer_of(one) for one in (world.a, world.b, world.c)]
    return [
        Seen(
            revision_for(officer),
            standing_revision_for(officer),
            figures(world, officer),
            audit.places_revision(None, with_asides=False),
            set(EVERY_VISIBLE[Searched.GUIDE](officer, world.today)),
        )
        for officer in officers
    ]


def refuse_stale(before: list[Seen], after: list[Seen]) -> None:
    """Whatever differs was kept under another revision; and something differs."""
    both = list(zip(before, after, strict=True))
    changed = [was.figures != now.figures for was, now in both]
    assert any(changed), "the act changes nothing that anybody sees: it proves nothing"
    renewed = [was.revision != now.revision for was, now in both]
    assert [one and not other for one, other in zip(changed, renewed, strict=True)] == [False] * 3
    moved = [was.standing != now.standing for was, now in both]
    renewed = [was.standing_revision != now.standing_revision for was, now in both]
    assert [one and not other for one, other in zip(moved, renewed, strict=True)] == [False] * 3
    for was, now in both:
        assert was.guides == now.guides or was.revision_of_all != now.revision_of_all


@pytest.mark.parametrize("name", ACTS)
def test_no_figure_outlives_an_act(world: World, untouched: list[Seen], name: str) -> None:
    ACTS[name](world)

    refuse_stale(untouched, seen_now(world))


@pytest.mark.parametrize("name", UNDONE)
def test_no_figure_outlives_what_is_taken_back(world: World, name: str) -> None:
    act, undo = UNDONE[name]
    done = act(world)
    before = seen_now(world)

    undo(done)

    refuse_stale(before, seen_now(world))


def test_a_kept_figure_is_counted_again_when_its_street_is_touched(world: World) -> None:
    officer, other = viewers.officer_of(world.a), viewers.officer_of(world.b)
    asked: dict[str, Any] = {"at": world.today, "base": Base(BaseKind.MIN_STAFF, 50)}
    counts = [coverage_table(one, **asked).total.none for one in (officer, other)]

    revise(world.plain, on=ENDED, employees=3)

    assert [coverage_table(one, **asked) for one in (officer, other)] == [
        counted_table(one, **asked) for one in (officer, other)
    ]
    assert counts == [0, 0]


def test_what_touches_one_street_leaves_the_figures_of_the_others_kept(world: World) -> None:
    before = LedgerMark.objects.count()

    revise(world.plain, on=ENDED, industry_code="5211")

    marks = LedgerMark.objects.values_list("place", flat=True)
    assert (before, list(marks)) == (0, [f"street:{world.a.pk}"])


@pytest.mark.parametrize("who", ["the street's officer", "the district office"])
def test_what_is_only_told_of_a_firm_leaves_the_figures_of_what_stands_kept(
    world: World, who: str
) -> None:
    viewer = office() if who == "the district office" else viewers.officer_of(world.a)
    before = revision_for(viewer), standing_revision_for(viewer)

    revise(world.plain, on=ENDED, **TOLD_ANEW)

    marks = LedgerMark.objects.values_list("place", flat=True)
    assert list(marks) == [f"aside/street:{world.a.pk}"]
    assert revision_for(viewer) != before[0]
    assert standing_revision_for(viewer) == before[1]


def test_every_fact_that_counts_as_only_told_is_told_anew_here() -> None:
    assert set(TOLD_ANEW) == TELLING


def test_what_touches_a_firm_touches_the_streets_it_ever_was_in(world: World) -> None:
    post(world, world.moved)

    touched = {f"street:{street.pk}" for street in (world.a, world.c)}
    assert set(LedgerMark.objects.values_list("place", flat=True)) == touched


def test_an_act_that_names_no_place_touches_every_place(world: World) -> None:
    make_coverage(world.own, world.plain)
    entry = audit.record("test", by=SYSTEM, summary="")

    assert list(LedgerMark.objects.values_list("place", "entry")) == [("", entry.pk)]
    assert AuditEntry.objects.count() == 1
