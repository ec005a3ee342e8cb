"""The import pages: upload, review, mend, decide; and who may not."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liangxin.intake.models import Batch, ColumnChoice
from liangxin.intake.queries.batches import row_content, rows_set_apart
from liangxin.intake.terms import BatchState
from liangxin.kernel.jobs import run_next
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.models import Area, OrganisationVersion
from tests.factories.accounts import client_of, make_user
from tests.factories.intake import FIRM_HEADER, counts, staged, write_list
from tests.factories.registry import make_area, next_uscc

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Area:
    return make_area("甲街道")


@pytest.fixture
def officer(street: Area) -> User:
    return make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(street.pk)))


def firm(name: str = "测试一有限公司", **cells: object) -> list[object]:
    row = {"uscc": next_uscc(), "status": "存续", "street": "甲街道", "staff": 12, "since": None}
    return [name, *(row | cells).values()]


def uploaded(client: Client, path: Path, **terms: object) -> HttpResponse:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answers = {"lists": [file], "source": "市监局", "as_of": "2025-06-30"} | terms
    return client.post(reverse("imports"), answers)  # type: ignore[return-value]


def batch_of(user: User, path: Path) -> Batch:
    batch = staged(path)
    Batch.objects.filter(pk=batch.pk).update(created_by=user)
    return batch


def test_an_officer_takes_a_list_from_upload_to_ledger(
    tmp_path: Path, officer: User, street: Area
) -> None:
    client = client_of(officer)
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm(), firm("坏公司", staff="若干"))
    answer = uploaded(client, path)
    batch = Batch.objects.get()
    assert answer.headers["Location"] == reverse("import-batch", args=[batch.pk])
    assert "排队中" in client.get(answer.headers["Location"]).content.decode()

    assert run_next()
    page = client.get(answer.headers["Location"]).content.decode()
    assert "可以写入 <strong>1</strong> 行，另有 <strong>1</strong> 行没有采用" in page

    client.post(reverse("import-decide", args=[batch.pk, "commit"]))
    assert run_next()
    batch.refresh_from_db()
    assert batch.state == BatchState.COMMITTED
    assert OrganisationVersion.objects.get().street == street
    assert batch.provenance is not None
    assert batch.provenance.recorded_by == officer

    client.post(reverse("import-decide", args=[batch.pk, "undo"]))
    assert run_next()
    assert not OrganisationVersion.objects.exists()
    assert "已撤销" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"source": ""}, "请填写名单的来源"),
        ({"as_of": "2999-01-01"}, "不能晚于今天"),
        ({"lists": []}, "请选择名单文件"),
    ],
)
def test_an_upload_says_what_is_missing(
    tmp_path: Path, officer: User, terms: dict[str, object], words: str
) -> None:
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm())
    assert words in uploaded(client_of(officer), path, **terms).content.decode()
    assert not Batch.objects.exists()


def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path, officer: User) -> None:
    path = tmp_path / "扫描件.xlsx"
    path.write_bytes(b"%PDF-1.7 nothing")
    client = client_of(officer)
    answer = uploaded(client, path)
    run_next()
    page = client.get(answer.headers["Location"]).content.decode()
    assert "没有一个文件能读取" in page
    assert "PDF" in page


def test_bad_rows_are_listed_with_reason_and_mended_in_place(tmp_path: Path, officer: User) -> None:
    rows = [firm("坏公司", staff="若干"), firm("远公司", street="丁街道"), firm()]
    batch = batch_of(officer, write_list(tmp_path, "企业.xlsx", FIRM_HEADER, *rows))
    client = client_of(officer)
    page = client.get(reverse("import-rows", args=[batch.pk])).content.decode()
    assert "共 <strong>2</strong> 条" in page
    assert "“若干”不是一个数" in page
    odd = client.get(reverse("import-rows", args=[batch.pk]), {"q": "²"})
    assert "没有符合条件的记录" in odd.content.decode()

    for name, cell, text in (("坏公司", 4, "20人"), ("远公司", 3, "甲街道")):
        row = rows_set_apart(batch).get(label=name)
        address = reverse("import-row", args=[batch.pk, row.pk])
        assert name in client.get(address).content.decode()
        cells = {
            f"cell_{index}": value or "" for index, value in enumerate(row_content(row)["raw"])
        }
        client.post(address, cells | {f"cell_{cell}": text})
    assert counts(batch) == {"new": 3}


def test_a_row_still_wrong_shows_what_is_wrong_now(tmp_path: Path, officer: User) -> None:
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm("坏公司", staff="若干"))
    batch = batch_of(officer, path)
    row = rows_set_apart(batch).get()
    cells = {f"cell_{index}": value or "" for index, value in enumerate(row_content(row)["raw"])}
    address = reverse("import-row", args=[batch.pk, row.pk])
    answer = client_of(officer).post(address, cells | {"cell_4": "-3"}, follow=True)
    page = answer.content.decode()
    assert "还有地方不对" in page
    assert "人数（数量）是负数" in page


def test_rejected_rows_come_back_as_a_workbook_that_can_be_imported(
    tmp_path: Path, officer: User
) -> None:
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm("@坏公司", staff="若干"), firm())
    batch = batch_of(officer, path)
    answer = client_of(officer).get(reverse("import-rejected", args=[batch.pk]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    cells = [cell for row in load_workbook(BytesIO(content)).active.values for cell in row]  # type: ignore[union-attr]
    assert "退回原因" in cells
    assert "'@坏公司" in cells
    again = tmp_path / "退回.xlsx"
    again.write_bytes(content)
    assert counts(staged(again)) == {"rejected": 1}


def test_a_column_chosen_by_hand_is_remembered_for_the_source(
    tmp_path: Path, officer: User
) -> None:
    header = [*FIRM_HEADER[:4], "甲数", "成立日期"]
    path = write_list(tmp_path, "企业.xlsx", header, firm(staff=77))
    client = client_of(officer)
    uploaded(client, path)
    run_next()
    batch = Batch.objects.get()
    sheet = batch.uploads.get().sheets.get()
    address = reverse("import-sheet", args=[batch.pk, sheet.pk])
    assert "甲数" in client.get(address).content.decode()
    codes = {f"column_{column['index']}": column["code"] or "" for column in sheet.columns}
    client.post(address, {"kind": "enterprises"} | codes | {"column_4": "employees"})
    run_next()
    client.post(reverse("import-decide", args=[batch.pk, "commit"]))
    run_next()
    assert OrganisationVersion.objects.get().employees == 77

    uploaded(client, write_list(tmp_path, "八月.xlsx", header, firm("测试二有限公司", staff=88)))
    run_next()
    again = Batch.objects.order_by("-pk")[0].uploads.get().sheets.get()
    assert {column["header"]: column["code"] for column in again.columns}["甲数"] == "employees"
    assert ColumnChoice.objects.filter(source="市监局", code="employees").count() == 1


def test_two_columns_may_not_mean_the_same(tmp_path: Path, officer: User) -> None:
    batch = batch_of(officer, write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm()))
    sheet = batch.uploads.get().sheets.get()
    codes = {f"column_{column['index']}": "name" for column in sheet.columns}
    address = reverse("import-sheet", args=[batch.pk, sheet.pk])
    page = client_of(officer).post(address, {"kind": "enterprises"} | codes).content.decode()
    assert "只能留一列" in page


def test_changes_show_before_and_after(tmp_path: Path, officer: User) -> None:
    uscc = next_uscc()
    client = client_of(officer)
    for name, staff in (("六月", 12), ("七月", 35)):
        path = write_list(tmp_path, f"{name}.xlsx", FIRM_HEADER, firm(uscc=uscc, staff=staff))
        uploaded(client, path)
        run_next()
        batch = Batch.objects.order_by("-pk")[0]
        page = client.get(reverse("import-changes", args=[batch.pk])).content.decode()
        client.post(reverse("import-decide", args=[batch.pk, "commit"]))
        run_next()
    assert "从业人数" in page
    assert '>12</td><td data-title="写入后" class="in-after-value">35<' in page


def test_a_refused_decision_is_explained(tmp_path: Path, officer: User) -> None:
    batch = batch_of(officer, write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm()))
    client = client_of(officer)
    client.post(reverse("import-decide", args=[batch.pk, "discard"]))
    answer = client.post(reverse("import-decide", args=[batch.pk, "discard"]), follow=True)
    assert "现在是“已放弃”" in answer.content.decode()


@pytest.mark.parametrize("name", ["imports", "import-batch", "import-rows", "import-changes"])
def test_pages_are_not_for_strangers_nor_for_other_roles(tmp_path: Path, name: str) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm()))
    address = reverse(name, args=[] if name == "imports" else [batch.pk])
    assert Client().get(address).status_code == 302
    for role in (Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER, Role.ADMINISTRATOR):
        assert client_of(make_user(role)).get(address).status_code == 403


def test_a_batch_of_another_officer_is_not_found(tmp_path: Path, officer: User) -> None:
    batch = staged(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, firm("坏公司", staff="若干")))
    row = rows_set_apart(batch).get()
    client = client_of(officer)
    sheet = batch.uploads.get().sheets.get()
    addresses = [
        reverse("import-batch", args=[batch.pk]),
        reverse("import-rows", args=[batch.pk]),
        reverse("import-row", args=[batch.pk, row.pk]),
        reverse("import-changes", args=[batch.pk]),
        reverse("import-rejected", args=[batch.pk]),
        reverse("import-sheet", args=[batch.pk, sheet.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    decided = client.post(reverse("import-decide", args=[batch.pk, "commit"]))
    assert decided.status_code == 404


@pytest.mark.parametrize("name", ["imports", "import-rows"])
def test_lists_ask_as_many_questions_for_three_rows_as_for_one(
    tmp_path: Path, street: Area, name: str
) -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    bad = [firm(f"坏公司{number}", staff="若干") for number in range(3)]
    asked = []
    for number in (1, 3):
        path = write_list(tmp_path, f"{number}.xlsx", FIRM_HEADER, *bad[:number])
        batch = staged(path, as_of=date(2025, 6, 30))
        if name == "imports":
            for _ in range(number - 1):
                staged(path)
        address = reverse(name, args=[] if name == "imports" else [batch.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert asked[0] == asked[1]
