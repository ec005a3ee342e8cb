"""An officer's list tells and changes nothing of the people of another street."""

from datetime import date
from pathlib import Path

import pytest

from liangxin.intake.actions import commit_batch, stage_files
from liangxin.intake.models import Batch, StagedRow
from liangxin.intake.terms import Outcome
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SYSTEM, Viewer
from liangxin.registry.models import OrganisationVersion, Person, Posting
from tests.factories.registry import (
    make_guide,
    make_member,
    make_organisation,
    make_posting,
    next_id_number,
)
from tests.factories.viewers import officer_of
from tests.workbook.making import saved_xlsx

pytestmark = pytest.mark.django_db
GUIDES = ("姓名", "身份证号", "联系电话", "类别", "派出单位", "联系单位")
MEMBERS = ("姓名", "身份证号", "联系电话", "工作单位", "人员类别", "入党日期")
OLD, NEW = "19900000001", "19900000002"


@pytest.fixture
def own() -> OrganisationVersion:
    return make_organisation(name="本街公司")


@pytest.fixture
def foreign() -> OrganisationVersion:
    return make_organisation(name="外街公司")


def officer(own: OrganisationVersion) -> Viewer:
    assert own.street is not None
    return officer_of(own.street)


def uploaded(path: Path, *rows: tuple[object, ...], by: Viewer) -> Batch:
    batch = stage_files(
        [saved_xlsx(path, rows)], by=by, source="示例", as_of=date(2026, 11, 3), progress=Progress()
    )
    return commit_batch(batch, by=by, progress=Progress()) if by is SYSTEM else batch


def told(batch: Batch) -> list[tuple[str, str]]:
    rows = StagedRow.objects.filter(sheet__upload__batch=batch).order_by("number")
    return [(row.outcome, row.reasons) for row in rows]


def with_phone(person: Person) -> Person:
    person.phone = OLD
    person.save()
    return person


def guide_row(person: Person, *, name: str = "", unit: str = "本街公司") -> tuple[object, ...]:
    return (name or person.name, person.id_number, NEW, "指导员", "测试区机关", unit)


@pytest.mark.parametrize("name", ["", "另一个名字"])
def test_a_guide_of_another_street_is_out_of_scope_under_any_name(
    tmp_path: Path, own: OrganisationVersion, foreign: OrganisationVersion, name: str
) -> None:
    guide = with_phone(make_guide())
    make_posting(foreign.organisation, person=guide)

    batch = uploaded(tmp_path / "指导员.xlsx", GUIDES, guide_row(guide, name=name), by=officer(own))

    ((outcome, reasons),) = told(batch)
    assert (outcome, "另一个姓名" in reasons) == (Outcome.OUT_OF_SCOPE, False)
    guide.refresh_from_db()
    assert guide.phone == OLD


def test_a_member_of_another_street_named_as_a_guide_keeps_the_phone(
    tmp_path: Path, own: OrganisationVersion, foreign: OrganisationVersion
) -> None:
    member = with_phone(make_member(foreign.organisation))
    by = officer(own)
    batch = uploaded(tmp_path / "指导员.xlsx", GUIDES, guide_row(member), by=by)
    commit_batch(batch, by=by, progress=Progress())

    member.refresh_from_db()
    assert (member.phone, Posting.objects.count()) == (OLD, 0)


@pytest.mark.parametrize("name", ["", "另一个名字"])
def test_a_member_of_another_street_is_out_of_scope_under_any_name(
    tmp_path: Path, own: OrganisationVersion, foreign: OrganisationVersion, name: str
) -> None:
    member = with_phone(make_member(foreign.organisation))
    row = (name or member.name, member.id_number, NEW, "本街公司", "正式党员", "2015-07-01")

    batch = uploaded(tmp_path / "党员.xlsx", MEMBERS, row, by=officer(own))

    ((outcome, reasons),) = told(batch)
    assert (outcome, "另一个姓名" in reasons) == (Outcome.OUT_OF_SCOPE, False)


def test_a_guide_of_the_own_street_under_another_name_is_told(
    tmp_path: Path, own: OrganisationVersion
) -> None:
    guide = make_guide()
    make_posting(own.organisation, person=guide)

    batch = uploaded(
        tmp_path / "指导员.xlsx", GUIDES, guide_row(guide, name="另一个名字"), by=officer(own)
    )

    ((outcome, reasons),) = told(batch)
    assert (outcome, "另一个姓名" in reasons) == (Outcome.REJECTED, True)


def test_a_guide_who_serves_both_streets_may_get_a_new_phone(
    tmp_path: Path, own: OrganisationVersion, foreign: OrganisationVersion
) -> None:
    guide = with_phone(make_guide())
    make_posting(own.organisation, person=guide)
    make_posting(foreign.organisation, person=guide)
    by = officer(own)
    batch = uploaded(tmp_path / "指导员.xlsx", GUIDES, guide_row(guide), by=by)
    commit_batch(batch, by=by, progress=Progress())

    guide.refresh_from_db()
    assert (guide.phone, Posting.objects.filter(valid_to__isnull=True).count()) == (NEW, 2)


def test_an_idle_guide_may_be_placed_by_any_street(
    tmp_path: Path, own: OrganisationVersion
) -> None:
    guide = make_guide()
    by = officer(own)
    batch = uploaded(tmp_path / "指导员.xlsx", GUIDES, guide_row(guide), by=by)
    commit_batch(batch, by=by, progress=Progress())

    assert [one.person for one in Posting.objects.all()] == [guide]


def test_the_district_tells_of_everybody(tmp_path: Path, foreign: OrganisationVersion) -> None:
    guide = with_phone(make_guide())
    make_posting(foreign.organisation, person=guide)

    uploaded(tmp_path / "指导员.xlsx", GUIDES, guide_row(guide, unit="外街公司"), by=SYSTEM)

    guide.refresh_from_db()
    assert guide.phone == NEW


def test_a_new_person_is_nobody_elses(tmp_path: Path, own: OrganisationVersion) -> None:
    row = ("新来的人", next_id_number(), NEW, "指导员", "测试区机关", "本街公司")

    batch = uploaded(tmp_path / "指导员.xlsx", GUIDES, row, by=officer(own))

    assert told(batch) == []
