"""A district of two streets: inside, where every seat of tests/scope works, and outside, marked.

Whatever lies outside bears MARK in its name and a key above FIRST_OUTSIDE_KEY, so that a page that
tells of any of it, by name or by number, is found by looking at its text alone.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, models
from django.utils import timezone

from liangxin.coverage.models import (
    BranchProposal,
    Consent,
    Establishment,
    LeftOutOrganisation,
    ProposedAttachment,
    ProposedGroup,
    ProposedUnit,
    TargetPlan,
    TravelCurve,
)
from liangxin.insight.actions.report_templates import provide_built_in_templates
from liangxin.insight.models import Report, TemplateVersion
from liangxin.intake.models import Batch, SheetReading, StagedRow, Upload
from liangxin.intake.queries.row_packs import sealed_json
from liangxin.intake.terms import BatchState, Outcome
from liangxin.kernel.models import Blob, Job, User
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.models import (
    Area,
    Merge,
    Organisation,
    OrganisationVersion,
    PartyOrganisation,
    Person,
    Post,
    Site,
)
from liangxin.registry.models.merges import LikelyPair
from liangxin.registry.terms import GuideRole, PartyKind
from tests.factories import registry
from tests.factories.accounts import make_grant
from tests.factories.curves import make_curve
from tests.factories.plans import (
    make_attachment,
    make_candidate,
    make_establishment,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.targets import make_target_plan

MARK = "界外"
FIRST_INSIDE_KEY = 1
FIRST_OUTSIDE_KEY = 777_000_000
MERGED = date(2025, 3, 1)
OUTSIDE_NUMBER = re.compile(r"\b7770000\d\d\b")
# Their rows are numbered from FIRST_INSIDE_KEY on, those outside from FIRST_OUTSIDE_KEY on.
NUMBERED = (
    Area,
    Site,
    Organisation,
    PartyOrganisation,
    Person,
    Batch,
    Upload,
    SheetReading,
    StagedRow,
    Job,
    BranchProposal,
    ProposedGroup,
    ProposedUnit,
    LeftOutOrganisation,
    ProposedAttachment,
    TargetPlan,
    TravelCurve,
    Establishment,
    Consent,
    Post,
    Merge,
    LikelyPair,
    Report,
)


@dataclass(frozen=True)
class Side:
    """One side of the border: one of everything, by the object that addresses name."""

    street: Area
    site: Site
    organisation: Organisation
    committee: PartyOrganisation
    branch: PartyOrganisation
    member: Person
    guide: Person
    batch: Batch
    sheet: SheetReading
    row: StagedRow
    job: Job
    proposal: BranchProposal
    group: ProposedGroup
    establishment: Establishment
    consent: Consent
    post: Post
    merge: Merge
    pair: LikelyPair
    report: Report
    target_plan: TargetPlan
    curve: TravelCurve


@dataclass(frozen=True)
class World:
    """Both sides, and an account for each seat: who somebody is on the inside."""

    inside: Side
    outside: Side
    seats: dict[str, User]


def make_world() -> World:
    """The inside first: the keys of whatever is made after the outside lie above the border too.

    PostgreSQL's sequences stay where a former world left them, though its rows were rolled back.
    """
    number_from(FIRST_INSIDE_KEY)
    provide_built_in_templates()  # empty forms are everybody's: on neither side of the border
    inside = _make_side("界内", industry=("C", "3911"), lat_shift_m=0.0)
    registry.make_guide("待派的人", home_unit="")  # posted to nobody: every officer may place them
    number_from(FIRST_OUTSIDE_KEY)
    outside = _make_side(MARK, industry=("F", "5111"), lat_shift_m=90_000.0)
    return World(inside=inside, outside=outside, seats=_seats(inside))


def number_from(first: int) -> None:
    """Let the rows made from now on have keys above `first`."""
    with connection.cursor() as cursor:
        for model in NUMBERED:
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), %s)", [first]
                )
                continue
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first]
            )


def _seats(inside: Side) -> dict[str, User]:
    """Every role but the district's, which sees both sides, each held over something inside."""
    held = {
        "street officer": (Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, _key(inside.street))),
        "site officer": (Role.COMMITTEE_OFFICER, Scope(ScopeKind.SITE, _key(inside.site))),
        "trade officer": (Role.COMMITTEE_OFFICER, Scope(ScopeKind.TRADE, "C")),
        "secretary": (Role.SECRETARY, Scope(ScopeKind.PARTY_ORGANISATION, _key(inside.branch))),
        "committee secretary": (
            Role.SECRETARY,
            Scope(ScopeKind.PARTY_ORGANISATION, _key(inside.committee)),
        ),
        "instructor": (Role.INSTRUCTOR, Scope(ScopeKind.ASSIGNED_FIRMS, _key(inside.guide))),
        "owner": (Role.OWNER, Scope(ScopeKind.ORGANISATION, _key(inside.organisation))),
        "member": (Role.MEMBER, Scope(ScopeKind.OWN_RECORD, _key(inside.member))),
        "subscriber": (Role.SUBSCRIBER, Scope(ScopeKind.LIBRARY_ONLY)),
        "administrator": (Role.ADMINISTRATOR, Scope(ScopeKind.DISTRICT)),
    }
    accounts = {}
    for seat, (role, scope) in held.items():
        user = User.objects.create(username=f"scope-{seat.replace(' ', '-')}", name="界内的人")
        make_grant(user, role, scope)
        accounts[seat] = user
    return accounts


SEATS = (
    "street officer",
    "site officer",
    "trade officer",
    "secretary",
    "committee secretary",
    "instructor",
    "owner",
    "member",
    "subscriber",
    "administrator",
)


def _make_side(mark: str, *, industry: tuple[str, str], lat_shift_m: float) -> Side:
    street = registry.make_area(f"{mark}街道", boundary=_square(north=31.8 + lat_shift_m / 111_195))
    other = registry.make_area(f"{mark}邻街道")
    site = registry.make_site(f"{mark}大厦", street=street, lon=117.2, lat=31.8)
    section, code = industry
    version = registry.make_organisation(
        name=f"{mark}有限公司",
        street=street,
        site=site,
        industry_section=section,
        industry_code=code,
        phone="19900001111",
        legal_representative=f"{mark}法人",
    )
    committee = registry.make_party_organisation(
        f"{mark}街道党工委", kind=PartyKind.WORK_COMMITTEE, street=street
    ).party_organisation
    branch = registry.make_party_organisation(
        f"{mark}党支部", street=street, parent=committee, covers=(version.organisation,)
    ).party_organisation
    member = registry.make_member(version.organisation, name=f"{mark}党员", held_in=branch)
    post = registry.make_post(branch, person=member, person_name=member.name)
    guide = registry.make_guide(f"{mark}指导员", role=GuideRole.INSTRUCTOR, home_unit=f"{mark}街道")
    registry.make_posting(version.organisation, person=guide)
    registry.make_mass_presence(version.organisation)
    uploader = User.objects.create(username=f"uploader-{street.code}", name="上传人")
    batch, sheet, row = _make_batch(mark, uploader)
    proposal, group = _make_proposal(mark, street, other, uploader, (section, code), lat_shift_m)
    establishment = make_establishment(group)
    job = Job.objects.create(kind="test", title=f"{mark}的工作", created_by=uploader)
    return Side(
        street=street,
        site=site,
        organisation=version.organisation,
        committee=committee,
        branch=branch,
        member=member,
        guide=guide,
        batch=batch,
        sheet=sheet,
        row=row,
        job=job,
        proposal=proposal,
        group=group,
        establishment=establishment,
        consent=establishment.consents.get(street=street),
        post=post,
        merge=_make_merge(mark, version),
        pair=_make_pair(mark, version),
        report=_make_report(mark, street, uploader),
        target_plan=make_target_plan(proposal, created_by=uploader),
        curve=make_curve(proposal, created_by=uploader),
    )


def _make_merge(mark: str, survivor: OrganisationVersion) -> Merge:
    """A former entry that the firm took in."""
    former = registry.make_organisation(name=f"{mark}旧公司", street=survivor.street)
    OrganisationVersion.objects.filter(pk=former.pk).update(valid_to=MERGED)
    Organisation.objects.filter(pk=former.organisation_id).update(merged_into=survivor.organisation)
    return Merge.objects.create(
        survivor_organisation=survivor.organisation,
        absorbed_organisation=former.organisation,
        provenance=registry.make_provenance(),
        survivor_name=survivor.name,
        absorbed_name=former.name,
        reason="同一家",
        merged_date=MERGED,
        merged_at=timezone.now(),
    )


def _make_pair(mark: str, version: OrganisationVersion) -> LikelyPair:
    """Another entry that looks like the firm."""
    like = registry.make_organisation(name=f"{mark}有限责任公司", street=version.street)
    return LikelyPair.objects.create(
        first_organisation=version.organisation,
        second_organisation=like.organisation,
        evidence="name",
        strength=50,
        basis="0",
    )


def _make_report(mark: str, street: Area, made_by: User) -> Report:
    """A report of the street that waits to be filled."""
    return Report.objects.create(
        version=TemplateVersion.objects.get(template__code="uncovered"),
        title=f"{mark}报表",
        at=date(2026, 1, 1),
        scope_kind=ScopeKind.STREET.value,
        scope_key=_key(street),
        scope_title=street.name,
        created_by=made_by,
        created_at=timezone.now(),
    )


def _make_batch(mark: str, uploader: User) -> tuple[Batch, SheetReading, StagedRow]:
    batch = Batch.objects.create(
        source=f"{mark}市监局",
        as_of_date=date(2025, 6, 30),
        state=BatchState.DRY,
        created_by=uploader,
    )
    blob = Blob.objects.create(
        key=mark,
        file_name=f"{mark}企业.xlsx",
        size_bytes=1,
        sha256="0" * 64,
        created_by=uploader,
        expires_at=timezone.now() + timedelta(days=30),
    )
    upload = Upload.objects.create(batch=batch, blob=blob, file_name=blob.file_name)
    sheet = SheetReading.objects.create(
        upload=upload, position=0, name=f"{mark}表", kind="enterprises"
    )
    row = StagedRow.objects.create(
        sheet=sheet,
        number=2,
        outcome=Outcome.REJECTED,
        label=f"{mark}退回公司",
        is_planned=False,
        sealed=sealed_json({"faults": [], "raw": [f"{mark}退回公司"], "values": {}}),
    )
    return batch, sheet, row


def _make_proposal(
    mark: str,
    street: Area,
    other: Area,
    asked_by: User,
    industry: tuple[str, str],
    lat_shift_m: float,
) -> tuple[BranchProposal, ProposedGroup]:
    """A plan with a group of two streets of this side, one unit left out, one attached."""
    units = [
        make_candidate(
            street=place,
            name=f"{mark}候选{number}公司",
            north_m=lat_shift_m + 50.0 * number,
            industry_code=industry[1],
        )
        for number, place in enumerate((street, street, other))
    ]
    proposal = make_proposal(title=f"{mark}联建方案", streets=[street, other], created_by=asked_by)
    group = make_group(proposal, units)
    left = make_candidate(street=street, name=f"{mark}编外公司", north_m=lat_shift_m)
    make_left_out(proposal, left)
    empty = registry.make_organisation(street=street, name=f"{mark}无党员公司")
    make_attachment(proposal, empty, to=group)
    return proposal, group


def _square(*, north: float) -> dict[str, object]:
    west, south = 117.1, north - 0.1
    corners = [
        [west, south],
        [west + 0.2, south],
        [west + 0.2, north],
        [west, north],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [corners]}


def _key(found: models.Model) -> str:
    return str(found.pk)
