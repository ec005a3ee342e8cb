from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions import organisations
from liangxin.registry.actions.organisation_facts import OrganisationFacts, facts_of
from liangxin.registry.actions.organisations import (
    close_organisation,
    confirm_organisation,
    create_organisation,
    edition,
    revise_organisation,
)
from liangxin.registry.actions.refusals import (
    AlreadyClosed,
    ChangedMeanwhile,
    DuplicateName,
    DuplicateUscc,
    FutureDate,
    NothingChanged,
    OutOfScope,
    PrecedesOpenVersion,
)
from liangxin.registry.models import Area, Organisation, OrganisationVersion
from liangxin.registry.terms import SourceKind
from tests.factories.registry import (
    START,
    make_area,
    make_organisation,
    make_site,
    next_uscc,
)
from tests.factories.viewers import administrator, office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
LATER = date(2025, 6, 1)


def told(street: Area | None, **facts: object) -> OrganisationFacts:
    values: dict[str, object] = {
        "uscc": next_uscc(),
        "name": "甲乙软件有限公司",
        "kind": "company",
        "status": "operating",
        "street": street,
        "industry_code": "6513",
        "employees": 120,
        "revenue_wan": Decimal(2000),
    }
    return OrganisationFacts(**(values | facts))  # type: ignore[arg-type]


def revise(version: OrganisationVersion, **changes: object) -> OrganisationVersion:
    facts = replace(facts_of(version), **changes)  # type: ignore[arg-type]
    return revise_organisation(
        version.organisation,
        facts,
        by=office(),
        based_on=edition(version),
        valid_from=LATER,
        today=TODAY,
    )


def periods(organisation: Organisation) -> list[tuple[date, date | None]]:
    return list(organisation.versions.order_by("valid_from").values_list("valid_from", "valid_to"))


def test_create_derives_initials_section_and_size() -> None:
    version = create_organisation(told(make_area()), by=office(), valid_from=LATER, today=TODAY)

    assert (version.name_initials, version.industry_section, version.size_class) == (
        "jyrjyxgs",
        "I",
        "medium",
    )


def test_create_records_who_told_and_leaves_an_audit_entry() -> None:
    version = create_organisation(told(make_area()), by=office(), valid_from=LATER, today=TODAY)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by_name, entry.object_key) == (
        "organisation.create",
        "测试人",
        str(version.organisation_id),
    )
    assert version.provenance.kind == SourceKind.FORM


def test_create_refuses_a_known_uscc() -> None:
    known = make_organisation()

    with pytest.raises(DuplicateUscc) as refused:
        create_organisation(
            told(make_area(), uscc=known.organisation.uscc),
            by=office(),
            valid_from=LATER,
            today=TODAY,
        )

    assert refused.value.existing == known.organisation
    assert AuditEntry.objects.count() == 0


def test_create_refuses_a_uscc_saved_at_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    known = make_organisation()
    # The look before the write found nothing: the other officer wrote just after it.
    monkeypatch.setattr(organisations, "_refuse_duplicate", lambda *_args, **_named: None)

    with pytest.raises(DuplicateUscc):
        create_organisation(
            told(make_area(), uscc=known.organisation.uscc),
            by=office(),
            valid_from=LATER,
            today=TODAY,
        )


def test_create_without_uscc_refuses_the_same_name_in_the_street() -> None:
    known = make_organisation(name="甲乙软件有限公司")

    with pytest.raises(DuplicateName):
        create_organisation(
            told(known.street, uscc=None), by=office(), valid_from=LATER, today=TODAY
        )


def test_create_stays_in_the_officers_street() -> None:
    own, other = make_area(), make_area()

    with pytest.raises(OutOfScope):
        create_organisation(told(other), by=officer_of(own), valid_from=LATER, today=TODAY)

    assert Organisation.objects.count() == 0


@pytest.mark.parametrize("kind", ["administrator", "owner"])
def test_create_is_for_those_who_keep_the_ledger(kind: str) -> None:
    viewer = administrator() if kind == "administrator" else owner_of(Organisation(pk=1))

    with pytest.raises(NotAllowed):
        create_organisation(told(make_area()), by=viewer, valid_from=LATER, today=TODAY)


def test_create_refuses_the_future() -> None:
    with pytest.raises(FutureDate):
        create_organisation(
            told(make_area()), by=office(), valid_from=date(2026, 9, 2), today=TODAY
        )


def test_revise_ends_the_old_version_and_begins_another() -> None:
    first = make_organisation(employees=10)

    second = revise(first, employees=12)

    first.refresh_from_db()
    assert periods(first.organisation) == [(START, LATER), (LATER, None)]
    assert (first.employees, second.employees, first.ended_by) == (10, 12, second.provenance)


def test_revise_on_the_same_day_corrects_in_place() -> None:
    first = make_organisation(employees=10, valid_from=LATER)

    second = revise(first, employees=12)

    assert second.pk == first.pk
    assert periods(first.organisation) == [(LATER, None)]


def test_revise_names_changed_fields_and_no_values() -> None:
    first = make_organisation(phone="19900000001")

    revise(first, phone="19900000002", employees=7)

    entry = AuditEntry.objects.get()
    assert entry.details == {"valid_from": "2025-06-01", "fields": ["employees", "phone"]}
    assert "1990000" not in entry.summary


def test_revise_refuses_what_nobody_changed() -> None:
    with pytest.raises(NothingChanged):
        revise(make_organisation())


def test_revise_before_the_open_version_must_be_meant() -> None:
    first = make_organisation(valid_from=date(2026, 1, 1))

    with pytest.raises(PrecedesOpenVersion):
        revise(first, employees=5)


def test_revise_of_the_past_leaves_later_versions_alone() -> None:
    first = make_organisation(employees=10)
    second = revise(first, employees=12)
    between = date(2024, 9, 1)

    past = revise_organisation(
        second.organisation,
        replace(facts_of(second), employees=11),
        by=office(),
        based_on=edition(second),
        valid_from=between,
        today=TODAY,
        may_precede=True,
    )

    assert periods(first.organisation) == [(START, between), (between, LATER), (LATER, None)]
    assert past.employees == 11
    assert second.organisation.versions.get(valid_to=None).employees == 12


def test_revise_before_everything_known_begins_the_history_earlier() -> None:
    first = make_organisation()
    before = date(2023, 1, 1)

    revise_organisation(
        first.organisation,
        replace(facts_of(first), employees=3),
        by=office(),
        based_on=edition(first),
        valid_from=before,
        today=TODAY,
        may_precede=True,
    )

    assert periods(first.organisation) == [(before, START), (START, None)]


def test_revise_refuses_a_form_opened_before_another_was_saved() -> None:
    first = make_organisation(employees=10)
    stale = edition(first)
    second = revise(first, employees=12)

    with pytest.raises(ChangedMeanwhile) as refused:
        revise_organisation(
            first.organisation,
            replace(facts_of(first), employees=15),
            by=office(),
            based_on=stale,
            valid_from=TODAY,
            today=TODAY,
        )

    assert refused.value.current == second


def test_revise_refuses_a_form_opened_before_a_same_day_correction() -> None:
    first = make_organisation(employees=10, valid_from=LATER)
    stale = edition(first)
    revise(first, employees=12)

    with pytest.raises(ChangedMeanwhile):
        revise_organisation(
            first.organisation,
            replace(facts_of(first), employees=15),
            by=office(),
            based_on=stale,
            valid_from=TODAY,
            today=TODAY,
        )


def test_revise_needs_the_old_street_in_scope() -> None:
    version, own = make_organisation(), make_area()

    with pytest.raises(OutOfScope):
        revise_organisation(
            version.organisation,
            replace(facts_of(version), street=own),
            by=officer_of(own),
            based_on=edition(version),
            valid_from=LATER,
            today=TODAY,
        )


def test_revise_needs_the_new_street_in_scope() -> None:
    version, other = make_organisation(), make_area()
    assert version.street is not None

    with pytest.raises(OutOfScope):
        revise_organisation(
            version.organisation,
            replace(facts_of(version), street=other),
            by=officer_of(version.street),
            based_on=edition(version),
            valid_from=LATER,
            today=TODAY,
        )

    assert periods(version.organisation) == [(START, None)]


def test_revise_keeps_a_site_officer_in_the_site() -> None:
    site = make_site()
    version = make_organisation(site=site)

    with pytest.raises(OutOfScope):
        revise_organisation(
            version.organisation,
            replace(facts_of(version), site=None),
            by=officer_of(site),
            based_on=edition(version),
            valid_from=LATER,
            today=TODAY,
        )


def test_revise_corrects_the_uscc() -> None:
    version, right = make_organisation(), next_uscc()

    revise(version, uscc=right)

    version.organisation.refresh_from_db()
    assert version.organisation.uscc == right
    assert periods(version.organisation) == [(START, None)]


def test_revise_refuses_the_uscc_of_another() -> None:
    other = make_organisation().organisation

    with pytest.raises(DuplicateUscc):
        revise(make_organisation(), uscc=other.uscc)


def test_close_dates_the_status_and_keeps_everything() -> None:
    first = make_organisation(employees=10)

    closed = close_organisation(
        first.organisation,
        by=office(),
        based_on=edition(first),
        closed_date=LATER,
        reason="已注销，见登记机关公告",
        today=TODAY,
    )

    assert periods(first.organisation) == [(START, LATER), (LATER, None)]
    assert (closed.status, closed.employees) == ("closed", 10)
    assert closed.provenance.source == "手工填写：已注销，见登记机关公告"


def test_close_refuses_what_is_closed() -> None:
    version = make_organisation(status="closed")

    with pytest.raises(AlreadyClosed):
        close_organisation(
            version.organisation,
            by=office(),
            based_on=edition(version),
            closed_date=LATER,
            reason="注销",
            today=TODAY,
        )


def test_confirm_changes_nothing_but_is_on_record() -> None:
    version = make_organisation()

    confirm_organisation(version.organisation, by=office(), based_on=edition(version), today=TODAY)

    assert periods(version.organisation) == [(START, None)]
    assert AuditEntry.objects.get().action == "organisation.confirm"
