"""批量修改: chosen, seen, made and undone by the pages."""

import pytest
from django.urls import reverse

from liangxin.kernel.models import Job
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.models import OrganisationVersion, Provenance
from liangxin.registry.views import bulk_edit
from tests.factories.accounts import client_of, make_user
from tests.factories.bulk_edits import other_bulk_act
from tests.factories.registry import make_area, make_organisation, make_site

pytestmark = pytest.mark.django_db
PAGE = "/organisations/bulk/"


def open_facts(field: str) -> list[object]:
    found = OrganisationVersion.objects.filter(valid_to__isnull=True).order_by("organisation_id")
    return list(found.values_list(field, flat=True))


def test_ticked_rows_are_seen_before_they_are_changed_and_can_be_undone() -> None:
    versions = [make_organisation() for _ in range(3)]
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    ticks = {"tick": [one.organisation_id for one in versions[:2]]}
    assert "要改的一项" in client.post(PAGE, {**ticks, "back": "/"}).content.decode()
    chosen = {**ticks, "field": "has_activity"}
    assert "有经营活动改为" in client.post(PAGE, chosen).content.decode()
    answer = {**chosen, "value": "yes", "from_date": "2025-05-01"}
    preview = client.post(PAGE, answer)
    assert "会改 <strong>2</strong> 家" in preview.content.decode()
    assert open_facts("has_activity") == [None, None, None]

    digest = preview.context["plan"].digest
    done = client.post(PAGE, {**answer, "confirm": digest}, follow=True).content.decode()
    assert "2 家的有经营活动改为“是”" in done
    assert open_facts("has_activity") == [True, True, None]

    act = Provenance.objects.get(source__startswith="批量修改")
    client.post(reverse("organisations-bulk-undo", args=(act.pk,)))
    assert open_facts("has_activity") == [None, None, None]


def test_all_that_the_list_shows_are_chosen_by_its_conditions() -> None:
    street = make_area()
    site = make_site(street=street)
    inside = [make_organisation(street=street) for _ in range(2)]
    make_organisation()
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    page = client.get("/organisations/", {"street": street.pk, "sort": "name"}).content.decode()
    address = f"{PAGE}?all=1&street={street.pk}"
    assert address.replace("&", "&amp;") in page

    answer = {"field": "site_id", "value": site.pk, "from_date": "2025-05-01"}
    preview = client.post(address, answer)
    client.post(address, {**answer, "confirm": preview.context["plan"].digest})
    assert open_facts("site_id") == [site.pk, site.pk, None]
    assert len(inside) == 2


def test_a_long_list_is_changed_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_edit, "LARGE", 1)
    versions = [make_organisation() for _ in range(2)]
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    answer = {
        "tick": [one.organisation_id for one in versions],
        "field": "status",
        "value": "dormant",
        "from_date": "2025-05-01",
    }
    digest = client.post(PAGE, answer).context["plan"].digest
    response = client.post(PAGE, {**answer, "confirm": digest})
    assert response["Location"] == reverse("job", args=(Job.objects.get().pk,))


@pytest.mark.parametrize(
    ("field", "value", "day"),
    [
        ("status", "closed", "2025-05-01"),
        ("industry_code", "没有的行业", "2025-05-01"),
        ("site_id", "999999", "2025-05-01"),
        ("kind", "x", "2025-05-01"),
        ("has_premises", "yes", "2999-01-01"),
        ("has_premises", "yes", "昨天"),
    ],
)
def test_odd_answers_are_asked_again(field: str, value: str, day: str) -> None:
    unit = make_organisation()
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    answer = {"tick": unit.organisation_id, "field": field, "value": value, "from_date": day}
    page = client.post(PAGE, {**answer, "confirm": "x"}).content.decode()
    assert "处需要改正" in page
    assert OrganisationVersion.objects.count() == 1


def test_nothing_ticked_goes_back_with_a_word() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    page = client.post(PAGE, {"back": "/organisations/"}, follow=True).content.decode()
    assert "还没有选中单位" in page


def test_without_a_choice_nothing_is_chosen() -> None:
    make_organisation()
    page = client_of(make_user(Role.DISTRICT_OFFICE)).get(PAGE).content.decode()
    assert ("打勾选中单位" in page, "已选" in page) == (True, False)


def test_rows_of_a_past_day_cannot_be_ticked() -> None:
    make_organisation()
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    now = client.get("/organisations/").content.decode()
    past = client.get("/organisations/", {"at": "2025-01-01"}).content.decode()
    assert ('name="tick"' in now, 'name="tick"' in past) == (True, False)


@pytest.mark.parametrize("role", [Role.OWNER, Role.SECRETARY, Role.INSTRUCTOR, Role.MEMBER])
def test_a_stranger_changes_nothing(role: Role) -> None:
    client = client_of(make_user(role))
    assert (client.get(PAGE).status_code, client.post(PAGE, {}).status_code) == (403, 403)
    undo = client.post(reverse("organisations-bulk-undo", args=(other_bulk_act().pk,)))
    assert undo.status_code == 403


def test_an_officer_does_not_undo_what_another_did() -> None:
    street = make_area()
    officer = make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(street.pk)))
    answer = client_of(officer).post(
        reverse("organisations-bulk-undo", args=(other_bulk_act().pk,))
    )
    assert answer.status_code == 404
