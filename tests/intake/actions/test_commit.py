"""A batch reaches the ledger whole, once, and as its list told it."""

from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from liangxin.intake.actions import NotCommittable, commit_batch
from liangxin.intake.actions import commit as committing
from liangxin.intake.queries.ledger_state import ledger_state
from liangxin.intake.terms import BatchState
from liangxin.kernel.jobs import Progress
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.models import (
    Employment,
    GuideService,
    MassPresence,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Post,
    Posting,
    Provenance,
    Site,
)
from tests.factories.intake import (
    AS_OF,
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
    make_provenance,
    next_id_number,
    next_uscc,
)
from tests.factories.viewers import administrator, office

pytestmark = pytest.mark.django_db


def firm(
    name: str, *, uscc: str | None = None, staff: object = 12, street: str = "甲街道"
) -> list[object]:
    return [name, uscc or next_uscc(), "存续", street, staff, "2015-03-05"]


def test_commit_batch_writes_organisations_with_their_provenance(tmp_path: Path) -> None:
    street = make_area("甲街道")
    batch = committed(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm("测试一有限公司")))
    version = OrganisationVersion.objects.get()
    assert counts(batch) == {"new": 1}
    assert (version.name, version.street, version.employees) == ("测试一有限公司", street, 12)
    assert version.valid_from == date(2015, 3, 5)
    assert version.provenance == batch.provenance
    assert batch.provenance is not None
    assert batch.provenance.as_of_date == AS_OF


BRANCH = "测试一有限公司党支部"
MEMBER = [
    "张某",
    "",
    "测试一有限公司",
    "正式党员",
    "2010-07-01",
    "2011-07-01",
    BRANCH,
    "19900001234",
]
GUIDE = ["李某", "", "指导员", "区机关", "测试一有限公司", "2025-01-01", "2027-01-01"]
COMMITTEE = ["甲街道党工委", "党工委", None, "甲街道", "2001-01-01", None, None]
BRANCH_ROW = [BRANCH, "党支部", "甲街道党工委", "甲街道", "2018-05-01", "测试一有限公司", "王某"]


@pytest.fixture
def whole_go(tmp_path: Path) -> Path:
    """Seven kinds in one book, what others refer to below what refers to it."""
    make_area("甲街道")
    sheets = {
        "党员": [MEMBER_HEADER, [MEMBER[0], next_id_number(), *MEMBER[2:]]],
        "指导员": [GUIDE_HEADER, [GUIDE[0], next_id_number(), *GUIDE[2:]]],
        "群团": [MASS_HEADER, ["测试一有限公司", None, "有", "无"]],
        "党组织": [PARTY_HEADER, BRANCH_ROW, COMMITTEE],
        "企业": [[*FIRM_HEADER, "所在楼宇"], [*firm("测试一有限公司"), "甲大厦"]],
        "楼宇": [SITE_HEADER, ["甲大厦", "楼宇", "甲街道", "甲路1号", 113.5, 23.5, "WGS-84"]],
    }
    return write_lists(tmp_path, "全部.xlsx", sheets)


def test_commit_batch_takes_kinds_that_refer_to_one_another(whole_go: Path) -> None:
    batch = committed(whole_go)
    assert counts(batch) == {"new": 7}
    assert OrganisationVersion.objects.get().site == Site.objects.get()
    coverage = PartyCoverage.objects.get()
    assert coverage.valid_from == date(2018, 5, 1)
    above = PartyOrganisationVersion.objects.get(name="甲街道党工委").party_organisation
    assert PartyOrganisationVersion.objects.get(name=BRANCH).parent == above
    assert Post.objects.get().person_name == "王某"
    assert MassPresence.objects.get().kind == "union"
    assert PartyRelation.objects.get().party_organisation == coverage.party_organisation


def test_commit_batch_dates_what_is_true_of_persons(whole_go: Path) -> None:
    committed(whole_go)
    person = Employment.objects.get().person
    assert person.phone == "19900001234"
    stages = PartyMembership.objects.filter(person=person).order_by("valid_from")
    assert [(fact.stage, fact.valid_from, fact.valid_to) for fact in stages] == [
        ("probationary", date(2010, 7, 1), date(2011, 7, 1)),
        ("full", date(2011, 7, 1), None),
    ]
    assert GuideService.objects.get().valid_to == date(2027, 1, 1)
    assert Posting.objects.get().valid_from == date(2025, 1, 1)
    assert Person.objects.count() == 2


def test_commit_batch_twice_changes_nothing(tmp_path: Path) -> None:
    make_area("甲街道")
    path = write_list(
        tmp_path, "企业.xlsx", FIRM_HEADER, firm("测试一有限公司"), firm("测试二有限公司")
    )
    committed(path)
    again = committed(path)
    assert counts(again) == {"unchanged": 2}
    assert OrganisationVersion.objects.count() == 2


def test_commit_batch_closes_the_version_that_changed(tmp_path: Path) -> None:
    make_area("甲街道")
    uscc = next_uscc()
    committed(write_list(tmp_path, "六月.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc)))
    later = date(2025, 7, 31)
    batch = committed(
        write_list(tmp_path, "七月.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc, staff=20)),
        as_of=later,
    )
    before, after = OrganisationVersion.objects.order_by("valid_from")
    assert counts(batch) == {"changed": 1}
    assert (before.employees, before.valid_to, before.ended_by) == (12, later, batch.provenance)
    assert (after.employees, after.valid_from, after.valid_to) == (20, later, None)


def test_commit_batch_of_the_same_day_replaces_the_version(tmp_path: Path) -> None:
    make_area("甲街道")
    uscc = next_uscc()
    row = firm("测试一有限公司", uscc=uscc)
    committed(write_list(tmp_path, "一.xlsx", FIRM_HEADER, row), as_of=date(2025, 5, 31))
    for name, staff in (("二.xlsx", 20), ("三.xlsx", 30)):
        changed = firm("测试一有限公司", uscc=uscc, staff=staff)
        committed(write_list(tmp_path, name, FIRM_HEADER, changed))
    versions = OrganisationVersion.objects.order_by("valid_from")
    assert [(version.employees, version.valid_to) for version in versions] == [
        (12, AS_OF),
        (30, None),
    ]


def test_commit_batch_sets_older_rows_apart(tmp_path: Path) -> None:
    make_area("甲街道")
    uscc = next_uscc()
    committed(write_list(tmp_path, "六月.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc)))
    older = committed(
        write_list(tmp_path, "五月.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc, staff=9)),
        as_of=date(2025, 5, 31),
    )
    assert counts(older) == {"older": 1}
    assert OrganisationVersion.objects.get().employees == 12


def test_commit_batch_keeps_what_a_list_leaves_blank(tmp_path: Path) -> None:
    make_area("甲街道")
    uscc = next_uscc()
    committed(write_list(tmp_path, "一.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc)))
    batch = committed(
        write_list(tmp_path, "二.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc, staff=None)),
        as_of=date(2025, 7, 31),
    )
    assert counts(batch) == {"unchanged": 1}
    assert OrganisationVersion.objects.get().employees == 12


def test_commit_batch_plans_again_where_the_ledger_moved(tmp_path: Path) -> None:
    make_area("甲街道")
    uscc = next_uscc()
    batch = staged(write_list(tmp_path, "一.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc)))
    other = staged(
        write_list(tmp_path, "二.xlsx", FIRM_HEADER, firm("测试一有限公司", uscc=uscc, staff=30))
    )
    prepare = committing.prepared_writing
    calls = []

    def meanwhile(*args: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            commit_batch(other, by=office(), progress=Progress())
        return prepare(*args, **named)  # type: ignore[arg-type]

    with mock.patch.object(committing, "prepared_writing", meanwhile):
        commit_batch(batch, by=office(), progress=Progress())
    assert counts(batch) == {"changed": 1}
    assert Organisation.objects.count() == 1
    assert OrganisationVersion.objects.get(valid_to=None).employees == 12


def test_commit_batch_gives_up_where_the_ledger_never_rests(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "一.xlsx", FIRM_HEADER, firm("测试一有限公司")))
    prepare = committing.prepared_writing

    def meanwhile(*args: object, **named: object) -> object:
        make_provenance()
        return prepare(*args, **named)  # type: ignore[arg-type]

    with (
        mock.patch.object(committing, "prepared_writing", meanwhile),
        pytest.raises(NotCommittable, match="频繁改动"),
    ):
        commit_batch(batch, by=office(), progress=Progress())
    batch.refresh_from_db()
    assert batch.state == BatchState.DRY
    assert not Organisation.objects.exists()


def test_commit_batch_leaves_the_ledger_as_it_was_when_the_disk_is_full(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "一.xlsx", FIRM_HEADER, firm("测试一有限公司")))
    before = ledger_state()
    full = OSError(28, "No space left on device")
    with (
        mock.patch.object(committing, "record", side_effect=full),
        pytest.raises(NotCommittable, match="磁盘已满"),
    ):
        commit_batch(batch, by=office(), progress=Progress())
    batch.refresh_from_db()
    assert batch.state == BatchState.DRY
    assert ledger_state() == before
    assert not Organisation.objects.exists()


def test_commit_batch_refuses_a_committed_batch(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = committed(write_list(tmp_path, "一.xlsx", FIRM_HEADER, firm("测试一有限公司")))
    with pytest.raises(NotCommittable, match="已写入台账"):
        commit_batch(batch, by=office(), progress=Progress())
    assert Provenance.objects.filter(source="测试来源", pk=batch.provenance_id).count() == 1


def test_commit_batch_leaves_one_audit_entry(tmp_path: Path) -> None:
    make_area("甲街道")
    committed(write_list(tmp_path, "一.xlsx", FIRM_HEADER, firm("测试一有限公司")))
    entry = AuditEntry.objects.get(action="intake.commit")
    assert entry.details["new"] == 1


def test_commit_batch_is_not_for_the_administrator(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "一.xlsx", FIRM_HEADER, firm("测试一有限公司")))
    with pytest.raises(NotAllowed):
        commit_batch(batch, by=administrator(), progress=Progress())
