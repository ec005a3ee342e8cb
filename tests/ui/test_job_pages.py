import pytest
from django.test import Client

from liangxin.kernel.models import Job, JobState, User
from liangxin.kernel.viewer import Role
from tests.factories.accounts import client_of, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def make_job(user: User, state: str = JobState.RUNNING) -> Job:
    return Job.objects.create(
        kind="test", title="写入台账", state=state, done=30, total=120, note="企业", created_by=user
    )


def officer() -> tuple[User, Client]:
    user = make_user(Role.COMMITTEE_OFFICER)
    return user, client_of(user)


def test_running_job_polls_and_shows_its_progress() -> None:
    user, client = officer()
    job = make_job(user)

    response = client.get(f"/jobs/{job.pk}/", headers=HTMX)

    page = response.content.decode()
    assert response.status_code == 200
    assert ('hx-trigger="every 1s"' in page, 'value="25"' in page, "30 / 120" in page) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_finished_job_ends_the_polling(state: str) -> None:
    user, client = officer()

    response = client.get(f"/jobs/{make_job(user, state).pk}/", headers=HTMX)

    assert (response.status_code, "hx-trigger" in response.content.decode()) == (286, False)


def test_job_of_somebody_else_is_not_found() -> None:
    _, client = officer()
    job = make_job(make_user(Role.COMMITTEE_OFFICER))

    assert client.get(f"/jobs/{job.pk}/").status_code == 404
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert client_of(make_user(Role.DISTRICT_OFFICE)).get(f"/jobs/{job.pk}/").status_code == 200


def test_cancel_asks_the_job_to_stop() -> None:
    user, client = officer()
    job = make_job(user)

    client.post(f"/jobs/{job.pk}/cancel/")

    job.refresh_from_db()
    assert job.is_cancel_requested
