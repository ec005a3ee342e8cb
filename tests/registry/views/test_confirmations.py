"""待核对: what nobody looked at for long is confirmed by the page, and only what was seen."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.actions.organisations import edition
from liangxin.registry.models import Area, OrganisationVersion
from liangxin.registry.queries.organisations import CONFIRMED
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import make_area, make_organisation

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=400)


def waiting(**facts: object) -> OrganisationVersion:
    """An organisation that was told long ago and not looked at since."""
    version = make_organisation(**facts)
    OrganisationVersion.objects.filter(pk=version.pk).update(recorded_at=timezone.now() - LONG_AGO)
    return version


def tick(version: OrganisationVersion) -> str:
    return f"{version.organisation_id}:{edition(version)}"


def officer_of(street: Area) -> Scope:
    return Scope(ScopeKind.STREET, str(street.pk))


def test_only_what_was_not_looked_at_for_long_waits() -> None:
    waiting(name="久未核对")
    waiting(name="已注销", status="closed")
    make_organisation(name="刚登记")
    page = client_of(make_user(Role.DISTRICT_OFFICE)).get("/confirmations/").content.decode()

    assert ("久未核对" in page, "已注销" in page, "刚登记" in page) == (True, False, False)
    told = re.sub("<[^>]+>", "", page)
    assert "已核对 1 / 2 家，还有 1 家" in told


def test_ticked_rows_are_confirmed_in_one_step_and_wait_no_more() -> None:
    versions = [waiting() for _ in range(3)]
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    answer = client.post(
        "/confirmations/say/",
        {"tick": [tick(one) for one in versions[:2]], "back": "/confirmations/?page=1"},
        follow=True,
    )

    assert answer.redirect_chain == [("/confirmations/?page=1", 302)]
    page = answer.content.decode()
    assert ("已核对 2 家" in page, "共 <strong>1</strong> 条" in page) == (True, True)
    assert AuditEntry.objects.filter(action=CONFIRMED).count() == 2


def test_figures_of_the_progress_open_their_lists() -> None:
    waiting(name="久未核对")
    waiting(name="已注销", status="closed")
    make_organisation(name="刚登记")
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    told = {
        state: [
            name
            for name in ("久未核对", "已注销", "刚登记")
            if name in client.get("/confirmations/", {"state": state}).content.decode()
        ]
        for state in ("due", "fresh", "kept", "odd")
    }
    assert told == {
        "due": ["久未核对"],
        "fresh": ["刚登记"],
        "kept": ["久未核对", "刚登记"],
        "odd": ["久未核对"],
    }


def test_the_button_of_a_row_confirms_that_row_alone() -> None:
    ticked, own = waiting(), waiting()
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    page = client.get("/confirmations/").content.decode()
    assert f'name="only" value="{tick(own)}"' in page

    client.post("/confirmations/say/", {"tick": [tick(ticked)], "only": [tick(own)]})
    confirmed = AuditEntry.objects.get(action=CONFIRMED)
    assert confirmed.object_key == str(own.organisation_id)


@pytest.mark.parametrize(
    ("asked", "lands"),
    [
        ("/confirmations/?page=2", "/confirmations/?page=2"),
        ("https://elsewhere.example/", None),
        ("", None),
    ],
)
def test_editing_goes_back_to_the_list_and_nowhere_else(asked: str, lands: str | None) -> None:
    version = waiting()
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    form = client.get(f"/organisations/{version.organisation_id}/edit/").context["form"]
    answer = {
        field.html_name: field.value()
        for _, fields in form.sections
        for field in fields
        if field.value() is not None
    }
    answer |= {"employees": "77", "valid_from": "2026-01-02", "based_on": edition(version)}
    done = client.post(
        f"/organisations/{version.organisation_id}/edit/?{urlencode({'next': asked})}", answer
    )
    assert done.status_code == 302, done.context["form"].errors
    assert done["Location"] == (lands or f"/organisations/{version.organisation_id}/")


def test_what_changed_since_it_was_shown_is_not_confirmed() -> None:
    seen, other = waiting(), waiting()
    stale = f"{seen.organisation_id}:0-0"
    page = client_of(make_user(Role.DISTRICT_OFFICE)).post(
        "/confirmations/say/", {"tick": [stale, tick(other)]}, follow=True
    )

    assert "已核对 1 家" in page.content.decode()
    confirmed = AuditEntry.objects.get(action=CONFIRMED)
    assert confirmed.object_key == str(other.organisation_id)


def test_an_officer_confirms_nothing_of_other_streets() -> None:
    own, outside = make_area(), waiting(street=make_area())
    inside = waiting(street=own)
    officer = client_of(make_user(Role.COMMITTEE_OFFICER, officer_of(own)))
    officer.post("/confirmations/say/", {"tick": [tick(outside), tick(inside)]})

    confirmed = AuditEntry.objects.get(action=CONFIRMED)
    assert confirmed.object_key == str(inside.organisation_id)
    assert outside.name not in officer.get("/confirmations/").content.decode()


def test_odd_ticks_and_addresses_are_harmless() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    answer = client.post(
        "/confirmations/say/",
        {"tick": ["x", "x:y", f"{'9' * 40}:1"], "back": "https://elsewhere.example/"},
    )

    assert answer["Location"] == "/confirmations/"
    assert AuditEntry.objects.filter(action=CONFIRMED).count() == 0


def test_the_list_takes_as_many_queries_with_three_rows_as_with_one() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))

    def queries(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask()
        return len(captured)

    waiting()
    client.get("/confirmations/")
    one = queries(lambda: client.get("/confirmations/"))
    waiting()
    waiting()
    assert queries(lambda: client.get("/confirmations/")) == one


@pytest.mark.parametrize("role", [Role.OWNER, Role.SECRETARY, Role.INSTRUCTOR, Role.MEMBER])
def test_a_stranger_confirms_nothing(role: Role) -> None:
    client = client_of(make_user(role))

    assert client.get("/confirmations/").status_code == 403
    assert client.post("/confirmations/say/", {}).status_code == 403
