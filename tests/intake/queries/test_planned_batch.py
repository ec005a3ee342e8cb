"""What becomes of a row, against the ledger and the rows before it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from liangxin.intake.models import Batch
from liangxin.intake.queries import batch_report
from liangxin.registry.models import (
    Area,
    GuideService,
    MassPresence,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    Person,
    Posting,
)
from liangxin.registry.terms import MassKind, MemberStage
from tests.factories.intake import (
    FIRM_HEADER,
    GUIDE_HEADER,
    MASS_HEADER,
    MEMBER_HEADER,
    PARTY_HEADER,
    SITE_HEADER,
    committed,
    counts,
    staged,
    write_list,
    write_lists,
)
from tests.factories.registry import (
    make_area,
    make_mass_presence,
    make_member,
    make_organisation,
    make_party_organisation,
    make_site,
    next_id_number,
    next_uscc,
)
from tests.factories.viewers import officer_of

pytestmark = pytest.mark.django_db
JULY = date(2025, 7, 31)


@pytest.fixture
def street() -> Area:
    return make_area("甲街道")


def firm(name: str = "测试一有限公司", **cells: object) -> list[object]:
    row = {"uscc": next_uscc(), "status": "存续", "street": "甲街道", "staff": 12, "since": None}
    return [name, *(row | cells).values()]


def reasons(batch: Batch, outcome: str = "rejected") -> list[tuple[int, str, str]]:
    """Row, column and reason of every fault."""
    return [
        (row["row"], fault["column"], fault["reason"])
        for file in batch_report(batch)["files"]
        for sheet in file["sheets"]
        for row in sheet[outcome]
        for fault in row["faults"]
    ]


def firms(folder: Path, *rows: Sequence[object]) -> Path:
    return write_list(folder, "企业.xlsx", FIRM_HEADER, *rows)


def test_an_organisation_is_found_by_its_code_under_a_new_name(
    tmp_path: Path, street: Area
) -> None:
    known = make_organisation(name="旧名有限公司", street=street, employees=12)
    assert known.organisation.uscc
    batch = committed(firms(tmp_path, firm("新名有限公司", uscc=known.organisation.uscc)))
    assert counts(batch) == {"changed": 1}
    assert OrganisationVersion.objects.get(valid_to=None).name == "新名有限公司"


def test_an_organisation_without_code_is_found_by_name_and_street_and_takes_the_code(
    tmp_path: Path, street: Area
) -> None:
    known = make_organisation(name="测试一有限公司", street=street)
    Organisation.objects.update(uscc=None)
    uscc = next_uscc()
    committed(firms(tmp_path, firm(uscc=uscc)))
    assert Organisation.objects.get().uscc == uscc
    assert known.organisation_id == Organisation.objects.get().pk


def test_the_same_name_in_another_street_is_another_organisation(
    tmp_path: Path, street: Area
) -> None:
    make_organisation(name="测试一有限公司", street=make_area("乙街道"))
    batch = committed(firms(tmp_path, firm(uscc=None)))
    assert counts(batch) == {"new": 1}
    assert Organisation.objects.count() == 2


def test_a_key_told_twice_rejects_the_second_row_and_names_the_first(
    tmp_path: Path, street: Area
) -> None:
    uscc = next_uscc()
    rows = [firm(uscc=uscc), firm("另一有限公司", uscc=uscc), firm(uscc=None)]
    batch = staged(firms(tmp_path, *rows))
    assert counts(batch) == {"new": 1, "rejected": 2}
    assert [(row, reason[:6]) for row, _, reason in reasons(batch)] == [
        (3, "与第2行重复"),
        (4, "与第2行重复"),
    ]


def test_two_lists_of_one_go_complete_each_other(tmp_path: Path, street: Area) -> None:
    uscc = next_uscc()
    first = firms(tmp_path, firm(uscc=uscc, staff=None))
    second = write_list(tmp_path, "税务.xlsx", FIRM_HEADER, firm(uscc=uscc, staff=30))
    batch = committed(first, second)
    assert counts(batch) == {"new": 1, "changed": 1}
    assert OrganisationVersion.objects.get().employees == 30


def test_an_unknown_street_or_site_is_named(tmp_path: Path, street: Area) -> None:
    make_site("甲大厦", street=make_area("乙街道"))
    header = (*FIRM_HEADER, "所在楼宇")
    rows = [
        [*firm(street="丁街道"), None],
        [*firm("测试二有限公司"), "无名大厦"],
        [*firm("测试三有限公司"), "甲大厦"],
    ]
    batch = staged(write_list(tmp_path, "企业.xlsx", header, *rows))
    assert [(row, column) for row, column, _ in reasons(batch)] == [
        (2, "street"),
        (3, "site"),
        (4, "site"),
    ]
    assert "在乙街道，与本行的街道不符" in reasons(batch)[2][2]


@pytest.mark.parametrize("spelling", ["甲街道", "甲", "甲街道办事处", " 甲 街道"])
def test_a_street_is_known_by_its_usual_spellings(
    tmp_path: Path, street: Area, spelling: str
) -> None:
    committed(firms(tmp_path, firm(street=spelling)))
    assert OrganisationVersion.objects.get().street == street


def test_rows_of_another_street_are_set_apart_for_an_officer(tmp_path: Path, street: Area) -> None:
    other = make_area("乙街道")
    known = make_organisation(name="测试三有限公司", street=other)
    officer = officer_of(street)
    rows = [
        firm(),
        firm("测试二有限公司", street="乙街道"),
        firm("测试三有限公司", uscc=known.organisation.uscc),
    ]
    batch = committed(firms(tmp_path, *rows), by=officer)
    assert counts(batch) == {"new": 1, "out_of_scope": 2}
    assert OrganisationVersion.objects.filter(street=other).get() == known


def test_a_list_without_streets_means_the_street_of_its_officer(
    tmp_path: Path, street: Area
) -> None:
    make_area("乙街道")
    batch = committed(firms(tmp_path, firm(street=None)), by=officer_of(street))
    assert counts(batch) == {"new": 1}
    assert OrganisationVersion.objects.get().street == street


def test_a_firm_that_moves_leaves_its_building(tmp_path: Path, street: Area) -> None:
    site = make_site("甲大厦", street=street)
    other = make_area("乙街道")
    known = make_organisation(name="测试一有限公司", street=street, site=site)
    committed(firms(tmp_path, firm(uscc=known.organisation.uscc, street="乙街道")))
    version = OrganisationVersion.objects.get(valid_to=None)
    assert (version.street, version.site) == (other, None)


def test_a_closed_firm_is_not_said_to_have_been_closed_since_its_founding(
    tmp_path: Path, street: Area
) -> None:
    committed(firms(tmp_path, firm(status="注销", since="2015-03-05")))
    assert OrganisationVersion.objects.get().valid_from == date(2025, 6, 30)


def test_a_site_is_changed_in_place(tmp_path: Path, street: Area) -> None:
    site = make_site("甲大厦", street=street)
    row = ["甲大厦", "园区", "甲街道", "甲路1号", 113.5, 23.5, "GCJ-02"]
    batch = committed(write_list(tmp_path, "楼宇.xlsx", SITE_HEADER, row))
    site.refresh_from_db()
    assert counts(batch) == {"changed": 1}
    assert (site.kind, site.address, site.provenance) == ("park", "甲路1号", batch.provenance)
    assert site.lon != 113.5  # moved to WGS-84


def party(name: str, parent: str | None = None, covered: str | None = None) -> list[object]:
    return [name, "党支部", parent, "甲街道", "2018-05-01", covered, None]


def test_parents_in_a_circle_reject_every_row_of_it(tmp_path: Path, street: Area) -> None:
    rows = [party("甲支部", "乙支部"), party("乙支部", "甲支部"), party("丙支部")]
    batch = staged(write_list(tmp_path, "党组织.xlsx", PARTY_HEADER, *rows))
    assert counts(batch) == {"new": 1, "rejected": 2}
    assert [row for row, _, _ in reasons(batch)] == [2, 3]
    assert "甲支部 → 乙支部 → 甲支部" in reasons(batch)[0][2]


def test_a_circle_that_closes_through_the_ledger_is_found(tmp_path: Path, street: Area) -> None:
    above = make_party_organisation("上级党委", street=street)
    below = make_party_organisation("下级支部", street=street, parent=above.party_organisation)
    batch = staged(write_list(tmp_path, "党组织.xlsx", PARTY_HEADER, party(above.name, below.name)))
    assert counts(batch) == {"rejected": 1}


def test_a_parent_may_stand_below_its_child_in_the_list(tmp_path: Path, street: Area) -> None:
    rows = [party("丙支部", "乙支部"), party("乙支部", "甲支部"), party("甲支部")]
    assert counts(staged(write_list(tmp_path, "党组织.xlsx", PARTY_HEADER, *rows))) == {"new": 3}


def test_a_list_of_covered_units_ends_the_coverage_of_others(tmp_path: Path, street: Area) -> None:
    old = make_organisation(name="测试一有限公司", street=street)
    make_organisation(name="测试二有限公司", street=street)
    branch = make_party_organisation("甲支部", street=street, covers=(old.organisation,))
    path = write_list(
        tmp_path, "党组织.xlsx", PARTY_HEADER, party("甲支部", None, "测试二有限公司")
    )
    batch = committed(path, as_of=JULY)
    ended, begun = PartyCoverage.objects.order_by("valid_from")
    assert (ended.organisation, ended.valid_to) == (old.organisation, JULY)
    assert (begun.party_organisation, begun.valid_from) == (branch.party_organisation, JULY)
    assert counts(batch) == {"changed": 1}


def member(unit: str, **cells: object) -> list[object]:
    row: dict[str, object] = {
        "id_number": next_id_number(),
        "unit": unit,
        "stage": "正式党员",
        "joined": "2010-07-01",
        "full": "2011-07-01",
        "relation": None,
        "phone": None,
    }
    return ["张某", *(row | cells).values()]


def test_a_member_of_an_unknown_unit_is_rejected(tmp_path: Path, street: Area) -> None:
    batch = staged(write_list(tmp_path, "党员.xlsx", MEMBER_HEADER, member("无名有限公司")))
    assert reasons(batch) == [(2, "work_unit", "台账和本次上传的名单中都没有“无名有限公司”")]


def test_a_member_of_a_rejected_unit_is_told_which_row_to_mend(
    tmp_path: Path, street: Area
) -> None:
    sheets = {
        "企业": [FIRM_HEADER, firm(staff="若干")],
        "党员": [MEMBER_HEADER, member("测试一有限公司")],
    }
    batch = staged(write_lists(tmp_path, "全部.xlsx", sheets))
    assert reasons(batch)[1] == (2, "work_unit", "“测试一有限公司”在“企业”第2行，那一行没有采用")


def test_a_member_becomes_full_on_the_day_told(tmp_path: Path, street: Area) -> None:
    unit = make_organisation(name="测试一有限公司", street=street).organisation
    person = make_member(unit, name="张某", stage=MemberStage.PROBATIONARY)
    full = "2025-05-01"
    row = member("测试一有限公司", id_number=person.id_number, joined="2024-05-01", full=full)
    committed(write_list(tmp_path, "党员.xlsx", MEMBER_HEADER, row))
    before, after = PartyMembership.objects.order_by("valid_from")
    assert (before.stage, before.valid_to) == ("probationary", date(2025, 5, 1))
    assert (after.stage, after.valid_from) == ("full", date(2025, 5, 1))


def test_an_identity_number_of_somebody_else_is_rejected(tmp_path: Path, street: Area) -> None:
    unit = make_organisation(name="测试一有限公司", street=street).organisation
    person = make_member(unit, name="王某")
    row = member("测试一有限公司", id_number=person.id_number)
    batch = staged(write_list(tmp_path, "党员.xlsx", MEMBER_HEADER, row))
    assert [column for _, column, _ in reasons(batch)] == ["id_number"]
    assert "王某" not in str(batch_report(batch))


def test_a_member_who_works_elsewhere_is_beyond_an_officers_reach(
    tmp_path: Path, street: Area
) -> None:
    make_organisation(name="测试一有限公司", street=street)
    away = make_organisation(street=make_area("乙街道")).organisation
    person = make_member(away, name="张某")
    row = member("测试一有限公司", id_number=person.id_number)
    path = write_list(tmp_path, "党员.xlsx", MEMBER_HEADER, row)
    assert counts(staged(path, by=officer_of(street))) == {"out_of_scope": 1}


def test_a_term_that_ran_out_is_recorded_once(tmp_path: Path, street: Area) -> None:
    make_organisation(name="测试一有限公司", street=street)
    row = [
        "李某",
        next_id_number(),
        "指导员",
        "区机关",
        "测试一有限公司",
        "2023-01-01",
        "2025-01-01",
    ]
    path = write_list(tmp_path, "指导员.xlsx", GUIDE_HEADER, row)
    assert counts(committed(path)) == {"new": 1}
    assert counts(committed(path, as_of=JULY)) == {"unchanged": 1}
    assert GuideService.objects.count() == Posting.objects.count() == 1


def test_a_corrected_past_term_replaces_the_old_one(tmp_path: Path, street: Area) -> None:
    guide = next_id_number()
    for end in ("2025-01-01", "2025-02-01"):
        row = ["李某", guide, "指导员", "区机关", None, "2023-01-01", end]
        committed(write_list(tmp_path, "指导员.xlsx", GUIDE_HEADER, row))
    service = GuideService.objects.get()
    assert (service.valid_from, service.valid_to) == (date(2023, 1, 1), date(2025, 2, 1))
    assert Person.objects.count() == 1


def test_a_posting_that_the_list_drops_ends(tmp_path: Path, street: Area) -> None:
    guide = next_id_number()
    for name in ("测试一有限公司", "测试二有限公司"):
        make_organisation(name=name, street=street)
    for name, as_of in (("测试一有限公司", date(2025, 6, 30)), ("测试二有限公司", JULY)):
        row = ["李某", guide, "联络员", "区机关", name, None, None]
        committed(write_list(tmp_path, "指导员.xlsx", GUIDE_HEADER, row), as_of=as_of)
    periods = Posting.objects.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(periods) == [(date(2025, 6, 30), JULY), (JULY, None)]


def test_a_union_that_is_gone_ends(tmp_path: Path, street: Area) -> None:
    unit = make_organisation(name="测试一有限公司", street=street).organisation
    make_mass_presence(unit, kind=MassKind.UNION)
    path = write_list(tmp_path, "群团.xlsx", MASS_HEADER, ["测试一有限公司", None, "无", "有"])
    batch = committed(path)
    assert counts(batch) == {"changed": 1}
    held = MassPresence.objects.filter(valid_to=None).values_list("kind", flat=True)
    assert list(held) == ["league"]
