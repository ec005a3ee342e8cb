from datetime import date

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.form_refusals import (
    BeforeFounding,
    DuplicateCode,
    DuplicatePartyOrganisation,
    EndsTooEarly,
    NotStanding,
    ParentCircle,
    PrecedesKnown,
    StaleForm,
)
from liangxin.registry.actions.party_register import (
    PartyFacts,
    confirm_party_organisation,
    create_party_organisation,
    dissolve_party_organisation,
    party_edition,
    revise_party_organisation,
)
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import (
    Area,
    PartyCoverage,
    PartyOrganisationVersion,
    PartyRelation,
    Post,
)
from tests.factories.registry import (
    make_area,
    make_member,
    make_organisation,
    make_party_organisation,
    make_post,
)
from tests.factories.viewers import office, officer_of, secretary_of

pytestmark = pytest.mark.django_db
TODAY, MAY, FOUNDED = date(2026, 6, 1), date(2026, 5, 1), date(2025, 7, 1)


def facts(street: Area | None, name: str = "高新软件党支部", **more: object) -> PartyFacts:
    return PartyFacts(name=name, kind="branch", street=street, **more)  # type: ignore[arg-type]


def revise(version: PartyOrganisationVersion, new: PartyFacts, **more: object) -> None:
    asked = {
        "by": office(),
        "based_on": party_edition(version),
        "today": TODAY,
        "from_date": MAY,
    } | more
    revise_party_organisation(version.party_organisation, new, **asked)  # type: ignore[arg-type]


def versions() -> list[tuple[str, date, date | None]]:
    rows = PartyOrganisationVersion.objects.order_by("valid_from")
    return list(rows.values_list("name", "valid_from", "valid_to"))


def test_create_holds_from_the_founding_on() -> None:
    street = make_area()

    version = create_party_organisation(
        facts(street, code="A-1"), by=officer_of(street), founded_date=FOUNDED, today=TODAY
    )

    identity = version.party_organisation
    assert versions() == [("高新软件党支部", FOUNDED, None)]
    assert (identity.code, identity.founded_date) == ("A-1", FOUNDED)
    assert AuditEntry.objects.get(action="party_organisation.create").object_key == str(identity.pk)


def test_create_refuses_other_streets_and_roles() -> None:
    street = make_area()
    branch = make_party_organisation(street=street).party_organisation

    for viewer in (officer_of(make_area()), officer_of("C")):
        with pytest.raises(OutOfScope):
            create_party_organisation(facts(street), by=viewer, founded_date=FOUNDED, today=TODAY)
    with pytest.raises(NotAllowed):
        create_party_organisation(
            facts(street), by=secretary_of(branch), founded_date=FOUNDED, today=TODAY
        )
    assert PartyOrganisationVersion.objects.count() == 1


def test_create_refuses_a_taken_name_code_and_the_future() -> None:
    known = make_party_organisation("甲党支部")
    street = make_area()

    with pytest.raises(DuplicatePartyOrganisation):
        create_party_organisation(
            facts(street, "甲党支部"), by=office(), founded_date=FOUNDED, today=TODAY
        )
    with pytest.raises(DuplicateCode):
        create_party_organisation(
            facts(street, code=known.party_organisation.code),
            by=office(),
            founded_date=FOUNDED,
            today=TODAY,
        )
    with pytest.raises(FutureDate):
        create_party_organisation(
            facts(street), by=office(), founded_date=date(2026, 6, 2), today=TODAY
        )


def test_revise_from_a_day_keeps_what_was() -> None:
    version = make_party_organisation("甲党支部", street=make_area())

    revise(version, facts(version.street, code=version.party_organisation.code))

    assert versions() == [
        ("甲党支部", version.valid_from, MAY),
        ("高新软件党支部", MAY, None),
    ]


def test_revise_as_a_correction_leaves_no_second_version() -> None:
    version = make_party_organisation("甲党之部", street=make_area())

    revise(version, facts(version.street, "甲党支部", code="B-2"), from_date=None)

    assert versions() == [("甲党支部", version.valid_from, None)]
    version.party_organisation.refresh_from_db()
    assert version.party_organisation.code == "B-2"


def test_revise_of_the_past_needs_to_be_said() -> None:
    version = make_party_organisation("甲党支部", street=make_area(), founded_date=date(2020, 1, 1))
    earlier = date(2022, 1, 1)
    new = facts(version.street, "旧名党支部", code=version.party_organisation.code)

    with pytest.raises(PrecedesKnown):
        revise(version, new, from_date=earlier)
    revise(version, new, from_date=earlier, may_precede=True)

    assert versions() == [
        ("旧名党支部", earlier, version.valid_from),
        ("甲党支部", version.valid_from, None),
    ]


def test_revise_refusals() -> None:
    version = make_party_organisation("甲党支部", street=make_area())
    child = make_party_organisation("乙党支部", parent=version.party_organisation)
    code = version.party_organisation.code
    same = PartyFacts(name="甲党支部", kind=version.kind, street=version.street, code=code)

    with pytest.raises(NothingChanged):
        revise(version, same)
    with pytest.raises(StaleForm):
        revise(version, facts(version.street), based_on="0.0_0.0")
    with pytest.raises(BeforeFounding):
        revise(version, facts(version.street), from_date=date(2020, 1, 1), may_precede=True)
    with pytest.raises(ParentCircle):
        revise(version, facts(version.street, parent=child.party_organisation))
    with pytest.raises(OutOfScope):
        revise(version, facts(version.street), by=officer_of(make_area()))
    with pytest.raises(OutOfScope):
        revise(version, facts(make_area()), by=officer_of(version.street))  # type: ignore[arg-type]
    assert len(versions()) == 2


def test_confirm_changes_nothing() -> None:
    version = make_party_organisation(street=make_area())

    confirm_party_organisation(
        version.party_organisation, by=office(), based_on=party_edition(version)
    )

    assert AuditEntry.objects.get().changes_ledger is False


def test_dissolve_ends_coverage_and_posts_and_keeps_the_members() -> None:
    unit = make_organisation().organisation
    version = make_party_organisation(street=make_area(), covers=(unit,))
    branch = version.party_organisation
    make_member(unit, held_in=branch)
    make_post(branch)

    dissolve_party_organisation(
        branch,
        by=office(),
        based_on=party_edition(version),
        dissolved_date=MAY,
        reason="并入街道联合党支部",
        today=TODAY,
    )

    branch.refresh_from_db()
    assert branch.dissolved_date == MAY
    for model in (PartyCoverage, Post, PartyOrganisationVersion):
        assert model._base_manager.get().valid_to == MAY
    assert PartyRelation.objects.get().valid_to is None
    with pytest.raises(NotStanding):
        confirm_party_organisation(branch, by=office(), based_on=party_edition(version))


def test_dissolve_refuses_a_day_before_the_founding_and_others() -> None:
    version = make_party_organisation(street=make_area())
    proposed = make_party_organisation(street=make_area(), founded_date=None)

    with pytest.raises(EndsTooEarly):
        dissolve(version, dissolved_date=version.valid_from)
    with pytest.raises(FutureDate):
        dissolve(version, dissolved_date=date(2026, 6, 2))
    with pytest.raises(OutOfScope):
        dissolve(version, by=officer_of(make_area()))
    with pytest.raises(NotStanding):
        dissolve(proposed)


def dissolve(version: PartyOrganisationVersion, **more: object) -> None:
    asked = {
        "by": office(),
        "based_on": party_edition(version),
        "dissolved_date": MAY,
        "reason": "党员不足",
        "today": TODAY,
    } | more
    dissolve_party_organisation(version.party_organisation, **asked)  # type: ignore[arg-type]
