"""How each address is asked for something that lies outside of one's scope.

A new route needs a line here, or tests/scope/test_every_address.py fails and says which:

- its pattern takes a key of an object  -> OUTSIDE: how to make the key of the outside object from the
  World of tests/scope/world.py (add the object to `Side` there where it has none of that kind);
- its pattern takes something that everybody who may open the page may ask for -> EVERYBODYS, with the reason;
- it has no parameter in its pattern but reads keys from the query (`?ids=`) -> ASKED: the queries to try;
- it names places of the outside to a seat for a good reason -> PLACES_TOLD, with the reason;
- it takes keys in a POST body without one in its pattern -> POSTED: the bodies to try.

Whatever is asked so must be answered by every seat inside with 404, 403 or the way to the login (ASKED: with
a page that tells nothing of the outside), and must change nothing.
"""

from collections.abc import Callable, Iterable, Mapping

from liangxin.registry.models import Area
from liangxin.registry.terms import PartyKind
from tests.factories.accounts import make_passkey, make_user
from tests.factories.bulk_edits import other_bulk_act
from tests.factories.registry import make_party_organisation
from tests.factories.reorganisations import waiting_between
from tests.factories.saved_views import other_view
from tests.factories.tokens import other_token
from tests.scope.world import MARK, World

Keys = Mapping[str, object]


def _reorganisation(world: World) -> int:
    outside = world.outside
    neighbour = Area.objects.exclude(pk=outside.street.pk).get(name__startswith=f"{MARK}邻")
    return waiting_between(outside.street, neighbour, outside.organisation).pk


def _joint(world: World) -> int:
    """A joint branch of the outside that covers the outside's firm."""
    outside = world.outside
    made = make_party_organisation(
        f"{MARK}外联合党支部",
        kind=PartyKind.JOINT_BRANCH,
        street=outside.street,
        covers=(outside.organisation,),
    )
    return made.party_organisation_id


OUTSIDE: dict[str, Callable[[World], Keys]] = {
    # ui
    "job": lambda world: {"job_id": world.outside.job.pk},
    "job-cancel": lambda world: {"job_id": world.outside.job.pk},
    # somebody else's
    "organisations-bulk-undo": lambda world: {"act_id": other_bulk_act().pk},
    "saved-view-rename": lambda world: {"view_id": other_view().pk},
    "saved-view-forget": lambda world: {"view_id": other_view().pk},
    # registry
    "organisation-edit": lambda world: {"organisation_id": world.outside.organisation.pk},
    "organisation-close": lambda world: {"organisation_id": world.outside.organisation.pk},
    "organisation-confirm": lambda world: {"organisation_id": world.outside.organisation.pk},
    "organisation-phone": lambda world: {"organisation_id": world.outside.organisation.pk},
    "organisation-leave": lambda world: {"organisation_id": world.outside.organisation.pk},
    "organisation-move": lambda world: {"organisation_id": world.outside.organisation.pk},
    "organisation-absorb": lambda world: {"organisation_id": world.outside.organisation.pk},
    "organisation-split": lambda world: {"organisation_id": world.outside.organisation.pk},
    "street": lambda world: {"area_id": world.outside.street.pk},
    "street-reorganise": lambda world: {"area_id": world.outside.street.pk},
    "site-reorganise": lambda world: {"site_id": world.outside.site.pk},
    "reorganisation": lambda world: {"reorganisation_id": _reorganisation(world)},
    "reorganisation-answer": lambda world: {"reorganisation_id": _reorganisation(world)},
    "reorganisation-undo": lambda world: {"reorganisation_id": _reorganisation(world)},
    "mass-presence-set": lambda world: {"organisation_id": world.outside.organisation.pk},
    "party-organisation-edit": lambda world: {"party_organisation_id": world.outside.branch.pk},
    "party-organisation-dissolve": lambda world: {"party_organisation_id": world.outside.branch.pk},
    "coverage-add": lambda world: {"party_organisation_id": world.outside.branch.pk},
    "coverage-end": lambda world: {
        "party_organisation_id": world.outside.branch.pk,
        "organisation_id": world.outside.organisation.pk,
    },
    "post-add": lambda world: {"party_organisation_id": world.outside.branch.pk},
    "meeting-place": lambda world: {"party_organisation_id": world.outside.branch.pk},
    "branch-join": lambda world: {"party_organisation_id": _joint(world)},
    "branch-leave": lambda world: {
        "party_organisation_id": _joint(world),
        "organisation_id": world.outside.organisation.pk,
    },
    "branch-dissolve": lambda world: {"party_organisation_id": _joint(world)},
    "post-end": lambda world: {"post_id": world.outside.branch.posts.get().pk},
    "member-edit": lambda world: {"person_id": world.outside.member.pk},
    "member-close": lambda world: {"person_id": world.outside.member.pk},
    "guide-edit": lambda world: {"person_id": world.outside.guide.pk, "role": "instructor"},
    "posting-create": lambda world: {"person_id": world.outside.guide.pk},
    "organisation-posting-create": lambda world: {"organisation_id": world.outside.organisation.pk},
    "posting-end": lambda world: {"posting_id": world.outside.guide.postings.get().pk},
    "site-edit": lambda world: {"site_id": world.outside.site.pk},
    "party-organisation": lambda world: {"party_organisation_id": world.outside.branch.pk},
    "site": lambda world: {"site_id": world.outside.site.pk},
    "member": lambda world: {"person_id": world.outside.member.pk},
    "held-data": lambda world: {"person_id": world.outside.member.pk},
    "audit-object": lambda world: {
        "kind": "registry.organisation",
        "key": str(world.outside.organisation.pk),
    },
    "member-numbers": lambda world: {"person_id": world.outside.member.pk},
    "guide": lambda world: {"person_id": world.outside.guide.pk},
    "guide-phone": lambda world: {"person_id": world.outside.guide.pk},
    "organisation-merge": lambda world: {"organisation_id": world.outside.organisation.pk},
    "member-merge": lambda world: {"person_id": world.outside.member.pk},
    "merge": lambda world: {"merge_id": world.outside.merge.pk},
    "merge-undo": lambda world: {"merge_id": world.outside.merge.pk},
    "duplicates-distinguish": lambda world: {"pair_id": world.outside.pair.pk},
    # intake
    "import-batch": lambda world: {"batch_id": world.outside.batch.pk},
    "import-rows": lambda world: {"batch_id": world.outside.batch.pk},
    "import-row": lambda world: {
        "batch_id": world.outside.batch.pk,
        "row_id": world.outside.row.pk,
    },
    "import-changes": lambda world: {"batch_id": world.outside.batch.pk},
    "import-rejected": lambda world: {"batch_id": world.outside.batch.pk},
    "import-sheet": lambda world: {
        "batch_id": world.outside.batch.pk,
        "sheet_id": world.outside.sheet.pk,
    },
    "import-decide": lambda world: {"batch_id": world.outside.batch.pk, "decision": "discard"},
    # coverage
    "proposal": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-map": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-discard": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-units": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-left-out": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-attachments": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposed-group": lambda world: {
        "proposal_id": world.outside.proposal.pk,
        "number": world.outside.group.number,
    },
    "proposal-adopt": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-edit": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-edit-begin": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-edit-step": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-edits": lambda world: {"proposal_id": world.outside.proposal.pk},
    "proposal-edit-unit": lambda world: {
        "proposal_id": world.outside.proposal.pk,
        "organisation_id": world.outside.organisation.pk,
    },
    "proposal-replan": lambda world: {"proposal_id": world.outside.proposal.pk},
    "consent-answer": lambda world: {"consent_id": world.outside.consent.pk},
    "attachment-loads": lambda world: {"proposal_id": world.outside.proposal.pk},
    "attachments-post": lambda world: {"proposal_id": world.outside.proposal.pk},
    "curves": lambda world: {"proposal_id": world.outside.proposal.pk},
    "curve": lambda world: {"curve_id": world.outside.curve.pk},
    "curve-discard": lambda world: {"curve_id": world.outside.curve.pk},
    "target-plan": lambda world: {"plan_id": world.outside.target_plan.pk},
    "target-discard": lambda world: {"plan_id": world.outside.target_plan.pk},
    "establishment": lambda world: {"establishment_id": world.outside.establishment.pk},
    "establishment-request": lambda world: {"establishment_id": world.outside.establishment.pk},
    "joint-branch": lambda world: {"party_organisation_id": _joint(world)},
    "joint-branch-flags": lambda world: {"party_organisation_id": _joint(world)},
    "joint-branch-replan": lambda world: {"party_organisation_id": _joint(world)},
    "unit-replan": lambda world: {"organisation_id": world.outside.organisation.pk},
    "establishment-reply": lambda world: {"establishment_id": world.outside.establishment.pk},
    "establishment-notice": lambda world: {"establishment_id": world.outside.establishment.pk},
    "establishment-nominate": lambda world: {"establishment_id": world.outside.establishment.pk},
    "establishment-note-request": lambda world: {
        "establishment_id": world.outside.establishment.pk
    },
    "establishment-approve": lambda world: {"establishment_id": world.outside.establishment.pk},
    "establishment-found": lambda world: {"establishment_id": world.outside.establishment.pk},
    "establishment-withdraw": lambda world: {"establishment_id": world.outside.establishment.pk},
    "establishment-rename": lambda world: {"establishment_id": world.outside.establishment.pk},
    # accounts: a device of somebody else
    "token-revoke": lambda world: {"token_id": other_token().pk},
    "passkey-remove": lambda world: {"passkey_id": make_passkey(make_user()).pk},
    # insight
    "organisation": lambda world: {"organisation_id": world.outside.organisation.pk},
    "report": lambda world: {"report_id": world.outside.report.pk},
    "report-file": lambda world: {"report_id": world.outside.report.pk},
    "report-sent": lambda world: {"report_id": world.outside.report.pk},
    "report-discard": lambda world: {"report_id": world.outside.report.pk},
}

EVERYBODYS: dict[str, str] = {
    "report-template": "empty forms are the same for everybody who fills them, and hold no facts",
    "report-template-file": "an empty form, as the superior gave it",
    "report-template-retire": "only the district manages forms, and it sees everything",
    "rule": "the rules of the district are the same for everybody who may read them",
    "rule-end": "only the district edits rules, and it sees everything",
    "rule-take-back": "only the district edits rules, and it sees everything",
    "user": "whoever manages accounts manages all of them, and sees no facts",
    "user-grant": "whoever manages accounts manages all of them",
    "user-switch": "whoever manages accounts manages all of them",
    "user-handover": "whoever manages accounts manages all of them",
    "user-reset": "whoever manages accounts manages all of them",
    "user-two-step-reset": "whoever manages accounts manages all of them",
    "grant-end": "whoever manages accounts manages all of them",
}

ASKED: dict[str, Callable[[World], list[Mapping[str, object]]]] = {
    "report-new": lambda world: [{"scope": f"street:{world.outside.street.pk}"}],
    "board": lambda world: [{"by": "street"}, {"by": "site"}, {"by": "industry"}],
    "board-place": lambda world: [{"ids": world.outside.organisation.pk}],
    "changes": lambda world: [
        {"from": "2020-01-01", "show": show} for show in ("new", "joined", "told-units", "gained")
    ],
    "coverage": lambda world: [{"by": by} for by in ("street", "site", "industry", "size")],
    "coverage-organisations": lambda world: [
        {"street": world.outside.street.pk},
        {"street": world.outside.street.pk, "site": world.outside.site.pk},
        {"which": "uncovered"},
    ],
    "growth": lambda world: [{"by": by} for by in ("street", "industry", "size")],
    "growth-organisations": lambda world: [{"street": world.outside.street.pk}],
    "growth-members": lambda world: [{"street": world.outside.street.pk}],
    "mass-presence": lambda world: [{"by": by} for by in ("street", "industry", "size")],
    "mass-presence-organisations": lambda world: [{"street": world.outside.street.pk}],
    "organisations": lambda world: [{"street": world.outside.street.pk}],
    "organisations-bulk": lambda world: [
        {"all": "1", "street": world.outside.street.pk},
        {"all": "1", "q": "界外"},
    ],
    "sites": lambda world: [{"street": world.outside.street.pk}],
    "party-organisations": lambda world: [{"street": world.outside.street.pk}],
    "establishments": lambda world: [{"street": world.outside.street.pk}],
    "organisation-choices": lambda world: [{"organisation": "界外"}, {"organisation": "有限公司"}],
    "party-organisation-choices": lambda world: [{"parent": "界外"}, {"parent": "党"}],
    "guide-choices": lambda world: [{"guide": "界外"}, {"guide": "指导员"}],
    "organisation-site-options": lambda world: [{"street": world.outside.street.pk}],
    "organisation-likeness": lambda world: [
        {"name": "有限公司", "street": world.outside.street.pk},
        {"uscc": world.outside.organisation.uscc},
    ],
    "proposal-new": lambda world: [
        {"street": world.outside.street.pk},
        {"again": world.outside.proposal.pk},
    ],
    "proposal-compare": lambda world: [
        {"a": world.outside.proposal.pk, "b": world.inside.proposal.pk},
        {"a": world.inside.proposal.pk, "b": world.outside.proposal.pk, "show": "units"},
    ],
    "establishments-request": lambda world: [{"establishment": world.outside.establishment.pk}],
    "establishments-units": lambda world: [{"establishment": world.outside.establishment.pk}],
    "establishments-reply": lambda world: [{"establishment": world.outside.establishment.pk}],
    "establishments-approve": lambda world: [{"establishment": world.outside.establishment.pk}],
}

POSTED: dict[str, Callable[[World], list[Mapping[str, object]]]] = {
    "mass-presence-begin": lambda world: [
        {"tick": world.outside.organisation.pk},
        {"tick": world.outside.organisation.pk, "kind": "union", "from_date": "2026-01-01"},
    ],
    "organisations-bulk": lambda world: [
        {"tick": world.outside.organisation.pk, "field": "supervisor"},
        {
            "tick": world.outside.organisation.pk,
            "field": "has_premises",
            "value": "no",
            "from_date": "2026-02-01",
        },
    ],
    "confirmations-say": lambda world: [{"tick": f"{world.outside.organisation.pk}:1-1"}],
    "report-new": lambda world: [
        {
            "template": world.outside.report.version.template_id,
            "scope": f"street:{world.outside.street.pk}",
            "at": "2026-01-01",
        }
    ],
    "site-create": lambda world: [
        {"name": "新来的大厦", "kind": "building", "street": world.outside.street.pk}
    ],
    "party-organisation-create": lambda world: [
        {
            "name": "新来的党支部",
            "kind": "branch",
            "street": world.outside.street.pk,
            "founded_date": "2025-01-01",
        },
    ],
    "organisation-create": lambda world: [
        {
            "name": "新来的公司",
            "kind": "company",
            "status": "operating",
            "street": world.outside.street.pk,
            "site": world.outside.site.pk,
            "valid_from": "2026-01-01",
        }
    ],
    "establishments-approve": lambda world: [
        {
            "establishment": world.outside.establishment.pk,
            "approved_date": "2026-06-20",
            "approval_number": "测两新〔2026〕1号",
        }
    ],
    "proposal-new": lambda world: [
        {"title": "别处的方案", "streets": world.outside.street.pk, "at": "2026-06-01"}
    ],
}

# A trade's firms may stand, or move to, anywhere: its officer picks among all streets and sites by name.
PLACES_TOLD: Mapping[str, frozenset[str]] = {
    "organisation-create": frozenset({"trade officer"}),
    "organisation-site-options": frozenset({"trade officer"}),
    "proposal-new": frozenset({"trade officer"}),
}


def undescribed(routes: Iterable[str]) -> list[str]:
    """Those of some routes with a key that have no line here."""
    return [name for name in routes if name not in OUTSIDE and name not in EVERYBODYS]
