from dataclasses import replace
from datetime import date

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.form_refusals import (
    AlreadyMember,
    EndsTooEarly,
    OtherName,
    OutsideUnit,
    PersonOfOthers,
    StaleForm,
)
from liangxin.registry.actions.memberships import (
    MemberFacts,
    close_member,
    confirm_member,
    create_member,
    member_rows,
    revise_member,
)
from liangxin.registry.actions.persons import PersonFacts
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import (
    Employment,
    Organisation,
    PartyMembership,
    PartyRelation,
    Person,
)
from liangxin.registry.terms import MemberStage
from tests.factories.registry import (
    make_area,
    make_employment,
    make_guide,
    make_member,
    make_organisation,
    make_party_organisation,
    make_person,
    make_post,
    next_id_number,
)
from tests.factories.viewers import office, officer_of, owner_of, secretary_of

pytestmark = pytest.mark.django_db
TODAY, MAY = date(2026, 6, 1), date(2026, 5, 1)
JOINED, FULL = date(2020, 7, 1), date(2021, 7, 1)


def facts(unit: Organisation, number: str = "", **more: object) -> MemberFacts:
    told = {
        "person": PersonFacts(name="张三", id_number=number or next_id_number()),
        "organisation": unit,
        "position": "technical",
        "stage": "full",
        "joined_date": JOINED,
        "full_date": FULL,
        "elsewhere": "外地某社区党支部",
    } | more
    return MemberFacts(**told)  # type: ignore[arg-type]


def told_of(person: Person, unit: Organisation, **more: object) -> MemberFacts:
    """What the ledger holds of a member of the factories, with some facts changed."""
    rows = member_rows(person)
    assert rows.membership
    told = {
        "person": PersonFacts(name=person.name, sex=person.sex),
        "stage": rows.membership.stage,
        "joined_date": rows.membership.joined_date,
        "full_date": rows.membership.full_date,
    } | more
    return facts(unit, **told)


def revise(person: Person, new: MemberFacts, **more: object) -> tuple[str, ...]:
    asked = {
        "by": office(),
        "based_on": member_rows(person).edition,
        "today": TODAY,
        "telling_from": MAY,
    } | more
    return revise_member(person, new, **asked)  # type: ignore[arg-type]


def stages() -> list[tuple[str, date, date | None]]:
    rows = PartyMembership.objects.order_by("valid_from")
    return list(rows.values_list("stage", "valid_from", "valid_to"))


def test_create_tells_work_stage_and_relation() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    branch = make_party_organisation(street=street).party_organisation
    new = facts(unit, party_organisation=branch, elsewhere="")

    person = create_member(new, by=officer_of(street), from_date=MAY, today=TODAY)

    assert (person.name, person.sex, person.id_index is not None) == ("张三", "女", True)
    assert stages() == [("probationary", JOINED, FULL), ("full", FULL, None)]
    assert Employment.objects.get().valid_from == MAY
    assert PartyRelation.objects.get().party_organisation == branch
    entry = AuditEntry.objects.get(action="member.create")
    assert "张三" not in entry.summary


def test_create_goes_on_with_a_person_of_the_ledger() -> None:
    guide = make_guide("张三")

    person = create_member(
        facts(make_organisation().organisation, guide.id_number),
        by=office(),
        from_date=MAY,
        today=TODAY,
    )

    assert person.pk == guide.pk


def test_create_means_the_one_that_a_merged_person_went_into() -> None:
    gone, kept = make_person("张三"), make_person("张三")
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    new = facts(make_organisation().organisation, gone.id_number)

    person = create_member(new, by=office(), from_date=MAY, today=TODAY)

    assert person.pk == kept.pk


def test_create_refuses_a_second_time_and_another_name() -> None:
    unit = make_organisation().organisation
    member, other = make_member(unit, name="张三"), make_person("李四")

    with pytest.raises(AlreadyMember):
        create_member(facts(unit, member.id_number), by=office(), from_date=MAY, today=TODAY)
    with pytest.raises(OtherName):
        create_member(facts(unit, other.id_number), by=office(), from_date=MAY, today=TODAY)
    with pytest.raises(FutureDate):
        create_member(facts(unit), by=office(), from_date=date(2026, 6, 2), today=TODAY)


def test_create_tells_nothing_of_people_of_others() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    elsewhere = make_organisation().organisation
    other = make_person("另一个姓名")
    make_employment(other, elsewhere)

    with pytest.raises(PersonOfOthers):
        create_member(
            facts(unit, other.id_number), by=officer_of(street), from_date=MAY, today=TODAY
        )
    with pytest.raises(OutsideUnit):
        create_member(facts(elsewhere), by=officer_of(street), from_date=MAY, today=TODAY)
    branch = make_party_organisation(street=street, covers=(unit,)).party_organisation
    for viewer in (owner_of(unit), secretary_of(branch)):
        with pytest.raises(NotAllowed):
            create_member(facts(unit), by=viewer, from_date=MAY, today=TODAY)
    assert Person.objects.count() == 1


def test_revise_moves_from_a_day_on() -> None:
    first, second = make_organisation().organisation, make_organisation().organisation
    person = make_member(first)

    changed = revise(person, told_of(person, second))

    rows = list(Employment.objects.order_by("valid_from").values_list("organisation", "valid_to"))
    assert changed == ("employment",)
    assert rows == [(first.pk, MAY), (second.pk, None)]


def test_revise_as_a_correction_puts_right_in_place() -> None:
    unit = make_organisation().organisation
    person = make_member(unit)
    new = told_of(person, unit, position="management", joined_date=date(2014, 7, 1))

    changed = revise(person, new, telling_from=None)

    assert changed == ("employment", "membership")
    assert Employment.objects.get().position == "management"
    assert PartyMembership.objects.get().joined_date == date(2014, 7, 1)


def test_revise_turns_full_on_the_day_told() -> None:
    unit = make_organisation().organisation
    person = make_member(unit, stage=MemberStage.PROBATIONARY)
    turned = date(2026, 3, 1)

    revise(person, told_of(person, unit, stage="full", full_date=turned))

    assert stages() == [
        ("probationary", date(2024, 1, 1), turned),
        ("full", turned, None),
    ]


def test_revise_leaves_blank_numbers_as_they_were() -> None:
    unit = make_organisation().organisation
    person = make_member(unit)
    number = person.id_number
    told = PersonFacts(name="新名字", phone="19900001234")
    new = replace(told_of(person, unit), person=told)

    changed = revise(person, new)

    saved = Person.objects.get()
    assert changed == ("name", "phone")
    assert (saved.name, saved.phone, saved.id_number) == ("新名字", "19900001234", number)
    assert "19900001234" not in str(AuditEntry.objects.get().details)


def test_revise_refusals() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    person, other = make_member(unit), make_person()
    same = told_of(person, unit)
    taken = replace(same, person=PersonFacts(name=person.name, id_number=other.id_number))
    elsewhere = told_of(person, make_organisation().organisation)

    with pytest.raises(NothingChanged):
        revise(person, same)
    with pytest.raises(StaleForm):
        revise(person, same, based_on="0.0")
    with pytest.raises(AlreadyMember):
        revise(person, taken)
    with pytest.raises(OutsideUnit):
        revise(person, elsewhere, by=officer_of(street))
    with pytest.raises(OutOfScope):
        revise(person, same, by=officer_of(make_area()))


def test_confirm_changes_nothing() -> None:
    person = make_member(make_organisation().organisation)

    confirm_member(person, by=office(), based_on=member_rows(person).edition, today=TODAY)

    assert AuditEntry.objects.get().changes_ledger is False


def test_close_ends_what_is_of_the_party_and_keeps_the_person() -> None:
    unit = make_organisation().organisation
    branch = make_party_organisation(covers=(unit,)).party_organisation
    person = make_member(unit, held_in=branch)
    post = make_post(branch, person=person)

    close(person)

    rows = member_rows(person)
    assert (rows.membership, rows.relation) == (None, None)
    assert rows.employment is not None
    post.refresh_from_db()
    assert post.valid_to == MAY
    assert PartyMembership.objects.get().ended_by.source == "手工填写：去世"  # type: ignore[union-attr]
    with pytest.raises(OutOfScope):
        close(person)


def test_close_refuses_a_day_before_the_membership() -> None:
    person = make_member(make_organisation().organisation)

    with pytest.raises(EndsTooEarly):
        close(person, end_date=date(2024, 1, 1))
    with pytest.raises(FutureDate):
        close(person, end_date=date(2026, 6, 2))
    close(person, ends_employment=True)
    assert member_rows(person).employment is None


def close(person: Person, **more: object) -> None:
    asked = {
        "by": office(),
        "based_on": member_rows(person).edition,
        "end_date": MAY,
        "reason": "去世",
        "ends_employment": False,
        "today": TODAY,
    } | more
    close_member(person, **asked)  # type: ignore[arg-type]
