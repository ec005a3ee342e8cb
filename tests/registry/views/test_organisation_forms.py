from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liangxin.kernel.models import AuditEntry
from liangxin.registry.actions.organisations import edition
from liangxin.registry.models import OrganisationVersion
from tests.factories.clients import client_of
from tests.factories.registry import make_area, make_organisation, make_site, next_uscc
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(office())


def answers(version: OrganisationVersion | None = None, **changes: object) -> dict[str, Any]:
    """What a browser sends for a version as the form showed it, with some answers changed."""
    street = version.street if version else make_area()
    assert street is not None
    sent: dict[str, Any] = {
        "uscc": (version.organisation.uscc if version else next_uscc()) or "",
        "name": version.name if version else "甲乙软件有限公司",
        "kind": "company",
        "status": "operating",
        "street": street.pk,
        "valid_from": "2025-06-01",
        "based_on": edition(version) if version else "",
    }
    return sent | changes


def test_create_leads_to_the_new_organisation(client: Client) -> None:
    answer = client.post(
        reverse("organisation-create"), answers(industry="应用软件开发", employees="120")
    )

    version = OrganisationVersion.objects.get()
    assert answer.headers["Location"] == reverse("organisation", args=[version.organisation_id])
    assert (version.industry_code, version.employees) == ("6513", 120)


@pytest.mark.parametrize(
    ("field", "value", "wrong", "words"),
    [
        ("uscc", "91990100000000001A", "uscc", "校验"),
        ("name", "", "name", "必填"),
        ("industry", "不存在的行业", "industry", "找不到这个行业"),
        ("phone", "12345", "phone", "应为11位"),
        ("employees", "-1", "employees", "不能小于 0"),
        ("established_date", "2999-01-01", "established_date", "不能晚于今天"),
        ("valid_from", "2999-01-01", "valid_from", "不能晚于今天"),
        ("lon", "115", "lat", "要么都填"),
        ("lat", "80", "lat", "不能大于 54"),
    ],
)
def test_create_says_what_to_mend(
    client: Client, field: str, value: str, wrong: str, words: str
) -> None:
    answer = client.post(reverse("organisation-create"), answers(**{field: value}))

    assert words in " ".join(answer.context["form"].errors[wrong])
    assert OrganisationVersion.objects.count() == 0


def test_create_links_to_the_organisation_that_has_the_uscc(client: Client) -> None:
    known = make_organisation()

    answer = client.post(reverse("organisation-create"), answers(uscc=known.organisation.uscc))

    assert reverse("organisation", args=[known.organisation_id]) in answer.content.decode()
    assert OrganisationVersion.objects.count() == 1


def test_create_tells_nothing_of_an_organisation_out_of_scope() -> None:
    known, own = make_organisation(name="外街道公司"), make_area()

    answer = client_of(officer_of(own)).post(
        reverse("organisation-create"), answers(uscc=known.organisation.uscc, street=own.pk)
    )

    assert "外街道公司" not in answer.content.decode()
    assert "不在您负责的范围内" in answer.content.decode()


def test_create_asks_once_whether_a_namesake_is_another(client: Client) -> None:
    known = make_organisation(name="同名公司")
    assert known.street is not None
    sent = answers(name="同名公司", street=known.street.pk)

    asked = client.post(reverse("organisation-create"), sent)
    saved = client.post(reverse("organisation-create"), sent | {"is_not_the_same": "on"})

    assert "is_not_the_same" in asked.content.decode()
    assert saved.status_code == 302


def test_create_takes_no_street_of_others() -> None:
    answer = client_of(officer_of(make_area())).post(reverse("organisation-create"), answers())

    assert "street" in answer.context["form"].errors


def test_create_converts_map_coordinates(client: Client) -> None:
    client.post(
        reverse("organisation-create"),
        answers(lon="118.2", lat="30.3", coordinate_system="GCJ-02"),
    )

    version = OrganisationVersion.objects.get()
    assert (version.lon, version.lat) == pytest.approx((118.1948, 30.3026), abs=2e-3)
    assert version.lon != 118.2


def test_revise_shows_what_is_known_with_the_phone_masked(client: Client) -> None:
    version = make_organisation(phone="19900001234", employees=37)

    page = client.get(reverse("organisation-edit", args=[version.organisation_id])).content.decode()

    assert 'value="37"' in page
    assert "199****1234" in page
    assert "19900001234" not in page


def test_revise_keeps_a_phone_left_masked(client: Client) -> None:
    version = make_organisation(phone="19900001234", employees=37)

    client.post(
        reverse("organisation-edit", args=[version.organisation_id]),
        answers(version, phone="199****1234", employees="40"),
    )

    newest = OrganisationVersion.objects.get(valid_to=None)
    assert (newest.phone, newest.employees) == ("19900001234", 40)


def test_revise_shows_what_another_saved_meanwhile(client: Client) -> None:
    version = make_organisation(employees=37)
    url = reverse("organisation-edit", args=[version.organisation_id])
    mine = answers(version, employees="50")
    client.post(url, answers(version, employees="40"))

    answer = client.post(url, mine)

    page = answer.content.decode()
    assert [(c.before, c.after) for c in answer.context["conflict"]] == [("40", "50")]
    assert "您的修改尚未保存" in page
    assert OrganisationVersion.objects.get(valid_to=None).employees == 40


def test_revise_after_a_conflict_saves_what_the_person_insists_on(client: Client) -> None:
    version = make_organisation(employees=37)
    url = reverse("organisation-edit", args=[version.organisation_id])
    client.post(url, answers(version, employees="40"))
    mine = answers(version, employees="50")
    shown = client.post(url, mine)

    answer = client.post(url, mine | {"based_on": shown.context["based_on"]})

    assert answer.status_code == 302
    assert OrganisationVersion.objects.get(valid_to=None).employees == 50


def test_revise_of_the_past_is_asked_for_and_done(client: Client) -> None:
    version = make_organisation(employees=37, valid_from=date(2026, 1, 1))
    url = reverse("organisation-edit", args=[version.organisation_id])
    sent = answers(version, employees="30")

    asked = client.post(url, sent)
    saved = client.post(url, sent | {"may_precede": "on"})

    assert "补录历史" in asked.content.decode()
    assert saved.status_code == 302
    assert list(
        version.organisation.versions.order_by("valid_from").values_list("employees", flat=True)
    ) == [30, 37]


def test_revise_leaves_closing_to_its_own_page(client: Client) -> None:
    version = make_organisation()

    answer = client.post(
        reverse("organisation-edit", args=[version.organisation_id]),
        answers(version, status="closed"),
    )

    assert "status" in answer.context["form"].errors


def test_revise_opens_a_closed_organisation_again(client: Client) -> None:
    version = make_organisation(status="closed")

    client.post(
        reverse("organisation-edit", args=[version.organisation_id]),
        answers(version, status="operating"),
    )

    assert OrganisationVersion.objects.get(valid_to=None).status == "operating"


def test_close_needs_a_reason(client: Client) -> None:
    version = make_organisation()
    url = reverse("organisation-close", args=[version.organisation_id])

    answer = client.post(
        url, {"closed_date": "2025-06-01", "reason": "", "based_on": edition(version)}
    )

    assert "reason" in answer.context["form"].errors


def test_close_marks_the_organisation_closed(client: Client) -> None:
    version = make_organisation()
    url = reverse("organisation-close", args=[version.organisation_id])

    client.post(
        url, {"closed_date": "2025-06-01", "reason": "已注销", "based_on": edition(version)}
    )

    assert OrganisationVersion.objects.get(valid_to=None).status == "closed"


def test_confirm_is_one_click(client: Client) -> None:
    version = make_organisation()
    url = reverse("organisation-confirm", args=[version.organisation_id])

    client.post(url, {"based_on": edition(version)})

    assert AuditEntry.objects.get().action == "organisation.confirm"


def test_confirm_of_a_stale_page_is_refused(client: Client) -> None:
    version = make_organisation()
    url = reverse("organisation-confirm", args=[version.organisation_id])

    client.post(url, {"based_on": "0-0"})

    assert AuditEntry.objects.count() == 0


def test_site_options_are_those_of_the_street(client: Client) -> None:
    here, elsewhere = make_site("本街大厦"), make_site("他街大厦")

    page = client.get(
        reverse("organisation-site-options"), {"street": here.street_id}
    ).content.decode()

    assert here.name in page
    assert elsewhere.name not in page


def test_industry_options_fit_what_is_typed(client: Client) -> None:
    page = client.get(reverse("organisation-industry-options"), {"industry": "应用软件"})

    assert "6513 应用软件开发" in page.content.decode()


def test_likeness_leaves_out_the_organisation_itself(client: Client) -> None:
    version = make_organisation()
    asked = {"uscc": version.organisation.uscc, "apart_from": version.organisation_id}

    page = client.get(reverse("organisation-likeness"), asked).content.decode()

    assert "已在台账中" not in page
