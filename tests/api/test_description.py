"""The description keeps its word: generated requests to every operation get only described answers."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from liangxin.config.api import api
from liangxin.kernel.viewer import Role
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import (
    make_area,
    make_organisation,
    make_party_organisation,
    make_site,
)
from tests.factories.tokens import bearing, make_token

schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
EXAMPLES = 25
# What a token's scope decides no schema can tell: a fresh key is 404, a role's refusal 403.
LEFT_OUT = {
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
}
# An empty field of a form counts as not told, as browsers send it.
FORMS = {"/api/v1/imports"}
TRIED = [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]


@pytest.fixture
def secret(db: None) -> Iterator[str]:
    """A writing token of the district office over a small ledger."""
    street = make_area()
    make_site(street=street)
    for _ in range(3):
        make_organisation(street=street)
    make_party_organisation()
    # The end of a request would close the connection that holds the test's transaction.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield make_token(make_user(Role.DISTRICT_OFFICE), may_write=True)
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_operation_answers_as_described(case: schemathesis.Case, secret: str) -> None:
    left_out = ["negative_data_rejection"] if case.path in FORMS else []
    checks = [check for check in TRIED if check.__name__ not in left_out]
    headers = {**bearing(secret), "Accept-Encoding": "identity"}
    case.call_and_validate(app=get_wsgi_application(), headers=headers, checks=checks)


@pytest.mark.django_db
def test_the_description_is_for_whoever_may_make_tokens() -> None:
    assert Client().get("/api/v1/docs").status_code == 302
    assert client_of(make_user(Role.MEMBER)).get("/api/v1/docs").status_code == 403
    office = client_of(make_user(Role.DISTRICT_OFFICE))
    described = office.get("/api/v1/openapi.json").json()

    assert (office.get("/api/v1/docs").status_code, described["openapi"]) == (200, "3.1.0")
