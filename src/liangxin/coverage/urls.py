"""Addresses of the two coverages."""

from django.urls import path

from liangxin.coverage.views.adoption import proposal_adopt
from liangxin.coverage.views.approval import establishments_approve
from liangxin.coverage.views.attachments import attachment_loads, attachments_post
from liangxin.coverage.views.consents import consent_answer, consents
from liangxin.coverage.views.curves import curve, curve_discard, curves
from liangxin.coverage.views.edit_board import (
    proposal_edit,
    proposal_edit_begin,
    proposal_replan,
)
from liangxin.coverage.views.edit_history import proposal_edits
from liangxin.coverage.views.edit_step import proposal_edit_step
from liangxin.coverage.views.edit_unit import proposal_edit_unit
from liangxin.coverage.views.establishment import (
    establishment,
    establishment_approve,
    establishment_found,
    establishment_nominate,
    establishment_note_request,
    establishment_rename,
    establishment_withdraw,
)
from liangxin.coverage.views.establishments import establishments
from liangxin.coverage.views.growth import growth, growth_firms, growth_people
from liangxin.coverage.views.joint_branch import (
    joint_branch,
    joint_branch_flags,
    joint_branch_replan,
    unit_replan,
)
from liangxin.coverage.views.joint_branches import joint_branches
from liangxin.coverage.views.mass_presence import (
    mass_presence,
    mass_presence_begin,
    mass_presence_firms,
)
from liangxin.coverage.views.organisations import organisations, uncovered
from liangxin.coverage.views.proposal import proposal
from liangxin.coverage.views.proposal_compare import proposal_compare
from liangxin.coverage.views.proposal_form import proposal_new
from liangxin.coverage.views.proposal_group import proposed_group
from liangxin.coverage.views.proposal_lists import (
    proposal_attachments,
    proposal_left_out,
    proposal_units,
)
from liangxin.coverage.views.proposal_map import proposal_map
from liangxin.coverage.views.proposals import proposal_discard, proposals
from liangxin.coverage.views.requests import (
    establishment_notice,
    establishment_reply,
    establishment_request,
    establishments_reply,
    establishments_request,
    establishments_units,
)
from liangxin.coverage.views.table import coverage
from liangxin.coverage.views.target_quotas import target_quotas
from liangxin.coverage.views.targets import target_discard, target_plan, targets, targets_new

urlpatterns = [
    path("coverage/", coverage, name="coverage"),
    path("coverage/organisations/", organisations, name="coverage-organisations"),
    path("coverage/uncovered/", uncovered, name="uncovered"),
    path("growth/", growth, name="growth"),
    path("growth/organisations/", growth_firms, name="growth-organisations"),
    path("growth/members/", growth_people, name="growth-members"),
    path("mass-presence/", mass_presence, name="mass-presence"),
    path("mass-presence/organisations/", mass_presence_firms, name="mass-presence-organisations"),
    path("mass-presence/begin/", mass_presence_begin, name="mass-presence-begin"),
    path("plans/", proposals, name="proposals"),
    path("plans/new/", proposal_new, name="proposal-new"),
    path("plans/compare/", proposal_compare, name="proposal-compare"),
    path("plans/<int:proposal_id>/", proposal, name="proposal"),
    path("plans/<int:proposal_id>/map.json", proposal_map, name="proposal-map"),
    path("plans/<int:proposal_id>/discard/", proposal_discard, name="proposal-discard"),
    path("plans/<int:proposal_id>/units/", proposal_units, name="proposal-units"),
    path("plans/<int:proposal_id>/left-out/", proposal_left_out, name="proposal-left-out"),
    path("plans/<int:proposal_id>/attachments/", proposal_attachments, name="proposal-attachments"),
    path("plans/<int:proposal_id>/attachments/loads/", attachment_loads, name="attachment-loads"),
    path("plans/<int:proposal_id>/attachments/post/", attachments_post, name="attachments-post"),
    path("plans/<int:proposal_id>/groups/<int:number>/", proposed_group, name="proposed-group"),
    path("plans/<int:proposal_id>/adopt/", proposal_adopt, name="proposal-adopt"),
    path("plans/<int:proposal_id>/curves/", curves, name="curves"),
    path("plans/curves/<int:curve_id>/", curve, name="curve"),
    path("plans/curves/<int:curve_id>/discard/", curve_discard, name="curve-discard"),
    path("targets/", targets, name="targets"),
    path("targets/new/", targets_new, name="targets-new"),
    path("targets/quotas/", target_quotas, name="target-quotas"),
    path("targets/<int:plan_id>/", target_plan, name="target-plan"),
    path("targets/<int:plan_id>/discard/", target_discard, name="target-discard"),
    path("plans/<int:proposal_id>/edit/", proposal_edit, name="proposal-edit"),
    path("plans/<int:proposal_id>/edit/begin/", proposal_edit_begin, name="proposal-edit-begin"),
    path("plans/<int:proposal_id>/edit/step/", proposal_edit_step, name="proposal-edit-step"),
    path("plans/<int:proposal_id>/edit/history/", proposal_edits, name="proposal-edits"),
    path(
        "plans/<int:proposal_id>/edit/units/<int:organisation_id>/",
        proposal_edit_unit,
        name="proposal-edit-unit",
    ),
    path("plans/<int:proposal_id>/replan/", proposal_replan, name="proposal-replan"),
    path("joint-branches/", joint_branches, name="joint-branches"),
    path("joint-branches/<int:party_organisation_id>/", joint_branch, name="joint-branch"),
    path(
        "joint-branches/<int:party_organisation_id>/flags/",
        joint_branch_flags,
        name="joint-branch-flags",
    ),
    path(
        "joint-branches/<int:party_organisation_id>/replan/",
        joint_branch_replan,
        name="joint-branch-replan",
    ),
    path("plans/around/<int:organisation_id>/", unit_replan, name="unit-replan"),
    path("establishments/", establishments, name="establishments"),
    path("establishments/consents/", consents, name="consents"),
    path("establishments/consents/<int:consent_id>/", consent_answer, name="consent-answer"),
    path("establishments/approve/", establishments_approve, name="establishments-approve"),
    path("establishments/request.docx", establishments_request, name="establishments-request"),
    path("establishments/approval.docx", establishments_reply, name="establishments-reply"),
    path("establishments/units.xlsx", establishments_units, name="establishments-units"),
    path("establishments/<int:establishment_id>/", establishment, name="establishment"),
    path(
        "establishments/<int:establishment_id>/request.docx",
        establishment_request,
        name="establishment-request",
    ),
    path(
        "establishments/<int:establishment_id>/approval.docx",
        establishment_reply,
        name="establishment-reply",
    ),
    path(
        "establishments/<int:establishment_id>/notice.docx",
        establishment_notice,
        name="establishment-notice",
    ),
    path(
        "establishments/<int:establishment_id>/nominate/",
        establishment_nominate,
        name="establishment-nominate",
    ),
    path(
        "establishments/<int:establishment_id>/request/",
        establishment_note_request,
        name="establishment-note-request",
    ),
    path(
        "establishments/<int:establishment_id>/approve/",
        establishment_approve,
        name="establishment-approve",
    ),
    path(
        "establishments/<int:establishment_id>/found/",
        establishment_found,
        name="establishment-found",
    ),
    path(
        "establishments/<int:establishment_id>/withdraw/",
        establishment_withdraw,
        name="establishment-withdraw",
    ),
    path(
        "establishments/<int:establishment_id>/rename/",
        establishment_rename,
        name="establishment-rename",
    ),
]
