"""Rows that name an absorbed organisation or person find the one they were merged into."""

from datetime import date
from pathlib import Path

import pytest

from liangxin.intake.actions import undo_batch
from liangxin.intake.actions.undo import NotUndoable
from liangxin.intake.models import Batch
from liangxin.registry.models import Organisation, OrganisationVersion, PartyMembership, Person
from tests.factories.intake import AS_OF, FIRM_HEADER, MEMBER_HEADER, committed, write_list
from tests.factories.merges import merge
from tests.factories.registry import make_area, make_member, make_organisation, next_uscc
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 1)


def told(folder: Path, name: str, uscc: str | None, street: str | None) -> Batch:
    """Commit a list of one firm with 77 employees."""
    row = [name, uscc, "存续", street, 77, None]
    return committed(write_list(folder, "企业.xlsx", FIRM_HEADER, row))


def employees(organisation: Organisation) -> int | None:
    return OrganisationVersion.objects.get(
        organisation=organisation, valid_to__isnull=True
    ).employees


def test_row_with_the_absorbed_code_finds_the_survivor(tmp_path: Path) -> None:
    kept, gone = make_organisation(), make_organisation()
    code = gone.organisation.uscc
    merge(kept.organisation, gone.organisation, today=TODAY)

    told(tmp_path, kept.name, code, None)

    assert employees(kept.organisation) == 77
    assert Organisation.objects.count() == 2


def test_row_with_the_absorbed_name_and_street_finds_the_survivor(tmp_path: Path) -> None:
    kept = make_organisation(street=make_area("示例东街道"))
    gone = make_organisation(street=make_area("示例西街道"), name="测试旧名有限公司")
    merge(kept.organisation, gone.organisation, today=TODAY, choices={"name": "survivor"})

    told(tmp_path, "测试旧名有限公司", None, "示例西街道")

    assert employees(kept.organisation) == 77
    assert Organisation.objects.count() == 2


def test_row_with_the_absorbed_name_in_another_street_is_another(tmp_path: Path) -> None:
    kept, gone = make_organisation(), make_organisation(name="测试旧名有限公司")
    make_area("示例西街道")
    merge(kept.organisation, gone.organisation, today=TODAY)

    told(tmp_path, "测试旧名有限公司", next_uscc(), "示例西街道")

    assert employees(kept.organisation) is None
    assert Organisation.objects.count() == 3


def test_row_with_the_absorbed_id_number_finds_the_survivor(tmp_path: Path) -> None:
    unit = make_organisation()
    kept, gone = (
        make_member(unit.organisation, name="测试甲"),
        make_member(unit.organisation, name="测试甲"),
    )
    merge(kept, gone, today=TODAY)
    row = ["测试甲", gone.id_number, unit.name, "正式党员", None, None, None, "19900004321"]

    committed(write_list(tmp_path, "党员.xlsx", MEMBER_HEADER, row))

    kept.refresh_from_db()
    assert kept.phone == "19900004321"
    assert Person.objects.count() == 2
    assert not PartyMembership.objects.filter(person=gone, valid_to__isnull=True).exists()


def test_undo_of_an_import_waits_for_the_undo_of_the_merge(tmp_path: Path) -> None:
    make_area("示例东街道")
    batch = told(tmp_path, "测试新来有限公司", next_uscc(), "示例东街道")
    new = OrganisationVersion.objects.get(name="测试新来有限公司").organisation
    merge(make_organisation().organisation, new, today=AS_OF)

    with pytest.raises(NotUndoable, match="并入"):
        undo_batch(batch, by=office())
