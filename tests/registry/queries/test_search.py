"""The search: every way to type a name, and nothing beyond the viewer's scope."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.searching import rebuild_search_index
from liangxin.registry.models import OrganisationVersion, Post
from liangxin.registry.queries import search_pending
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.queries.search import Found, Hit, search
from liangxin.registry.terms import OrganisationStatus, PostKind, Searched
from tests.factories import registry
from tests.factories.viewers import (
    administrator,
    instructor,
    office,
    officer_of,
    owner_of,
    secretary_of,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


@pytest.fixture(params=["indexed", "not indexed yet"])
def ready(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Whether the ledger stands in the index or was told after it: the answers must be the same."""
    rebuild_search_index(at=TODAY, progress=Progress())

    def prepare() -> None:
        if request.param == "indexed":
            rebuild_search_index(at=TODAY, progress=Progress())

    return prepare


def found(
    text: str, *, viewer: Viewer | None = None, kind: Searched = Searched.ORGANISATION
) -> Found:
    answers = search(viewer or office(), text, at=TODAY, limit=20)
    return next((one for one in answers if one.kind == kind), Found(kind, ()))


def names(
    text: str, *, viewer: Viewer | None = None, kind: Searched = Searched.ORGANISATION
) -> list[str]:
    return [hit.document.name for hit in found(text, viewer=viewer, kind=kind).hits]


def only(text: str) -> Hit:
    (hit,) = found(text).hits
    return hit


@pytest.mark.parametrize(
    "text",
    [
        "恒",
        "恒信",
        "恒信天河",
        "hx",
        "HXTHKJ",
        "hengxin",
        "hengx",
        "hx天河",
        "恒信 科技",
        "kj 天河",
    ],
)
def test_search_finds_a_name_as_people_type_it(text: str, ready: Callable[[], None]) -> None:
    registry.make_organisation(name="恒信（天河）科技有限公司")
    registry.make_organisation(name="远大商贸有限公司")
    ready()

    assert names(text) == ["恒信（天河）科技有限公司"]


def test_search_reads_polyphones_by_words(ready: Callable[[], None]) -> None:
    registry.make_organisation(name="重庆银行服务中心")
    ready()

    assert (names("cqyh"), names("chongqingyinhang"), names("zqyx")) == (
        ["重庆银行服务中心"],
        ["重庆银行服务中心"],
        [],
    )


def test_search_finds_a_credit_code_from_four_characters_and_by_its_ending(
    ready: Callable[[], None],
) -> None:
    version = registry.make_organisation(name="甲公司")
    registry.make_party_organisation("乙党支部")
    ready()
    code = str(version.organisation.uscc)

    assert [names(part) for part in (code, code[:4], code[-6:].lower(), code[:3])] == [
        ["甲公司"],
        ["甲公司"],
        ["甲公司"],
        [],
    ]


def test_search_finds_a_former_name_and_tells_it(ready: Callable[[], None]) -> None:
    now = registry.make_organisation(name="新名科技有限公司", valid_from=TODAY - timedelta(days=5))
    registry.make_organisation_version(
        now.organisation, name="旧号商行", valid_to=TODAY - timedelta(days=5)
    )
    ready()

    hit = only("旧号")
    assert (hit.document.name, hit.former, hit.marked) == ("新名科技有限公司", "旧号商行", ())
    assert only("jhsh").former == "旧号商行"


def test_search_finds_legal_representative_and_address(ready: Callable[[], None]) -> None:
    registry.make_organisation(name="甲公司", legal_representative="欧阳修", address="文昌路8号")
    ready()

    assert (names("欧阳"), names("oyx"), names("文昌路8"), names("文昌路9")) == (
        ["甲公司"],
        ["甲公司"],
        ["甲公司"],
        [],
    )


def test_search_orders_whole_name_then_beginning_then_shorter_operating_before_closed(
    ready: Callable[[], None],
) -> None:
    for name in ("江南恒信", "恒信商贸有限公司", "恒信商贸", "恒信", "大恒信公司"):
        registry.make_organisation(name=name)
    registry.make_organisation(name="恒信老店", status=OrganisationStatus.CLOSED)
    ready()

    assert names("恒信") == [
        "恒信",
        "恒信商贸",
        "恒信商贸有限公司",
        "恒信老店",
        "江南恒信",
        "大恒信公司",
    ]


def test_search_leads_from_an_absorbed_one_to_the_survivor(ready: Callable[[], None]) -> None:
    survivor = registry.make_organisation(name="留存公司")
    absorbed = registry.make_organisation(name="并入商行")
    OrganisationVersion.objects.filter(pk=absorbed.pk).update(
        valid_to=TODAY, ended_by=registry.make_provenance()
    )
    absorbed.organisation.merged_into = survivor.organisation
    absorbed.organisation.save()
    ready()

    hit = only("并入商行")
    assert (hit.document.key, hit.former) == (survivor.organisation_id, "并入商行")


def test_search_limits_each_kind_and_says_that_there_is_more(ready: Callable[[], None]) -> None:
    for number in range(4):
        registry.make_organisation(name=f"恒信{number}号店")
    ready()

    (answer,) = (one for one in search(office(), "恒信", at=TODAY, limit=3) if one.hits)
    assert (len(answer.hits), answer.has_more) == (3, True)


def test_search_never_shows_what_lies_outside_the_scope(ready: Callable[[], None]) -> None:
    here, there = registry.make_site("恒信大厦"), registry.make_site("恒信广场")
    inside = registry.make_organisation(name="恒信甲", site=here, industry_code="3911")
    outside = registry.make_organisation(name="恒信乙", site=there, industry_code="5111")
    branch = registry.make_party_organisation("恒信党支部", covers=(inside.organisation,))
    registry.make_party_organisation("恒信别党支部", covers=(outside.organisation,))
    guide = registry.make_posting(inside.organisation).person
    ready()

    for viewer in (
        officer_of(here.street),
        officer_of(here),
        officer_of("39"),
        secretary_of(branch.party_organisation),
        instructor(guide),
        owner_of(inside.organisation),
    ):
        assert names("恒信", viewer=viewer) == ["恒信甲"]
        assert names("hx", viewer=viewer, kind=Searched.PARTY) == ["恒信党支部"]
        assert names("hx", viewer=viewer, kind=Searched.SITE) == ["恒信大厦"]


def test_search_shows_members_to_the_party_chain_in_scope_alone(ready: Callable[[], None]) -> None:
    inside, outside = (registry.make_organisation(name=name) for name in ("甲", "乙"))
    branch = registry.make_party_organisation("甲支部", covers=(inside.organisation,))
    registry.make_member(inside.organisation, name="欧阳甲", held_in=branch.party_organisation)
    registry.make_member(outside.organisation, name="欧阳乙")
    guide = registry.make_posting(inside.organisation).person
    ready()
    assert inside.street is not None

    def seen(viewer: Viewer) -> list[str]:
        return names("欧阳", viewer=viewer, kind=Searched.MEMBER)

    assert seen(office()) == ["欧阳乙", "欧阳甲"]
    assert seen(officer_of(inside.street)) == ["欧阳甲"]
    assert seen(secretary_of(branch.party_organisation)) == ["欧阳甲"]
    for viewer in (instructor(guide), owner_of(inside.organisation), administrator()):
        assert seen(viewer) == []


def test_search_finds_a_secretary_only_for_those_who_lead_the_branch(
    ready: Callable[[], None],
) -> None:
    unit = registry.make_organisation(name="甲")
    version = registry.make_party_organisation("甲支部", covers=(unit.organisation,))
    Post.objects.create(
        party_organisation=version.party_organisation,
        kind=PostKind.SECRETARY,
        person_name="诸葛亮",
        valid_from=registry.START,
        recorded_at=version.recorded_at,
        provenance=version.provenance,
    )
    ready()

    def seen(viewer: Viewer) -> list[str]:
        return names("诸葛", viewer=viewer, kind=Searched.PARTY)

    assert seen(office()) == ["甲支部"]
    assert seen(secretary_of(version.party_organisation)) == ["甲支部"]
    assert seen(owner_of(unit.organisation)) == []


def test_search_finds_what_an_index_holds_by_an_older_name() -> None:
    version = registry.make_organisation(name="原来的名字")
    rebuild_search_index(at=TODAY, progress=Progress())
    OrganisationVersion.objects.filter(pk=version.pk).update(
        name="后来的名字", provenance=registry.make_provenance()
    )

    assert (names("后来"), names("原来")) == (["后来的名字"], [])


def test_search_compares_names_alone_where_very_many_are_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("liangxin.registry.queries.search.MAX_PENDING", 1)
    monkeypatch.setattr(search_pending, "MAX_PENDING", 1)
    for name in ("恒信甲", "恒信乙", "别家"):
        registry.make_organisation(name=name)

    answer = found("恒信")
    assert ([hit.document.name for hit in answer.hits], answer.is_partial) == (
        ["恒信乙", "恒信甲"],
        True,
    )


def test_search_asks_once_what_the_index_does_not_hold_yet() -> None:
    registry.make_organisation(name="甲乙科技有限公司")
    rebuild_search_index(at=TODAY, progress=Progress())
    with CaptureQueriesContext(connection) as first:
        before = names("科技")
    with CaptureQueriesContext(connection) as second:
        again = names("科技")
    registry.make_organisation(name="丙丁科技有限公司")

    assert before == again == ["甲乙科技有限公司"]
    assert len(second) <= len(first) - 10
    assert sorted(names("科技")) == ["丙丁科技有限公司", "甲乙科技有限公司"]


@pytest.mark.parametrize("text", ["", "  ", "（）", "%", "_", "'"])
def test_search_of_nothing_finds_nothing(text: str) -> None:
    registry.make_organisation(name="恒信")

    assert search(office(), text, at=TODAY, limit=5) == ()


@pytest.mark.parametrize("text", ["旧号", "jhsh", "新名 有限", "xinming"])
def test_organisation_search_narrows_a_list_by_names_of_any_time(
    text: str, ready: Callable[[], None]
) -> None:
    now = registry.make_organisation(name="新名科技有限公司", valid_from=TODAY - timedelta(days=5))
    registry.make_organisation_version(
        now.organisation, name="旧号商行", valid_to=TODAY - timedelta(days=5)
    )
    registry.make_organisation(name="别家有限公司")
    ready()

    found = OrganisationVersion.objects.filter(organisation_search(text), valid_to__isnull=True)
    assert list(found) == [now]


def test_organisation_search_leaves_very_common_words_to_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("liangxin.registry.queries.organisations.MAX_COMPARED", 1)
    for name in ("恒信甲公司", "恒信乙公司", "别家"):
        registry.make_organisation(name=name)
    rebuild_search_index(at=TODAY, progress=Progress())

    found = OrganisationVersion.objects.filter(organisation_search("恒信 公司"))
    assert found.count() == 2
