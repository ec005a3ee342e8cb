"""The guide for the people of the office: nothing it links is missing, nothing in it is out of date."""

import re
import runpy
from pathlib import Path

import pytest

from liangxin.coverage.queries import coverage_table
from liangxin.coverage.terms import Base
from liangxin.kernel.viewer import SYSTEM, Role
from liangxin.registry.terms import MassKind, OrganisationKind, OrganisationStatus, PartyKind
from liangxin.rulebook import rule
from tests.architecture.source_tree import ROOT
from tests.factories.coverage import DAY
from tests.factories.registry import (
    make_mass_presence,
    make_organisation,
    make_party_organisation,
    make_posting,
)

GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
ROLE_PAGES = {
    Role.DISTRICT_OFFICE: "office.md",
    Role.COMMITTEE_OFFICER: "officer.md",
    Role.SECRETARY: "secretary.md",
    Role.INSTRUCTOR: "instructor.md",
    Role.OWNER: "owner.md",
    Role.MEMBER: "member.md",
    Role.SUBSCRIBER: "subscriber.md",
    Role.ADMINISTRATOR: "admin.md",
}
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COVERAGE_RULES = (
    "coverage.base",
    "coverage.organisation_numerator",
    "coverage.count_branch_offices",
    "coverage.count_sole_traders",
    "coverage.work_means",
    "san_you.min_employees",
    "branch.min_full_members",
    "employees.should_have_member",
    "employees.should_have_organisation",
    "people.small_count_floor",
)
MOST_BYTES_OF_IMAGES = 3_000_000


def links(page: Path) -> set[Path]:
    """The files that a page links or shows; addresses of other hosts are left out."""
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in targets if "://" not in target}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_links_what_exists(page: Path) -> None:
    assert [str(target) for target in sorted(links(page)) if not target.exists()] == []


def test_every_picture_is_shown() -> None:
    shown = set().union(*map(links, PAGES))

    assert set(GUIDE.joinpath("images").iterdir()) - shown == set()


def test_pictures_stay_small() -> None:
    sizes = [path.stat().st_size for path in GUIDE.joinpath("images").iterdir()]

    assert 0 < sum(sizes) <= MOST_BYTES_OF_IMAGES


@pytest.mark.parametrize("role", Role)
def test_role_has_a_page_in_the_index(role: Role) -> None:
    assert GUIDE / ROLE_PAGES[role] in links(GUIDE / "README.md")


def test_every_page_is_in_the_index() -> None:
    assert set(PAGES) - links(GUIDE / "README.md") == {GUIDE / "README.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_with_pictures_says_that_they_are_made_up(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert "![" not in text or "演示数据" in text or "都是虚构的" in text


def test_columns_of_lists_are_those_that_are_read() -> None:
    script = runpy.run_path(str(GUIDE / "write_columns.py"))
    page = GUIDE.joinpath("importing.md").read_text(encoding="utf-8")

    assert page == script["rewritten"](page), "run: python docs/guide/write_columns.py"


@pytest.mark.parametrize("code", COVERAGE_RULES)
def test_rule_of_coverage_is_named_as_it_is_titled(code: str) -> None:
    page = GUIDE.joinpath("coverage.md").read_text(encoding="utf-8")

    assert rule(code, at=DAY).title in page


def make_worked_example() -> None:
    """The twelve organisations that coverage.md counts."""
    alone, joint, with_it, guided, unionised, *_ = (make_organisation() for _ in range(8))
    make_party_organisation(covers=(alone.organisation,))
    units = (joint.organisation, with_it.organisation)
    make_party_organisation(kind=PartyKind.JOINT_BRANCH, covers=units)
    make_posting(guided.organisation)
    make_mass_presence(unionised.organisation, kind=MassKind.UNION)
    make_organisation(kind=OrganisationKind.BRANCH_OFFICE)
    make_organisation(kind=OrganisationKind.INDIVIDUAL_BUSINESS)
    make_organisation(status=OrganisationStatus.CLOSED)
    make_organisation(status=OrganisationStatus.UNKNOWN)


@pytest.mark.django_db
def test_worked_example_is_what_the_system_counts() -> None:
    make_worked_example()
    total = coverage_table(SYSTEM, at=DAY, base=Base()).total
    shares = (
        ("组织覆盖率", total.organisation_share),
        ("单独组建率", total.single_share),
        ("工作覆盖率", total.work_share),
        ("任一覆盖率", total.either_share),
    )
    told = [f"{name} {one.count}÷{one.base_count}＝{one.value:.1%}" for name, one in shares]
    told += [f"均未覆盖 {total.gap} 家", f"状态不明 {total.unknown} 家"]
    page = GUIDE.joinpath("coverage.md").read_text(encoding="utf-8")

    assert [sentence for sentence in told if sentence not in page] == []
