"""One organisation's page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.coverage.actions.adoption import approve, found, withdraw
from liangxin.insight.queries.locator import locator
from liangxin.insight.queries.organisation import (
    Dossier,
    NoSuchOrganisation,
    organisation_dossier,
)
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from tests.factories.clients import client_of
from tests.factories.establishments import ELECTED
from tests.factories.plans import (
    ADOPTED,
    make_candidate,
    make_establishment,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.registry import (
    START,
    make_area,
    make_coverage,
    make_guide,
    make_mass_presence,
    make_member,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_posting,
)
from tests.factories.viewers import (
    administrator,
    instructor,
    office,
    officer_of,
    owner_of,
    secretary_of,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[118.0, 30.0], [118.2, 30.0], [118.2, 30.2], [118.0, 30.2], [118.0, 30.0]]],
}


def page_of(version: OrganisationVersion, viewer: Viewer, **asked: str) -> str:
    url = reverse("organisation", args=[version.organisation_id])
    return client_of(viewer).get(url, asked).content.decode()


def test_page_sends_a_stranger_to_log_in() -> None:
    version = make_organisation()

    answer = Client().get(reverse("organisation", args=[version.organisation_id]))

    assert answer.status_code == 302


def test_page_refuses_the_administrator() -> None:
    version = make_organisation()

    answer = client_of(administrator()).get(reverse("organisation", args=[version.organisation_id]))

    assert answer.status_code == 403


def test_page_out_of_scope_is_not_found() -> None:
    version = make_organisation()

    answer = client_of(officer_of(make_area())).get(
        reverse("organisation", args=[version.organisation_id])
    )

    assert answer.status_code == 404


def test_page_tells_the_chain_who_is_a_member() -> None:
    version = make_organisation()
    make_member(version.organisation, name="王某甲")

    assert "王某甲" in page_of(version, office())


def test_page_tells_neither_owner_nor_instructor_of_members() -> None:
    version, guide = make_organisation(), make_guide("李指导")
    make_posting(version.organisation, person=guide)
    make_member(version.organisation, name="王某甲")

    for viewer in (owner_of(version.organisation), instructor(guide)):
        page = page_of(version, viewer)
        assert "王某甲" not in page
        assert "正式党员 1 名" not in page
        assert "李指导" in page


def test_page_masks_numbers() -> None:
    version = make_organisation(phone="19900001234")
    person = make_member(version.organisation)

    page = page_of(version, office())

    assert "199****1234" in page
    assert "19900001234" not in page
    assert person.id_number not in page


def test_page_offers_editing_to_those_who_may() -> None:
    version = make_organisation()
    edit = reverse("organisation-edit", args=[version.organisation_id])

    assert edit in page_of(version, office())
    assert edit not in page_of(version, owner_of(version.organisation))


def test_page_of_a_past_day_shows_what_was_true_then() -> None:
    later = date(2025, 1, 1)
    first = make_organisation(name="旧名称有限公司", valid_to=later)
    make_organisation_version(
        first.organisation, name="新名称有限公司", street=first.street, valid_from=later
    )

    page = page_of(first, office(), at="2024-06-01")

    assert "旧名称有限公司" in page
    assert "新名称有限公司" not in page
    assert reverse("organisation-edit", args=[first.organisation_id]) not in page


def test_page_before_everything_known_goes_on_to_today() -> None:
    version = make_organisation()
    url = reverse("organisation", args=[version.organisation_id])

    answer = client_of(office()).get(url, {"at": "2020-01-01"}, follow=True)

    assert answer.redirect_chain == [(url, 302)]
    assert "2020-01-01 的台账里没有这家单位" in answer.content.decode()


def test_page_asks_as_often_for_three_members_as_for_one() -> None:
    version = make_organisation()
    branch = make_party_organisation(covers=(version.organisation,)).party_organisation
    url = reverse("organisation", args=[version.organisation_id])
    client = client_of(office())
    make_member(version.organisation, held_in=branch)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(2):
        make_member(version.organisation, held_in=branch)
        make_posting(version.organisation)

    with CaptureQueriesContext(connection) as three:
        client.get(url)

    assert len(three) <= len(one)


def dossier_of(version: OrganisationVersion, viewer: Viewer) -> Dossier:
    return organisation_dossier(
        viewer, organisation_id=version.organisation_id, at=TODAY, today=TODAY
    )


def test_dossier_gathers_what_stands_in_the_organisation() -> None:
    version = make_organisation()
    branch = make_party_organisation(covers=(version.organisation,))
    posting = make_posting(version.organisation)
    presence = make_mass_presence(version.organisation)

    dossier = dossier_of(version, office())

    assert dossier.party_organisations == (branch,)
    told = dossier.happened
    assert (told.postings_now, told.presences_now) == ((posting,), (presence,))
    assert dossier.reason is None


def test_dossier_keeps_what_ended() -> None:
    version = make_organisation()
    branch = make_party_organisation("原支部").party_organisation
    ended = make_coverage(branch, version.organisation, valid_to=date(2025, 1, 1))
    left = make_posting(version.organisation, valid_to=date(2025, 1, 1))

    dossier = dossier_of(version, office())

    assert (dossier.past_coverages, dossier.happened.postings_before) == ((ended,), (left,))
    assert "原支部" in page_of(version, office())
    assert dossier.party_organisations == ()


def test_dossier_says_why_there_is_no_party_organisation_and_by_which_rule() -> None:
    version = make_organisation(has_premises=True, has_activity=True, employees=8)
    for _ in range(3):
        make_member(version.organisation)

    steps = dossier_of(version, office()).next_steps

    assert steps[0].text == "有正式党员 3 名，达到 3 名，应单独建立党支部"
    assert (steps[0].rule.code, "章程" in steps[0].rule.source) == ("branch.min_full_members", True)


def test_dossier_asks_those_who_may_edit_for_missing_facts() -> None:
    version = make_organisation(status="unknown", employees=None)

    asked = [step.rule.code for step in dossier_of(version, office()).next_steps]
    owner = [
        step.rule.code for step in dossier_of(version, owner_of(version.organisation)).next_steps
    ]

    assert {"coverage.base", "san_you.min_employees"} <= set(asked)
    assert "coverage.base" not in owner


def test_dossier_warns_of_a_guide_whose_term_ends() -> None:
    version = make_organisation()
    make_posting(version.organisation, valid_to=date(2026, 10, 1))

    codes = [step.rule.code for step in dossier_of(version, office()).next_steps]

    assert "instructor.term_years" in codes


def test_dossier_of_a_secretary_has_members_and_no_editing() -> None:
    version = make_organisation()
    branch = make_party_organisation(covers=(version.organisation,)).party_organisation
    make_member(version.organisation, held_in=branch)

    dossier = dossier_of(version, secretary_of(branch))

    assert dossier.members is not None
    assert (len(dossier.members), dossier.may_edit) == (1, False)


def test_dossier_of_an_unknown_organisation_is_refused() -> None:
    with pytest.raises(NoSuchOrganisation):
        organisation_dossier(office(), organisation_id=999_999, at=TODAY, today=TODAY)


def test_dossier_begins_with_the_first_version() -> None:
    version = make_organisation()

    with pytest.raises(NoSuchOrganisation):
        organisation_dossier(
            office(),
            organisation_id=version.organisation_id,
            at=date(START.year - 1, 12, 31),
            today=TODAY,
        )


def test_locator_puts_the_middle_in_the_middle() -> None:
    area = make_area(boundary=SQUARE)

    place = locator([area], lon=118.1, lat=30.1, here=area.pk)

    assert place is not None
    assert (place.x, place.y) == pytest.approx((place.width / 2, place.height / 2), abs=1)
    assert [one.is_here for one in place.outlines] == [True]


def test_locator_needs_an_outline() -> None:
    assert locator([make_area()], lon=118.1, lat=30.1, here=None) is None


def test_page_of_a_day_long_past_needs_no_rules_of_that_day() -> None:
    version = make_organisation(valid_from=date(2013, 1, 1))

    assert version.name in page_of(version, office(), at="2016-01-01")


def test_branch_to_be_is_shown_as_proposed_with_the_next_step() -> None:
    made = make_establishment()
    unit = made.units.get(is_host=True)
    version = unit.organisation.versions.get()

    dossier = dossier_of(version, office())
    text = page_of(version, office())

    assert dossier.next_steps[0].text == f"已列入拟建的“{made.name}”"
    assert dossier.next_steps[0].rule.code == "joint_branch.principles"
    assert [party.name for party in dossier.party_organisations] == [made.name]
    assert "拟建</span>" in text
    assert f'没有已成立的党组织。</p><p class="lx-muted">已列入拟建的“{made.name}”。' in text


def test_branch_to_be_is_not_shown_to_the_owner() -> None:
    made = make_establishment()
    organisation = made.units.get(is_host=True).organisation

    text = page_of(organisation.versions.get(), owner_of(organisation))

    assert made.name not in text


def test_founded_branch_is_proposed_on_a_day_before_its_founding() -> None:
    made = make_establishment()
    approve(made, by=office(), approved_date=ADOPTED, approval_number="1号", today=TODAY)
    founded = ADOPTED + timedelta(days=9)
    found(made, by=office(), founded_date=founded, today=TODAY, elected=ELECTED)
    version = made.units.get(is_host=True).organisation.versions.get()

    before = page_of(version, office(), at=(founded - timedelta(days=1)).isoformat())
    after = page_of(version, office(), at=founded.isoformat())

    assert "拟建</span>" in before
    assert "拟建" not in after
    assert "2026年6月11日 成立" in after


def test_withdrawn_branch_is_no_past_coverage() -> None:
    made = make_establishment()
    withdraw(made, by=office(), reason="不再组建", today=ADOPTED + timedelta(days=1))
    version = made.units.get(is_host=True).organisation.versions.get()

    dossier = dossier_of(version, office())

    assert (dossier.past_coverages, dossier.party_organisations) == ((), ())


def left_out(version: OrganisationVersion) -> None:
    row = make_left_out(make_proposal(), version)
    row.helps = [
        {"kind": "own_member", "text": "这里再有 1 名党员，可单独建立党支部"},
        {"kind": "street_radius", "text": "同街道距离上限放宽到 1,200 米"},
    ]
    row.save(update_fields=["helps"])


def test_page_tells_what_would_help() -> None:
    version = make_candidate()
    left_out(version)
    page = page_of(version, office(), at=TODAY.isoformat())
    assert "这里再有 1 名党员，可单独建立党支部；或同街道距离上限放宽到 1,200 米" in page


def test_page_tells_what_would_help_only_to_those_who_plan() -> None:
    version = make_candidate()
    left_out(version)
    for viewer in (administrator(), owner_of(version.organisation)):
        assert "怎样才能纳入" not in page_of(version, viewer, at=TODAY.isoformat())


def test_page_forgets_what_would_help_once_a_plan_took_it_in() -> None:
    version = make_candidate()
    left_out(version)
    make_group(make_proposal(), [version, make_candidate()])
    assert "怎样才能纳入" not in page_of(version, office(), at=TODAY.isoformat())
