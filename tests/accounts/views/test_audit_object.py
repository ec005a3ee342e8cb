"""The page of one object's entries, and the look through the whole trail."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from liangxin.kernel import chain_guard
from liangxin.kernel.audit import record
from liangxin.kernel.chain_jobs import VERIFY, last_verification, request_verification
from liangxin.kernel.jobs import Progress, run_job
from liangxin.kernel.models import AuditEntry, Job
from liangxin.kernel.tasks import verify
from liangxin.kernel.viewer import SYSTEM, Role
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    return client_of(make_user(Role.DISTRICT_OFFICE))


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    # Tests empty their tables with the triggers off, which a look would rightly tell.
    monkeypatch.setattr(chain_guard, "is_installed", lambda database: True)
    settings.DATA_DIR = tmp_path


def test_object_page_tells_what_was_done_to_it_alone(office: Client) -> None:
    one, other = make_organisation(name="甲公司"), make_organisation(name="乙公司")
    details = {"fields": ["phone"], "reason": "约定走访时间"}
    record(
        "organisation.unmask", by=SYSTEM, summary="查看甲", about=one.organisation, details=details
    )
    record("organisation.revise", by=SYSTEM, summary="修改乙", about=other.organisation)

    page = office.get(f"/audit/object/registry.organisation/{one.organisation_id}/")
    text = page.content.decode()

    assert ("“甲公司”的操作记录" in text, "原因：约定走访时间" in text) == (True, True)
    assert "修改乙" not in text
    assert f"/audit/object/registry.organisation/{one.organisation_id}/" in (
        office.get("/audit/").content.decode()
    )


def test_object_without_entries_is_not_found(office: Client) -> None:
    assert office.get("/audit/object/registry.organisation/999999/").status_code == 404
    assert office.get("/audit/object/no.such/x/").status_code == 404


def test_administrator_reads_objects_of_accounts_only() -> None:
    administrator = client_of(make_user(Role.ADMINISTRATOR))
    user = make_user(username="zhou")
    organisation = make_organisation().organisation
    record("user.create", by=SYSTEM, summary="建立账号", about=user)
    record("organisation.revise", by=SYSTEM, summary="修改", about=organisation)

    page = administrator.get(f"/audit/object/kernel.user/{user.pk}/").content.decode()

    assert "账号“zhou”的操作记录" in page
    hidden = administrator.get(f"/audit/object/registry.organisation/{organisation.pk}/")
    assert hidden.status_code == 404


def test_look_is_asked_for_and_its_result_shown(office: Client) -> None:
    assert "还没有核对过" in office.get("/audit/").content.decode()

    office.post("/audit/verify/")
    job = run_job(Job.objects.get(kind=VERIFY).pk)

    assert job.result == verify(Progress()) == {"entries": 1, "fault_count": 0, "faults": []}
    assert "共 1 条，没有被改动、删除或调换" in office.get("/audit/").content.decode()


def test_fault_is_shown_on_the_page(office: Client) -> None:
    asked = request_verification(by=SYSTEM)
    AuditEntry.objects.update(summary="改")
    run_job(asked.pk)

    assert "发现 1 处问题：第 1 条" in office.get("/audit/").content.decode()


def test_second_request_joins_the_first() -> None:
    first = request_verification(by=SYSTEM)

    assert request_verification(by=SYSTEM).pk == first.pk
    assert last_verification() is None
