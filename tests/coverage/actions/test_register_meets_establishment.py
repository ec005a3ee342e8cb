"""A register that tells of a branch to be: the ledger and the establishment come to agree."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from liangxin.coverage.actions.adoption import approve, found, rename_establishment, withdraw
from liangxin.coverage.actions.refusals import NotInThisState, WrongDate
from liangxin.coverage.models import Establishment
from liangxin.coverage.queries import coverage_table
from liangxin.coverage.queries.establishments import (
    establishment_changes,
    establishment_or_none,
    is_founded_in_ledger,
    state_in_words,
)
from liangxin.coverage.terms import Base, EstablishmentState
from liangxin.intake.actions import NotUndoable, undo_batch
from liangxin.intake.models import Batch
from liangxin.registry.models import PartyCoverage, PartyOrganisation, PartyOrganisationVersion
from tests.factories.establishments import ELECTED
from tests.factories.intake import PARTY_HEADER, committed, counts, write_list
from tests.factories.plans import ADOPTED, make_establishment
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
FOUNDED, REGISTER, TODAY = (ADOPTED + timedelta(days=days) for days in (4, 8, 20))


def register(
    folder: Path, made: Establishment, *, founded: date = FOUNDED, as_of: date = REGISTER
) -> Batch:
    """A register of Party organisations that lists the branch as founded."""
    covered = "、".join(unit.organisation.uscc or "" for unit in made.units.all())
    street = made.street.name if made.street else ""
    row = [made.name, "联合党支部", None, street, founded.isoformat(), covered, "王某"]
    return committed(write_list(folder, "党组织名册.xlsx", PARTY_HEADER, row), as_of=as_of)


def fresh(made: Establishment) -> Establishment:
    held = establishment_or_none(office(), made.pk)
    assert held is not None
    return held


def jointly_covered(at: date) -> int:
    return coverage_table(office(), at=at, base=Base()).total.joint


def approved(made: Establishment, *, on: date = ADOPTED) -> Establishment:
    return approve(made, by=office(), approved_date=on, approval_number="1号", today=TODAY)


def test_register_founds_the_proposed_branch_and_makes_no_second_one(tmp_path: Path) -> None:
    made = make_establishment()

    batch = register(tmp_path, made)

    assert counts(batch) == {"changed": 1}
    assert PartyOrganisationVersion.objects.filter(name=made.name).count() == 1
    assert PartyCoverage.objects.filter(party_organisation=made.party_organisation).count() == 3
    assert [jointly_covered(day) for day in (FOUNDED - timedelta(days=1), FOUNDED)] == [0, 3]


def test_establishment_says_that_the_ledger_is_ahead_of_it(tmp_path: Path) -> None:
    made = make_establishment()
    register(tmp_path, made)

    held = fresh(made)

    assert is_founded_in_ledger(held)
    assert state_in_words(held) == f"拟建（党组织名册已记 {FOUNDED} 成立，待补办）"
    assert establishment_changes(held, at=TODAY) == ()


def test_papers_are_made_up_for_with_the_day_of_the_register(tmp_path: Path) -> None:
    made = make_establishment()
    register(tmp_path, made)
    approved(made)

    with pytest.raises(WrongDate, match=f"名册已记这个党组织于 {FOUNDED} 成立"):
        found(made, by=office(), founded_date=TODAY, today=TODAY, elected=ELECTED)
    done = found(made, by=office(), founded_date=FOUNDED, today=TODAY, elected=ELECTED)

    assert (done.state, done.founded_date) == (EstablishmentState.FOUNDED, FOUNDED)
    assert not is_founded_in_ledger(done)
    assert not done.units.filter(is_open=True).exists()
    assert jointly_covered(TODAY) == 3


def test_withdrawal_leaves_the_branch_that_the_register_founded(tmp_path: Path) -> None:
    made = make_establishment()
    register(tmp_path, made, founded=date(2020, 1, 1))

    done = withdraw(made, by=office(), reason="名册已记成立", today=TODAY)

    assert done.state == EstablishmentState.WITHDRAWN
    assert not done.units.filter(is_open=True).exists()
    assert done.party_organisation.dissolved_date is None
    assert jointly_covered(TODAY) == 3


def test_branch_of_the_register_is_not_renamed(tmp_path: Path) -> None:
    made = make_establishment()
    register(tmp_path, made)

    with pytest.raises(NotInThisState, match=f"在党组织名册中已记 {FOUNDED} 成立"):
        rename_establishment(made, "另一个联合党支部", by=office(), today=TODAY)


def test_undone_register_leaves_the_branch_proposed_as_before(tmp_path: Path) -> None:
    made = make_establishment()
    before = PartyOrganisation.objects.get(pk=made.party_organisation_id)
    batch = register(tmp_path, made)

    undo_batch(batch, by=office())

    after = PartyOrganisation.objects.get(pk=made.party_organisation_id)
    assert (after.founded_date, after.provenance) == (None, before.provenance)
    assert state_in_words(fresh(made)) == "拟建"
    assert jointly_covered(TODAY) == 0
    done = found(approved(made), by=office(), founded_date=TODAY, today=TODAY, elected=ELECTED)
    assert done.party_organisation.founded_date == TODAY


@pytest.mark.parametrize("step", ["found", "withdraw"])
def test_register_is_not_undone_once_a_step_was_built_on_it(tmp_path: Path, step: str) -> None:
    made = make_establishment()
    batch = register(tmp_path, made)
    if step == "found":
        found(approved(made), by=office(), founded_date=FOUNDED, today=TODAY, elected=ELECTED)
    else:
        withdraw(made, by=office(), reason="名册已记成立", today=TODAY)

    with pytest.raises(NotUndoable, match=made.name):
        undo_batch(batch, by=office())

    assert PartyOrganisation.objects.get(pk=made.party_organisation_id).founded_date == FOUNDED


def test_register_older_than_the_adoption_is_set_apart(tmp_path: Path) -> None:
    made = make_establishment()

    batch = register(tmp_path, made, founded=date(2020, 1, 1), as_of=ADOPTED - timedelta(days=1))

    assert counts(batch) == {"older": 1}
    assert state_in_words(fresh(made)) == "拟建"


def test_register_after_a_withdrawal_founds_a_branch_of_its_own(tmp_path: Path) -> None:
    made = make_establishment()
    withdraw(made, by=office(), reason="不再组建", today=ADOPTED + timedelta(days=1))

    batch = register(tmp_path, made)

    assert counts(batch) == {"new": 1}
    assert PartyOrganisation.objects.get(pk=made.party_organisation_id).founded_date is None
    assert jointly_covered(TODAY) == 3
