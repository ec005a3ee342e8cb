"""No kept figure outlives what it was counted from, whatever is done to the ledger.

Three streets that hang together in every way the ledger knows; for the officer of each, every figure is counted
before and after an act: where one differs, the revision that it would be kept under must differ too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from liangxin.coverage.queries import (
    counted_table,
    coverage_table,
    covered_state,
    growth_table,
    mass_table,
    reason_counts,
)
from liangxin.coverage.queries.differences import coverage_difference
from liangxin.coverage.terms import Base, BaseKind, Grouping
from liangxin.insight.queries.board import organisation_points
from liangxin.insight.queries.changes import TOLD_KINDS, TRUE_KINDS, counted_changes
from liangxin.insight.queries.leavers import leaver_counts
from liangxin.intake.actions import undo_batch
from liangxin.kernel import audit
from liangxin.kernel.models import AuditEntry, LedgerMark
from liangxin.kernel.viewer import SYSTEM, Viewer
from liangxin.registry.actions.bulk_edit import revise_organisations, undo_revision
from liangxin.registry.actions.coverages import begin_coverage, end_coverage
from liangxin.registry.actions.guides import GuideFacts, guide_edition, revise_guide
from liangxin.registry.actions.mass_presence import MassFacts, set_mass_presence
from liangxin.registry.actions.memberships import (
    MemberFacts,
    close_member,
    create_member,
    member_rows,
    revise_member,
)
from liangxin.registry.actions.merge_undo import undo_merge
from liangxin.registry.actions.organisation_facts import facts_of
from liangxin.registry.actions.organisations import (
    close_organisation,
    create_organisation,
    edition,
    revise_organisation,
)
from liangxin.registry.actions.party_register import dissolve_party_organisation, party_edition
from liangxin.registry.actions.persons import PersonFacts
from liangxin.registry.actions.place_changes import merge_sites, merge_streets, move_site
from liangxin.registry.actions.postings import PostingFacts, begin_posting, end_posting
from liangxin.registry.actions.reorganisation_undo import undo_reorganisation
from liangxin.registry.actions.reorganising import (
    absorb_organisation,
    accept_move,
    decline_move,
    split_organisation,
)
from liangxin.registry.actions.rules import end_district_rule, set_district_rule
from liangxin.registry.models import (
    Area,
    GuideService,
    Organisation,
    OrganisationVersion,
    PartyOrganisation,
    Person,
    Posting,
    Provenance,
    Reorganisation,
    Site,
)
from liangxin.registry.queries.bulk_edit import BulkChange, bulk_plan
from liangxin.registry.queries.differences import Window
from liangxin.registry.queries.people import members
from liangxin.registry.queries.revisions import revision_for
from liangxin.registry.queries.sites import visible_streets
from liangxin.registry.terms import (
    MassKind,
    MemberStage,
    OrganisationStatus,
    PartyKind,
    SizeClassCode,
)
from tests.factories import coverage as viewers
from tests.factories.establishments import make_cross_street, make_withdrawn
from tests.factories.intake import FIRM_HEADER, committed, write_list
from tests.factories.merges import merge
from tests.factories.registry import (
    make_area,
    make_coverage,
    make_guide,
    make_mass_presence,
    make_member,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_posting,
    make_site,
)
from tests.factories.reorganisations import departure_of, move, order
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
BEGAN = date(2025, 1, 1)
ENDED = date(2026, 6, 15)
BASE = Base()


@dataclass(frozen=True, kw_only=True)
class World:
    """Streets a, b and c; what hangs together across them is named for it."""

    today: date
    folder: Path
    a: Area
    b: Area
    c: Area
    site: Site
    other_site: Site
    plain: Organisation  # of a, nothing beside it
    shared: Organisation  # of a, covered with `far` by the joint branch of a
    far: Organisation  # of b
    served: Organisation  # of b; its guide serves `plain` too
    moved: Organisation  # of a, before that of c
    closed: Organisation  # of c; its member's relation is held in a
    joint: PartyOrganisation
    own: PartyOrganisation  # of a, covers `moved` alone
    guide: Person
    member: Person  # works in `far`, relation held in a


@pytest.fixture
def world(tmp_path: Path) -> World:
    a, b, c = (make_area(boundary=SQUARE) for _ in range(3))
    site, other_site = make_site(street=a), make_site(street=a)
    size = {"industry_section": "F", "size_class": SizeClassCode.MICRO, "lon": 120.1, "lat": 30.2}
    plain = make_organisation(street=a, site=site, employees=120, **size).organisation
    shared = make_organisation(street=a, site=other_site, employees=60, **size).organisation
    far = make_organisation(street=b, employees=20, **size).organisation
    served = make_organisation(street=b, employees=200).organisation
    moved = make_organisation(street=c, valid_to=BEGAN).organisation
    make_organisation_version(moved, street=a, valid_from=BEGAN, employees=55)
    closed = make_organisation(street=c, status=OrganisationStatus.CLOSED).organisation
    joint = make_party_organisation(
        street=a, kind=PartyKind.JOINT_BRANCH, covers=(shared, far)
    ).party_organisation
    own = make_party_organisation(street=a, covers=(moved,)).party_organisation
    guide = make_guide(capacity=9)
    for unit in (plain, served):
        make_posting(unit, person=guide)
    make_mass_presence(served)
    member = make_member(far, held_in=joint)
    for unit in (shared, closed):
        make_member(unit, held_in=joint)
    return World(
        today=timezone.localdate(),
        folder=tmp_path,
        a=a,
        b=b,
        c=c,
        site=site,
        other_site=other_site,
        plain=plain,
        shared=shared,
        far=far,
        served=served,
        moved=moved,
        closed=closed,
        joint=joint,
        own=own,
        guide=guide,
        member=member,
    )


SQUARE = {"type": "Polygon", "coordinates": [[[120, 30], [121, 30], [121, 31], [120, 30]]]}


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
        "difference": coverage_difference(viewer, base=BASE, **days),
        "growth": growth_table(viewer, by=Grouping.STREET, **asked),
        "mass": mass_table(viewer, by=Grouping.STREET, **asked),
        "points": organisation_points(viewer, **asked),
        "streets": list(visible_streets(viewer, at=at).values_list("pk", "name")),
        "firms": list(listed.values_list("pk", "standing", "coverage")),
        "members": list(members(viewer, at=at).values_list("pk", "person__name")),
    }


def seen_now(world: World) -> list[tuple[int, dict[str, Any]]]:
    """For the officer of each street: the revision that figures are kept under, and all of them counted anew."""
    cache.clear()
    officers = [viewers.officer_of(one) for one in (world.a, world.b, world.c)]
    return [(revision_for(officer), figures(world, officer)) for officer in officers]


def refuse_stale(
    before: list[tuple[int, dict[str, Any]]], after: list[tuple[int, dict[str, Any]]]
) -> None:
    """Whatever differs was kept under another revision; and something differs."""
    changed = [was != now for (_, was), (_, now) in zip(before, after, strict=True)]
    renewed = [was != now for (was, _), (now, _) in zip(before, after, strict=True)]
    assert any(changed), "the act changes nothing that anybody sees: it proves nothing"
    assert [one and not other for one, other in zip(changed, renewed, strict=True)] == [False] * 3


def open_version(organisation: Organisation) -> OrganisationVersion:
    return OrganisationVersion.objects.get(organisation=organisation, valid_to__isnull=True)


def revise(
    organisation: Organisation, *, on: date, by: Viewer | None = None, **changed: Any
) -> None:
    current = open_version(organisation)
    revise_organisation(
        organisation,
        replace(facts_of(current), **changed),
        by=by or office(),
        based_on=edition(current),
        valid_from=on,
        today=timezone.localdate(),
        may_precede=True,
    )


def bulk(world: World) -> Provenance:
    keys = [world.plain.pk, world.far.pk]
    change = BulkChange(field="has_premises", value=True, from_date=ENDED)
    digest = bulk_plan(keys, change, by=office(), today=world.today).digest
    done = revise_organisations(keys, change, by=office(), today=world.today, digest=digest)
    return Provenance.objects.get(pk=done.provenance_id)


def post(world: World, unit: Organisation) -> Posting:
    service = GuideService.objects.get(person=world.guide)
    facts = PostingFacts(service=service, organisation_id=unit.pk, from_date=ENDED)
    return begin_posting(facts, by=office(), today=world.today)


def new_member(world: World, unit: Organisation) -> Person:
    facts = MemberFacts(
        person=PersonFacts(name="张三", sex="男"),
        organisation=unit,
        position="",
        stage=MemberStage.FULL.value,
        joined_date=date(2015, 7, 1),
        full_date=date(2016, 7, 1),
        party_organisation=world.joint,
    )
    return create_member(facts, by=office(), from_date=ENDED, today=world.today)


def reemploy(world: World) -> None:
    rows = member_rows(world.member)
    assert rows.membership
    facts = MemberFacts(
        person=PersonFacts(name=world.member.name, sex=world.member.sex),
        organisation=world.plain,
        position="",
        stage=rows.membership.stage,
        joined_date=rows.membership.joined_date,
        full_date=rows.membership.full_date,
        elsewhere="外地某社区党支部",
    )
    revise_member(
        world.member,
        facts,
        by=office(),
        based_on=rows.edition,
        today=world.today,
        telling_from=ENDED,
    )


def leave(world: World) -> None:
    close_member(
        world.member,
        by=office(),
        based_on=member_rows(world.member).edition,
        end_date=ENDED,
        reason="出国定居",
        ends_employment=True,
        today=world.today,
    )


def dissolve(world: World) -> None:
    version = world.joint.versions.get(valid_to__isnull=True)
    dissolve_party_organisation(
        world.joint,
        by=office(),
        based_on=party_edition(version),
        dissolved_date=ENDED,
        reason="联建单位迁出",
        today=world.today,
    )


def close(world: World, organisation: Organisation) -> None:
    current = open_version(organisation)
    close_organisation(
        organisation,
        by=office(),
        based_on=edition(current),
        closed_date=ENDED,
        reason="注销",
        today=world.today,
    )


def end_service(world: World) -> None:
    service = GuideService.objects.get(person=world.guide)
    facts = GuideFacts(
        person=PersonFacts(name=world.guide.name, sex=world.guide.sex),
        role=service.role,
        home_unit=service.home_unit,
        capacity=service.capacity,
        end_date=ENDED,
    )
    revise_guide(
        service,
        facts,
        by=office(),
        based_on=guide_edition(service),
        today=world.today,
        from_date=None,
    )


def absorb(gone: Organisation, stays: Organisation, world: World) -> Reorganisation:
    departure = departure_of(gone, on_date=ENDED)
    return absorb_organisation(gone, stays, by=office(), departure=departure, today=world.today)


def split(world: World) -> None:
    chosen = [("employments", one.pk) for one in world.shared.employments.all()]
    split_organisation(
        world.shared,
        world.served,
        by=office(),
        departure=departure_of(world.shared, on_date=ENDED),
        chosen=chosen,
        today=world.today,
    )


def ask_to_move(world: World) -> Reorganisation:
    return move(world.plain, world.b, by=viewers.officer_of(world.a))


def taken_back(act: Reorganisation) -> None:
    undo_reorganisation(act, by=office(), now=timezone.now())


def import_list(world: World) -> Any:
    rows = [
        ("新来的有限公司", "", "存续", world.b.name, 30, "2020-01-01"),
        (open_version(world.plain).name, world.plain.uscc, "存续", world.a.name, 7, "2019-01-01"),
    ]
    path = write_list(world.folder, "企业名单.xlsx", FIRM_HEADER, *rows)
    return committed(path, as_of=world.today)


def mass(world: World, unit: Organisation, *, is_standing: bool) -> None:
    facts = MassFacts(kind=MassKind.UNION, is_standing=is_standing, from_date=ENDED)
    set_mass_presence(unit, facts, by=office(), today=world.today)


def new_firm(world: World) -> None:
    facts = replace(facts_of(open_version(world.plain)), name="新办的有限公司", uscc=None)
    create_organisation(facts, by=office(), valid_from=ENDED, today=world.today)


def another_base(world: World) -> None:
    set_district_rule(
        "coverage.organisation_numerator",
        value=("single",),
        source="测试文件",
        from_date=ENDED,
        by=SYSTEM,
    )


ACTS: dict[str, Callable[[World], object]] = {
    "a form changes a fact of one firm": lambda w: revise(w.plain, on=ENDED, employees=3),
    "a form corrects a fact of one firm": lambda w: revise(
        w.plain, on=open_version(w.plain).valid_from, kind="branch_office"
    ),
    "a form moves a firm to another building": lambda w: revise(
        w.plain, on=ENDED, site=w.other_site, industry_code="6510"
    ),
    "a form tells something of before": lambda w: revise(
        w.moved, on=date(2024, 6, 1), employees=400
    ),
    "a form changes a firm that was elsewhere before": lambda w: revise(
        w.moved, on=BEGAN, name="改了名的有限公司"
    ),
    "a form moves a firm to another street": lambda w: revise(w.shared, on=ENDED, street=w.c),
    "a form closes a firm of a joint branch": lambda w: revise(w.far, on=ENDED, status="closed"),
    "a form opens a closed firm again": lambda w: revise(w.closed, on=ENDED, status="operating"),
    "a firm is created": new_firm,
    "a firm is closed": lambda w: close(w, w.far),
    "many firms are changed at once": bulk,
    "a guide is posted": lambda w: post(w, w.far),
    "a guide is posted to a firm that was elsewhere before": lambda w: post(w, w.moved),
    "a posting ends": lambda w: end_posting(
        Posting.objects.get(organisation=w.served), by=office(), end_date=ENDED, today=w.today
    ),
    "a guide's service ends in two streets": end_service,
    "a union is founded": lambda w: mass(w, w.far, is_standing=True),
    "a union is gone": lambda w: mass(w, w.served, is_standing=False),
    "a branch covers another street's firm": lambda w: begin_coverage(
        w.own, w.served, by=office(), from_date=ENDED, today=w.today
    ),
    "a joint branch loses a unit of another street": lambda w: end_coverage(
        w.joint.coverages.get(organisation=w.far), by=office(), end_date=ENDED, today=w.today
    ),
    "a member comes whose relation another street holds": lambda w: new_member(w, w.served),
    "a member goes to another street's firm": reemploy,
    "a member leaves": leave,
    "a joint branch across streets is dissolved": dissolve,
    "a firm moves to another street": lambda w: move(w.shared, w.c),
    "a street is asked to take a firm in": ask_to_move,
    "a firm is absorbed by another street's": lambda w: absorb(w.shared, w.served, w),
    "a firm is split": split,
    "a street is taken into another": lambda w: merge_streets(
        w.b, w.a, by=office(), order=order(on_date=ENDED)
    ),
    "a site is taken into another": lambda w: merge_sites(
        w.other_site, w.site, by=office(), order=order(on_date=ENDED)
    ),
    "a site moves to another street": lambda w: move_site(
        w.site, w.b, by=office(), order=order(on_date=ENDED)
    ),
    "two records of one firm are merged": lambda w: merge(
        w.served, w.shared, choices={"status": "survivor"}, today=w.today
    ),
    "a rule gets a local value": another_base,
    "a list is imported": import_list,
    "a branch of two streets is planned": lambda w: make_cross_street(streets=(w.a, w.b)),
}


UNDONE: dict[str, tuple[Callable[[World], Any], Callable[[Any], object]]] = {
    "many firms": (bulk, lambda act: undo_revision(act, by=office())),
    "a move": (lambda w: move(w.shared, w.c), taken_back),
    "an absorption": (lambda w: absorb(w.shared, w.served, w), taken_back),
    "a merged street": (
        lambda w: merge_streets(w.b, w.a, by=office(), order=order(on_date=ENDED)),
        taken_back,
    ),
    "a merge": (
        lambda w: merge(w.served, w.shared, today=w.today),
        lambda held: undo_merge(held, by=office(), now=timezone.now()),
    ),
    "an import": (import_list, lambda batch: undo_batch(batch, by=office())),
    "a rule": (
        another_base,
        lambda _: end_district_rule(
            "coverage.organisation_numerator", from_date=timezone.localdate(), by=SYSTEM
        ),
    ),
    "a request, by taking in": (ask_to_move, lambda act: accept_move(act, by=office())),
    "a request, by refusing": (
        ask_to_move,
        lambda act: decline_move(act, by=office(), reason="不在本街道"),
    ),
    "a plan": (
        lambda w: make_cross_street(streets=(w.a, w.b)),
        lambda held: make_withdrawn(held),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_no_figure_outlives_an_act(world: World, name: str) -> None:
    before = seen_now(world)

    ACTS[name](world)

    refuse_stale(before, seen_now(world))


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

    revise(world.plain, on=ENDED, employees=3)

    marks = LedgerMark.objects.values_list("place", flat=True)
    assert (before, list(marks)) == (0, [f"street:{world.a.pk}"])


def test_what_touches_a_firm_touches_the_streets_it_ever_was_in(world: World) -> None:
    post(world, world.moved)

    touched = {f"street:{street.pk}" for street in (world.a, world.c)}
    assert set(LedgerMark.objects.values_list("place", flat=True)) == touched


def test_an_act_that_names_no_place_touches_every_place(world: World) -> None:
    make_coverage(world.own, world.plain)
    entry = audit.record("test", by=SYSTEM, summary="")

    assert list(LedgerMark.objects.values_list("place", "entry")) == [("", entry.pk)]
    assert AuditEntry.objects.count() == 1
