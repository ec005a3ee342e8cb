"""Every kind of act on the ledger, done to the three streets that hang together; and those that can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from liangxin.intake.actions import undo_batch
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
    GuideService,
    Organisation,
    OrganisationVersion,
    Person,
    Posting,
    Provenance,
    Reorganisation,
)
from liangxin.registry.queries.bulk_edit import BulkChange, bulk_plan
from liangxin.registry.terms import (
    MassKind,
    MemberStage,
)
from tests.factories import coverage as viewers
from tests.factories.establishments import make_cross_street, make_withdrawn
from tests.factories.hanging_together import BEGAN, ENDED, World
from tests.factories.intake import FIRM_HEADER, committed, write_list
from tests.factories.merges import merge
from tests.factories.reorganisations import departure_of, move, order
from tests.factories.viewers import office


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


# Everything that a form may tell anew without anything standing otherwise than it stood.
TOLD_ANEW: dict[str, Any] = {
    "name": "另起新名的有限公司",
    "address": "另写的地址 9 号",
    "employees": 400,
    "revenue_wan": Decimal(9000),
    "has_premises": False,
    "has_activity": False,
    "has_meeting_room": True,
    "legal_representative": "李四",
    "supervisor": "另一主管单位",
    "phone": "010-5550100",
    "established_date": date(2001, 2, 3),
}


ACTS: dict[str, Callable[[World], object]] = {
    "a form changes a fact of one firm": lambda w: revise(w.plain, on=ENDED, employees=3),
    "a form tells all anew that moves nothing": lambda w: revise(w.plain, on=ENDED, **TOLD_ANEW),
    "a form corrects a fact of one firm": lambda w: revise(
        w.plain, on=open_version(w.plain).valid_from, kind="branch_office"
    ),
    "a form moves a firm to another building": lambda w: revise(
        w.plain, on=ENDED, site=w.other_site, industry_code="5211"
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
