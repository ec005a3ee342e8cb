"""Lists: one queryset behind rows, total and workbook."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from liangxin.kernel.models import AuditEntry, User
from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.permissions import NotAllowed, Permission
from liangxin.kernel.viewer import Role, Viewer
from liangxin.ui.listing import Cell, ListColumn, ListFilter, Listing, list_response, read_request
from tests.factories.accounts import make_user, viewer_for

pytestmark = pytest.mark.django_db

LISTING = Listing(
    code="accounts",
    title="账号表",
    columns=(
        ListColumn(
            "name", "姓名", lambda row: row.name, link=lambda row: f"/u/{row.pk}/", sort=("name",)
        ),
        ListColumn("username", "登录名", lambda row: row.username, wide=True),
        ListColumn("pk", "编号", lambda row: row.pk, numeric=True, sort=("pk",)),
    ),
    filters=(
        ListFilter(
            "state", "状态", (("on", "可用"), ("off", "停用")), lambda v: Q(is_active=v == "on")
        ),
    ),
    search=lambda text: Q(name__contains=text),
    empty_title="还没有账号",
    empty_text="先建一个。",
    per_page=2,
    export_permission=Permission.EXPORT_LISTS,
)
OFFICE = viewer_for(Role.DISTRICT_OFFICE)


class _Plain:
    """Stands for django-htmx on a request that is not htmx's."""

    history_restore_request = False
    boosted = False

    def __init__(self, is_htmx: bool) -> None:
        self.is_htmx = is_htmx

    def __bool__(self) -> bool:
        return self.is_htmx


def asked(query: str = "", *, viewer: Viewer = OFFICE, htmx: bool = False) -> ViewerRequest:
    request = RequestFactory().get(f"/list/{query}")
    request.viewer = viewer
    request.htmx = _Plain(htmx)
    request._messages = _Kept()
    return request


class _Kept(list[str]):
    """Collects messages as the message framework does."""

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.append(message)


def answered(request: ViewerRequest, queryset: QuerySet[User] | None = None) -> str:
    response = list_response(request, LISTING, queryset if queryset is not None else users())
    return response.content.decode()


def users() -> QuerySet[User]:
    return User.objects.order_by("username")


def named(*names: str) -> list[User]:
    return [make_user(name=name) for name in names]


def test_list_shows_one_page_and_the_whole_total() -> None:
    named("甲", "乙", "丙")

    page = answered(asked())

    assert "共 <strong>3</strong> 条" in page
    assert ("甲" in page, "乙" in page, ">丙<" in page) == (True, True, False)


def test_second_page_goes_on_where_the_first_ended() -> None:
    named("甲", "乙", "丙")

    page = answered(asked("?page=2"))

    assert (">丙<" in page, ">甲<" in page) == (True, False)


def test_filter_and_search_narrow_rows_and_total_alike() -> None:
    off, _, _ = named("甲一", "甲二", "乙")
    User.objects.filter(pk=off.pk).update(is_active=False)

    page = answered(asked("?state=on&q=甲"))

    assert "共 <strong>1</strong> 条" in page
    assert (">甲二<" in page, ">甲一<" in page) == (True, False)


def test_unknown_filter_value_lists_nothing_and_says_so() -> None:
    named("甲")
    request = asked("?state=broken")

    page = answered(request)

    assert "没有符合条件的记录" in page
    assert list(request._messages) == ["没有“broken”这个筛选条件，因此没有列出任何记录。"]


def test_empty_list_says_what_to_do() -> None:
    assert "先建一个。" in answered(asked())


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("name", ("name",)), ("-name", ("-name",)), ("username", ()), ("nothing", ()), ("", ())],
)
def test_sort_uses_fields_of_sortable_columns_only(sort: str, expected: tuple[str, ...]) -> None:
    assert read_request(asked(f"?sort={sort}"), LISTING).order == expected


def test_order_ends_with_the_primary_key() -> None:
    first, second = named("同名", "同名")

    page = answered(asked("?sort=-name"))

    assert page.index(f"/u/{first.pk}/") < page.index(f"/u/{second.pk}/")


def test_links_keep_what_else_was_asked() -> None:
    named("甲", "乙", "丙")

    page = answered(asked("?at=2026-01-01&state=on&q=%E7%94%B2"))

    assert 'name="at" value="2026-01-01" form="list-form"' in page
    assert "at=2026-01-01&amp;state=on&amp;q=%E7%94%B2&amp;sort=name" in page
    assert "?at=2026-01-01&amp;q=%E7%94%B2" in page  # the chip that drops the state


def test_htmx_gets_the_fragment_only() -> None:
    named("甲")

    assert "<html" not in answered(asked(htmx=True))


def test_markup_in_a_value_is_escaped() -> None:
    named("<b>粗</b>")

    assert "&lt;b&gt;粗&lt;/b&gt;" in answered(asked())


def exported(query: str, viewer: Viewer = OFFICE) -> openpyxl.Workbook:
    response = list_response(asked(f"?export=xlsx{query}", viewer=viewer), LISTING, users())
    return openpyxl.load_workbook(io.BytesIO(b"".join(response)))


def test_workbook_holds_every_row_of_the_filtered_list() -> None:
    off, _, _, _ = named("甲", "乙", "丙", "=1+1")
    User.objects.filter(pk=off.pk).update(is_active=False)

    rows = list(exported("&state=on")["账号表"].values)

    assert rows[0] == ("姓名", "登录名", "编号")
    assert [row[0] for row in rows[1:]][:2] == ["乙", "丙"]
    assert (len(rows), str(rows[3][0]).endswith("=1+1")) == (4, True)


def test_workbook_says_who_took_it_and_under_which_conditions() -> None:
    named("甲")

    notice = {row[0]: row[1] for row in exported("&state=on&at=2026-03-05")["说明"].values}

    assert (notice["导出人"], notice["行数"]) == ("测试用户", "1")
    assert (notice["条件：状态"], notice["条件：资料日期"]) == ("可用", "2026-03-05")


def test_export_is_audited_without_values() -> None:
    named("甲")

    exported("&q=甲")

    entry = AuditEntry.objects.get(action="list.export")
    assert entry.details == {"list": "账号表", "rows": 1, "conditions": ["搜索"]}


def test_export_needs_its_permission() -> None:
    with pytest.raises(NotAllowed):
        exported("", viewer=viewer_for(Role.OWNER))


def test_export_button_is_for_those_who_may() -> None:
    named("甲")

    assert "导出 Excel" in answered(asked())
    assert "导出 Excel" not in answered(asked(viewer=viewer_for(Role.OWNER)))


def queries_of(ask: Callable[[], HttpResponse | str]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask()
    return len(captured)


def test_three_rows_take_as_many_queries_as_one() -> None:
    named("甲")
    one = queries_of(lambda: answered(asked()))
    named("乙", "丙")

    assert queries_of(lambda: answered(asked())) == one == 3  # how many, which, and what they tell


@pytest.mark.parametrize(
    ("text", "is_short"),
    [
        ("微型", True),
        ("2026-03-05", True),
        ("注销、吊销或迁出", True),
        ("示例区安途快餐有限公司", False),
    ],
)
def test_cell_keeps_short_words_on_one_line(text: str, is_short: bool) -> None:
    assert Cell(LISTING.columns[0], text, None).is_short is is_short


def test_list_marks_short_cells_only() -> None:
    named("丁一", "示例区名字特别长的一位经办同志")

    page = answered(asked())

    assert page.count('class="is-short"><a href="/u/') == 1
    assert page.count('class=""><a href="/u/') == 1
