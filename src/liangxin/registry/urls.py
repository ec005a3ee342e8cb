"""Addresses of the ledger; one organisation's page is insight's."""

from django.urls import path

from liangxin.registry.views import (
    duplicates,
    guides,
    mass_presences,
    merges,
    merging,
    organisation_asking,
    organisation_forms,
    organisation_list,
    party_organisations,
    people,
    rules,
    sites,
    unmasking,
)

urlpatterns = [
    path("organisations/", organisation_list.organisations, name="organisations"),
    path("organisations/new/", organisation_forms.create, name="organisation-create"),
    path(
        "organisations/<int:organisation_id>/edit/",
        organisation_forms.revise,
        name="organisation-edit",
    ),
    path(
        "organisations/<int:organisation_id>/close/",
        organisation_forms.close,
        name="organisation-close",
    ),
    path(
        "organisations/<int:organisation_id>/confirm/",
        organisation_forms.confirm,
        name="organisation-confirm",
    ),
    path(
        "organisations/<int:organisation_id>/phone/",
        unmasking.organisation_phone,
        name="organisation-phone",
    ),
    path(
        "organisations/<int:organisation_id>/mass-presence/",
        mass_presences.set_presence,
        name="mass-presence-set",
    ),
    path(
        "organisations/site-options/",
        organisation_asking.site_options,
        name="organisation-site-options",
    ),
    path(
        "organisations/industry-options/",
        organisation_asking.industry_options,
        name="organisation-industry-options",
    ),
    path(
        "organisations/likeness/",
        organisation_asking.likeness_warning,
        name="organisation-likeness",
    ),
    path(
        "organisations/<int:organisation_id>/merge/",
        merging.organisation,
        name="organisation-merge",
    ),
    path("members/<int:person_id>/merge/", merging.member, name="member-merge"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/find/", duplicates.find, name="duplicates-find"),
    path(
        "duplicates/<int:pair_id>/distinguish/",
        merging.not_the_same,
        name="duplicates-distinguish",
    ),
    path("merges/", merges.merges, name="merges"),
    path("merges/<int:merge_id>/", merges.merge, name="merge"),
    path("merges/<int:merge_id>/undo/", merges.undo, name="merge-undo"),
    path(
        "party-organisations/",
        party_organisations.party_organisations,
        name="party-organisations",
    ),
    path(
        "party-organisations/<int:party_organisation_id>/",
        party_organisations.party_organisation,
        name="party-organisation",
    ),
    path("sites/", sites.sites, name="sites"),
    path("sites/<int:site_id>/", sites.site, name="site"),
    path("members/", people.member_list, name="members"),
    path("members/<int:person_id>/", people.member, name="member"),
    path("members/<int:person_id>/numbers/", unmasking.member_numbers, name="member-numbers"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:code>/", rules.rule_page, name="rule"),
    path("rules/<str:code>/end/", rules.end, name="rule-end"),
    path("guides/", guides.guide_list, name="guides"),
    path("guides/<int:person_id>/", guides.guide, name="guide"),
    path("guides/<int:person_id>/phone/", unmasking.guide_phone, name="guide-phone"),
]
