"""The time line of an organisation, and where an absorbed one leads."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liangxin.insight.queries.happened import happened
from liangxin.insight.queries.organisation import organisation_dossier
from liangxin.insight.queries.timeline import Event, timeline
from liangxin.kernel.viewer import SYSTEM, Role, Scope, ScopeKind
from liangxin.registry.actions.reorganising import absorb_organisation
from liangxin.registry.models import OrganisationVersion
from tests.factories.accounts import client_of, make_user, viewer_for
from tests.factories.merges import TODAY, merge
from tests.factories.registry import (
    make_area,
    make_mass_presence,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_posting,
)
from tests.factories.reorganisations import departure_of
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
BEGUN, CHANGED, POSTED = date(2025, 1, 1), date(2025, 6, 1), date(2025, 8, 1)


def told_of(version: OrganisationVersion, *, at: date = TODAY) -> list[tuple[date, str]]:
    dossier = organisation_dossier(SYSTEM, organisation_id=version.organisation_id, at=at, today=at)
    return [(event.day, event.words) for event in dossier.events]


def told_by_acts(version: OrganisationVersion, *, at: date) -> tuple[Event, ...]:
    """The line of time without the steps of the facts."""
    before = happened(office(), organisation_id=version.organisation_id, at=at)
    return timeline(before, organisation_id=version.organisation_id, steps=())


def test_timeline_tells_facts_coverage_guides_and_unions_newest_first() -> None:
    first = make_organisation(name="旧名", valid_from=BEGUN, valid_to=CHANGED)
    make_organisation_version(first.organisation, name="新名", valid_from=CHANGED)
    make_party_organisation(name="甲支部", covers=(first.organisation,), founded_date=BEGUN)
    make_posting(first.organisation, valid_from=POSTED, valid_to=date(2025, 9, 1))
    make_mass_presence(first.organisation, valid_from=POSTED)
    told = told_of(first)

    assert told == sorted(told, key=lambda event: event[0], reverse=True)
    words = " ".join(words for _, words in told)
    for part in ("首次登记", "资料变化", "纳入“甲支部”", "开始联系", "结束联系", "有了"):
        assert part in words


def test_timeline_of_a_past_day_knows_nothing_later() -> None:
    version = make_organisation(valid_from=BEGUN)
    make_posting(version.organisation, valid_from=POSTED, valid_to=date(2025, 9, 1))

    assert [words for _, words in told_of(version, at=CHANGED)] == ["首次登记"]
    assert not any("结束联系" in words for _, words in told_of(version, at=date(2025, 8, 15)))


def test_timeline_takes_as_many_queries_with_many_events_as_with_one() -> None:
    def queries(number: int) -> int:
        version = make_organisation(valid_from=BEGUN)
        for _ in range(number):
            make_posting(version.organisation, valid_from=POSTED)
        with CaptureQueriesContext(connection) as captured:
            told_of(version)
        return len(captured)

    assert queries(1) == queries(5)


def test_an_absorbed_organisation_leads_to_the_one_that_stands() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    merge(kept, gone)
    answer = client_of(make_user(Role.DISTRICT_OFFICE)).get(
        f"/organisations/{gone.pk}/", follow=True
    )

    assert answer.redirect_chain == [(f"/organisations/{kept.pk}/", 302)]
    page = answer.content.decode()
    assert ("已经合并" in page, "并入一条重复的单位" in page) == (True, True)


def test_an_absorbed_organisation_leads_nobody_out_of_their_scope() -> None:
    kept = make_organisation(street=make_area()).organisation
    gone = make_organisation(street=make_area()).organisation
    merge(kept, gone)
    scope = Scope(ScopeKind.STREET, str(make_area().pk))

    assert viewer_for(Role.COMMITTEE_OFFICER, scope).scopes(Role.COMMITTEE_OFFICER) == {scope}
    officer = client_of(make_user(Role.COMMITTEE_OFFICER, scope))
    assert officer.get(f"/organisations/{gone.pk}/").status_code == 404


def test_a_firm_that_absorbed_another_tells_of_it() -> None:
    gone, stays = make_organisation(name="甲公司"), make_organisation(name="乙公司")
    absorb_organisation(
        gone.organisation,
        stays.organisation,
        by=office(),
        departure=departure_of(gone.organisation),
        today=TODAY,
    )
    for firm in (gone, stays):
        told = told_by_acts(firm, at=TODAY)
        assert "甲公司：被合并（吸收）（乙公司）" in {event.words for event in told}
        assert not told_by_acts(firm, at=BEGUN)
