import pytest

from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.containing import containing
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["科技", "abc", "ABC", "Abc科", "（滨"])
def test_containing_finds_the_text_in_any_case(text: str) -> None:
    found = make_organisation(name="aBc科技（滨江）有限公司")
    make_organisation(name="甲乙丙有限公司")

    rows = OrganisationVersion.objects.filter(containing("name", text))

    assert [row.organisation_id for row in rows] == [found.organisation_id]


def test_containing_takes_signs_of_patterns_literally() -> None:
    make_organisation(name="百分之百有限公司")

    assert not OrganisationVersion.objects.filter(containing("name", "%")).exists()
    assert not OrganisationVersion.objects.filter(containing("name", "_")).exists()
