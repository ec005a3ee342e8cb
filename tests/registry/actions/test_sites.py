from datetime import date

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.form_refusals import DuplicateSite, StaleForm
from liangxin.registry.actions.refusals import NothingChanged, OutOfScope
from liangxin.registry.actions.sites import (
    SiteFacts,
    confirm_site,
    create_site,
    revise_site,
    site_edition,
)
from liangxin.registry.models import Site
from tests.factories.registry import make_area, make_organisation, make_site
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
FACTS = SiteFacts(name="高新大厦", kind="building", address="科技路1号", lon=117.2, lat=31.8)


def test_create_site_in_the_officers_own_street() -> None:
    street = make_area()

    site = create_site(FACTS, street=street, by=officer_of(street), today=TODAY)

    assert (site.street, site.lon, site.provenance.kind) == (street, 117.2, "form")
    assert AuditEntry.objects.get(action="site.create").object_key == str(site.pk)


def test_create_site_refuses_other_streets_and_roles() -> None:
    street, site = make_area(), make_site()

    for viewer in (officer_of(make_area()), officer_of(site), officer_of("C")):
        with pytest.raises(OutOfScope):
            create_site(FACTS, street=street, by=viewer, today=TODAY)
    with pytest.raises(NotAllowed):
        create_site(
            FACTS, street=street, by=owner_of(make_organisation().organisation), today=TODAY
        )


def test_create_site_refuses_a_second_of_the_name() -> None:
    street = make_area()
    create_site(FACTS, street=street, by=office(), today=TODAY)

    with pytest.raises(DuplicateSite, match="同一街道的名称不能重复"):
        create_site(FACTS, street=street, by=office(), today=TODAY)


def test_revise_site_replaces_and_names_the_fields() -> None:
    site = make_site("旧名大厦")
    facts = SiteFacts(name="高新大厦", kind=site.kind)

    changed = revise_site(
        site, facts, by=officer_of(site), based_on=site_edition(site), today=TODAY
    )

    assert (changed, Site.objects.get().name) == (("name",), "高新大厦")
    assert AuditEntry.objects.get(action="site.revise").details == {"fields": ["name"]}


def test_revise_site_refuses_an_old_form_and_no_change() -> None:
    site = make_site()
    same = SiteFacts(name=site.name, kind=site.kind)

    with pytest.raises(NothingChanged):
        revise_site(site, same, by=office(), based_on=site_edition(site), today=TODAY)
    with pytest.raises(StaleForm, match="测试来源"):
        revise_site(site, FACTS, by=office(), based_on="0.0", today=TODAY)
    with pytest.raises(OutOfScope):
        revise_site(
            site, FACTS, by=officer_of(make_area()), based_on=site_edition(site), today=TODAY
        )


def test_revise_site_refuses_the_name_of_another() -> None:
    street = make_area()
    site = make_site("甲大厦", street=street)
    make_site("乙大厦", street=street)

    with pytest.raises(DuplicateSite):
        revise_site(
            site,
            SiteFacts(name="乙大厦", kind="building"),
            by=office(),
            based_on=site_edition(site),
            today=TODAY,
        )


def test_confirm_site_changes_nothing() -> None:
    site = make_site()

    confirm_site(site, by=office(), based_on=site_edition(site))

    assert Site.objects.get().provenance_id == site.provenance_id
    assert AuditEntry.objects.get(action="site.confirm").changes_ledger is False
