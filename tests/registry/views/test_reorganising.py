"""The pages of leaving: from the firm's page to the act, its answer and its undoing."""

import pytest
from django.test import Client
from django.utils import timezone

from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.actions.organisations import edition
from liangxin.registry.models import Area, OrganisationVersion, Reorganisation
from liangxin.registry.terms import ReorganisationState
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import (
    make_area,
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
    make_site,
)

pytestmark = pytest.mark.django_db


def office() -> Client:
    return client_of(make_user(Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT, "")))


def officer(street: Area) -> Client:
    return client_of(make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(street.pk))))


def told(version: OrganisationVersion, **answers: object) -> dict[str, object]:
    day = timezone.localdate().isoformat()
    return {"on_date": day, "basis": "营业执照变更", "based_on": edition(version), **answers}


def now_of(version: OrganisationVersion) -> OrganisationVersion:
    return OrganisationVersion.objects.get(organisation=version.organisation, valid_to__isnull=True)


def test_a_firm_is_handed_over_from_one_street_to_the_other() -> None:
    old, new = make_area("东街道"), make_area("西街道")
    version = make_organisation(name="迁走公司", street=old)
    giving, taking = officer(old), officer(new)

    chooser = giving.get(f"/organisations/{version.organisation_id}/leave/").content.decode()
    assert f"/organisations/{version.organisation_id}/move/" in chooser
    sent = giving.post(
        f"/organisations/{version.organisation_id}/move/",
        told(version, into=new.pk, address="西路1号"),
        follow=True,
    )
    assert "等对方街道接收" in sent.content.decode()

    todo = taking.get("/leavers/?kind=requests").content.decode()
    act = Reorganisation.objects.get()
    assert "迁走公司" in todo
    assert f"/reorganisations/{act.pk}/" in todo
    page = taking.get(f"/reorganisations/{act.pk}/").content.decode()
    assert "是否接收" in page
    taking.post(f"/reorganisations/{act.pk}/answer/", {"answer": "accept"})
    assert now_of(version).street == new
    assert f"/reorganisations/{act.pk}/" not in (
        taking.get("/leavers/?kind=requests").content.decode()
    )


def test_whoever_asked_takes_the_request_back() -> None:
    old, new = make_area(), make_area()
    version = make_organisation(street=old)
    giving = officer(old)
    giving.post(
        f"/organisations/{version.organisation_id}/move/",
        told(version, into=new.pk, address="西路1号"),
    )
    act = Reorganisation.objects.get()

    assert "撤回申请" in giving.get(f"/reorganisations/{act.pk}/").content.decode()
    giving.post(f"/reorganisations/{act.pk}/answer/", {"answer": "decline", "reason": "撤回"})

    act.refresh_from_db()
    assert act.state == ReorganisationState.DECLINED
    assert now_of(version).street == old


def test_an_unknown_building_is_said_where_it_was_typed() -> None:
    version, new = make_organisation(), make_area("西街道")
    client = office()
    url = f"/organisations/{version.organisation_id}/move/"

    page = client.post(url, told(version, into=new.pk, address="一号", site_name="无此大厦"))
    assert "西街道没有叫“无此大厦”的楼宇园区" in page.content.decode()
    site = make_site("西大厦", street=new)
    client.post(url, told(version, into=new.pk, address="一号", site_name="西大厦"))
    assert now_of(version).site == site


def test_an_absorption_is_told_and_undone_on_pages() -> None:
    gone, stays = make_organisation(name="甲公司"), make_organisation(name="乙公司")
    person = make_member(gone.organisation)
    client = office()

    url = f"/organisations/{gone.organisation_id}/absorb/"
    page = client.post(url, told(gone, into="乙公司"), follow=True).content.decode()
    assert "已登记" in page
    assert person.employments.get(valid_to__isnull=True).organisation == stays.organisation

    act = Reorganisation.objects.get()
    assert "撤销这次变动" in page
    client.post(f"/reorganisations/{act.pk}/undo/")
    assert person.employments.get().organisation == gone.organisation
    assert "已撤销" in client.get("/reorganisations/?state=undone").content.decode()


def test_a_split_offers_who_may_go_along() -> None:
    firm, part = make_organisation(name="总公司"), make_organisation(name="新公司")
    branch = make_party_organisation("某支部", covers=(firm.organisation,))
    person = make_member(firm.organisation, name="某党员")
    make_posting(firm.organisation)
    client = office()
    url = f"/organisations/{firm.organisation_id}/split/"

    page = client.get(url).content.decode()
    for words in ("党员 某党员", "由“某支部”涵盖", "党建指导员"):
        assert words in page
    chosen = f"employments-{person.employments.get().pk}"
    client.post(url, told(firm, into="新公司", chosen=[chosen]))

    assert person.employments.get(valid_to__isnull=True).organisation == part.organisation
    covered = branch.party_organisation.coverages.get(valid_to__isnull=True)
    assert covered.organisation == firm.organisation


def test_the_district_reorganises_streets_and_sites_and_officers_may_not() -> None:
    gone, stays = make_area("旧街道"), make_area("新街道")
    site = make_site(street=gone)
    version = make_organisation(street=gone, site=site)
    answers = {"on_date": timezone.localdate().isoformat(), "basis": "区政府批复", "how": "merge"}

    own = officer(gone)
    assert own.get(f"/streets/{gone.pk}/reorganise/").status_code == 403
    assert own.get(f"/sites/{site.pk}/reorganise/").status_code == 403
    client = office()
    assert "请选择并入哪个街道" in (
        client.post(f"/streets/{gone.pk}/reorganise/", answers).content.decode()
    )
    client.post(f"/streets/{gone.pk}/reorganise/", {**answers, "into": stays.pk})
    assert now_of(version).street == stays
    assert "旧街道" in client.get("/reorganisations/").content.decode()
    assert own.get(f"/organisations/{version.organisation_id}/").status_code == 200


def test_a_site_goes_to_another_street_by_form() -> None:
    old, new = make_area(), make_area()
    site = make_site(street=old)
    version = make_organisation(street=old, site=site)
    answers = {"on_date": timezone.localdate().isoformat(), "basis": "区划调整", "how": "move"}

    office().post(f"/sites/{site.pk}/reorganise/", {**answers, "into": new.pk})

    assert now_of(version).street == new
