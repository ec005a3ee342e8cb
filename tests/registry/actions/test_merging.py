from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.merge_undo import NotUndoable, undo_merge
from liangxin.registry.actions.merging import (
    CodesDiffer,
    ConflictNotChosen,
    GroundMoved,
    merge_organisations,
)
from liangxin.registry.actions.organisation_facts import facts_of
from liangxin.registry.actions.organisations import edition, revise_organisation
from liangxin.registry.actions.refusals import OutOfScope
from liangxin.registry.actions.retention import erase_due_persons
from liangxin.registry.models import (
    Employment,
    Merge,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    Person,
    Posting,
)
from liangxin.registry.queries.merge_plan import NothingToMerge, merge_plan
from liangxin.registry.queries.merged import surviving_organisation, surviving_person
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.retention import ERASED_NAME
from tests.factories.merges import TODAY, merge, whole_ledger
from tests.factories.registry import (
    START,
    make_area,
    make_employment,
    make_mass_presence,
    make_member,
    make_membership,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_person,
    make_posting,
    make_provenance,
    make_relation,
)
from tests.factories.viewers import administrator, office, officer_of, owner_of

pytestmark = pytest.mark.django_db
YESTERDAY = date(2026, 8, 31)
LATER = date(2026, 10, 1)


def undo(held: Merge) -> list[str]:
    return undo_merge(held, by=office(), now=timezone.now()).notes


def uncoded(**facts: object) -> OrganisationVersion:
    version = make_organisation(**facts)
    Organisation.objects.filter(pk=version.organisation_id).update(uscc=None)
    version.organisation.refresh_from_db()
    return version


def open_version(organisation: Organisation) -> OrganisationVersion:
    return OrganisationVersion.objects.get(organisation=organisation, valid_to__isnull=True)


def test_merge_carries_facts_over_and_leaves_past_days_as_told() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    branch = make_party_organisation(covers=(gone,)).party_organisation
    person = make_member(gone)
    make_posting(gone)

    merge(kept, gone)

    assert list(PartyCoverage.objects.filter(true_at(TODAY)).values_list("organisation")) == [
        (kept.pk,)
    ]
    assert (
        PartyCoverage.objects.get(true_at(YESTERDAY), party_organisation=branch).organisation
        == gone
    )
    assert Employment.objects.get(true_at(TODAY), person=person).organisation == kept
    assert Employment.objects.get(true_at(YESTERDAY), person=person).organisation == gone
    assert Posting.objects.get(true_at(TODAY)).organisation == kept
    assert not OrganisationVersion.objects.filter(true_at(TODAY), organisation=gone).exists()
    assert OrganisationVersion.objects.filter(true_at(YESTERDAY), organisation=gone).exists()
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_merge_keeps_one_of_two_equal_facts() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    make_party_organisation(covers=(kept, gone))
    make_mass_presence(kept)
    make_mass_presence(gone)

    merge(kept, gone)

    assert PartyCoverage.objects.filter(true_at(TODAY)).get().valid_from == START
    assert kept.mass_presences.filter(valid_to__isnull=True).count() == 1
    assert gone.mass_presences.filter(valid_to__isnull=True).count() == 0


def test_merge_takes_the_chosen_value_of_each_field() -> None:
    street = make_area()
    kept = make_organisation(street=street, address="甲路1号", employees=None)
    gone = make_organisation(street=street, address="乙路2号", employees=40, revenue_wan=Decimal(9))

    merge(kept.organisation, gone.organisation, choices={"address": "absorbed"})

    told = open_version(kept.organisation)
    assert (told.address, told.employees, told.revenue_wan) == ("乙路2号", 40, Decimal(9))
    assert (told.name, told.valid_from) == (kept.name, TODAY)
    kept.refresh_from_db()
    assert kept.valid_to == TODAY


def test_merge_gives_the_survivor_a_code_it_lacks_and_undo_gives_it_back() -> None:
    kept, gone = uncoded().organisation, make_organisation().organisation
    code = gone.uscc

    held = merge(kept, gone)

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.uscc, gone.uscc) == (code, None)
    undo(held)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.uscc, gone.uscc) == (None, code)


def test_merge_of_two_codes_needs_to_be_confirmed() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    with pytest.raises(CodesDiffer):
        merge(kept, gone, choices={"codes_differ": ""})
    assert not Merge.objects.exists()


def test_merge_works_on_facts_begun_the_same_day() -> None:
    kept = make_organisation(valid_from=TODAY, employees=1).organisation
    gone = make_organisation(valid_from=TODAY, employees=2).organisation
    person = make_member(gone, valid_from=TODAY)
    before = whole_ledger()

    held = merge(kept, gone, choices={"employees": "absorbed"})

    assert open_version(kept).employees == 2
    assert Employment.objects.get(person=person).organisation == kept
    assert not OrganisationVersion.objects.filter(organisation=gone).exists()
    undo(held)
    assert whole_ledger() == before


def test_merge_of_persons_refuses_to_drop_one_of_two_memberships() -> None:
    kept, gone = make_person("测试甲"), make_person("测试甲")
    make_membership(kept)
    make_membership(gone, joined_date=date(2018, 7, 1))
    plan = merge_plan(kept, gone, day=TODAY)
    with pytest.raises(ConflictNotChosen, match="党员身份"):
        merge(kept, gone, choices={plan.conflicts[0].key: ""})


def test_merge_of_persons_lets_the_chosen_membership_go_on() -> None:
    kept, gone = make_person("测试甲"), make_person("测试甲")
    make_membership(kept)
    make_membership(gone, joined_date=date(2018, 7, 1))
    make_relation(gone)
    plan = merge_plan(kept, gone, day=TODAY)

    merge(kept, gone, choices={plan.conflicts[0].key: "absorbed"})

    told = PartyMembership.objects.get(person=kept, valid_to__isnull=True)
    assert (told.joined_date, told.valid_from) == (date(2018, 7, 1), TODAY)
    assert kept.party_relations.filter(valid_to__isnull=True).count() == 1


def test_merge_gives_a_person_the_id_number_they_lack() -> None:
    kept, gone = make_person("测试乙", id_number=""), make_person("测试乙", phone="19900001234")
    number, index = gone.id_number, gone.id_index

    held = merge(kept, gone)

    kept.refresh_from_db()
    assert (kept.id_number, kept.id_index, kept.phone) == (number, index, "19900001234")
    assert surviving_person(gone.pk) == kept.pk
    undo(held)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.id_number, kept.id_index, gone.id_index) == ("", None, index)


def test_merge_is_told_on_both() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    merge(kept, gone)
    keys = AuditEntry.objects.filter(action="organisation.merge").values_list(
        "object_key", flat=True
    )
    assert sorted(keys) == sorted([str(kept.pk), str(gone.pk)])


def test_merge_is_refused_outside_the_scope() -> None:
    street = make_area()
    kept = make_organisation(street=street).organisation
    gone = make_organisation().organisation
    with pytest.raises(OutOfScope):
        merge(kept, gone, by=officer_of(street))


@pytest.mark.parametrize("who", ["administrator", "owner"])
def test_merge_is_refused_to_strangers(who: str) -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    viewer = administrator() if who == "administrator" else owner_of(kept)
    with pytest.raises(NotAllowed):
        merge(kept, gone, by=viewer)


def test_merge_is_refused_when_the_ground_has_moved() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    with pytest.raises(GroundMoved):
        merge_organisations(
            kept,
            gone,
            by=office(),
            choices={"codes_differ": "yes"},
            reason="核对",
            based_on="x",
            today=TODAY,
        )


def test_merge_into_itself_is_refused() -> None:
    kept = make_organisation().organisation
    with pytest.raises(NothingToMerge):
        merge(kept, kept)


def test_chained_merges_are_undone_in_order() -> None:
    first, second, third = (make_organisation().organisation for _ in range(3))
    make_member(first)
    make_member(second)
    start = whole_ledger()
    one = merge(second, first)
    between = whole_ledger()
    two = merge(third, second)

    assert surviving_organisation(first.pk) == third.pk
    with pytest.raises(NotUndoable, match="先撤销后来的"):
        undo(one)
    undo(two)
    assert whole_ledger() == between
    undo(one)
    assert whole_ledger() == start


def test_undo_keeps_a_later_revision_with_the_survivor_and_says_so() -> None:
    kept = make_organisation(employees=None)
    gone = make_organisation(employees=7)
    held = merge(kept.organisation, gone.organisation)
    current = open_version(kept.organisation)
    revise_organisation(
        kept.organisation,
        facts_of(current).__class__(**{**facts_of(current).__dict__, "address": "新址"}),
        by=office(),
        based_on=edition(current),
        valid_from=LATER,
        today=LATER,
    )

    notes = undo(held)

    assert len(notes) == 1
    assert open_version(kept.organisation).address == "新址"
    kept.refresh_from_db()
    assert (kept.valid_to, kept.employees) == (LATER, None)
    assert open_version(gone.organisation).employees == 7


def test_undo_passes_a_later_end_back_to_the_absorbed() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    make_party_organisation(covers=(gone,))
    held = merge(kept, gone)
    told = make_provenance()
    PartyCoverage.objects.filter(organisation=kept).update(valid_to=LATER, ended_by=told)

    notes = undo(held)

    coverage = PartyCoverage.objects.get(organisation=gone)
    assert (coverage.valid_to, coverage.ended_by) == (LATER, told)
    assert "2026-10-01" in notes[0]


def test_undo_refuses_what_cannot_be_told_apart() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    make_party_organisation(covers=(gone,))
    held = merge(kept, gone)
    PartyCoverage.objects.filter(organisation=kept).update(provenance=make_provenance())
    before = whole_ledger()

    with pytest.raises(NotUndoable, match="分不清"):
        undo(held)

    assert whole_ledger() == before


def test_undo_is_refused_where_a_new_fact_stands_in_the_place() -> None:
    kept, gone = make_person("测试甲"), make_person("测试甲")
    make_employment(kept, make_organisation().organisation)
    make_employment(gone, make_organisation().organisation)
    plan = merge_plan(kept, gone, day=TODAY)
    held = merge(kept, gone, choices={plan.conflicts[0].key: "absorbed"})
    Employment.objects.filter(person=kept, valid_to__isnull=True).update(
        valid_to=LATER, ended_by=make_provenance()
    )
    make_employment(kept, make_organisation().organisation, valid_from=LATER)

    with pytest.raises(NotUndoable, match="分不清"):
        undo(held)


def test_undo_twice_is_refused() -> None:
    kept, gone = make_organisation().organisation, make_organisation().organisation
    held = merge(kept, gone)
    undo(held)
    with pytest.raises(NotUndoable):
        undo(held)


def test_undo_of_a_merge_across_streets_is_for_the_district() -> None:
    street = make_area()
    kept = make_organisation(street=street).organisation
    held = merge(kept, make_organisation().organisation)
    with pytest.raises(OutOfScope):
        undo_merge(held, by=officer_of(street), now=timezone.now())


def test_merge_keeps_history_of_both_readable() -> None:
    kept, gone = make_organisation(), make_organisation(valid_to=LATER)
    OrganisationVersion.objects.filter(pk=gone.pk).update(valid_to=date(2025, 1, 1))
    make_organisation_version(gone.organisation, valid_from=date(2025, 1, 1), name="后来的名称")
    merge(kept.organisation, gone.organisation)
    names = gone.organisation.versions.order_by("valid_from").values_list("name", flat=True)
    assert list(names) == [gone.name, "后来的名称"]


def test_persons_of_another_scope_are_not_merged() -> None:
    street = make_area()
    here = make_member(make_organisation(street=street).organisation)
    there = make_member(make_organisation().organisation)
    with pytest.raises(OutOfScope):
        merge(here, there, by=officer_of(street))
    assert Person.objects.filter(merged_into__isnull=False).count() == 0


def test_erasing_an_absorbed_person_erases_what_the_merge_remembers() -> None:
    kept, gone = make_person("测试甲", id_number=""), make_person("测试乙", phone="19900001234")
    make_membership(kept)
    number = gone.id_number
    held = merge(kept, gone, choices={"name": "survivor"})

    assert erase_due_persons(by=office(), today=date(2060, 1, 1)) == 1

    held.refresh_from_db()
    told = "".join(step.remembered for step in held.steps.all())
    assert (held.survivor_name, held.absorbed_name) == ("测试甲", ERASED_NAME)
    assert number not in told
    assert "测试乙" not in told
    undo(held)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.name, gone.name, gone.id_index) == ("测试甲", ERASED_NAME, None)
