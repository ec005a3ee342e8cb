from datetime import date

import pytest

from liangxin.registry.models import Area, OrganisationVersion
from liangxin.registry.queries.likeness import (
    AskedOrganisation,
    Likeness,
    PersonLikeness,
    likeness,
    person_likeness,
)
from liangxin.standards.organisation_names import core_name
from tests.factories.merges import merge
from tests.factories.registry import (
    make_area,
    make_member,
    make_organisation,
    make_organisation_version,
    next_id_number,
)
from tests.factories.viewers import officer_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


@pytest.fixture
def street() -> Area:
    return make_area()


def known(street: Area, name: str, **facts: object) -> OrganisationVersion:
    return make_organisation(street=street, name=name, name_core=core_name(name), **facts)


def asked(street: Area, **told: object) -> Likeness:
    typed = AskedOrganisation(**told)  # type: ignore[arg-type]
    return likeness(officer_of(street), asked=typed, at=TODAY)


def test_likeness_names_a_name_of_another_spelling(street: Area) -> None:
    version = known(street, "示例（孪生）有限公司")
    (one,) = asked(street, name="示例孪生股份有限公司", street_id=street.pk).alike
    assert one.version == version
    assert one.reasons == ("名称只差标点、括号或公司类型字样", "同一街道")


def test_likeness_names_a_former_name(street: Area) -> None:
    old = known(street, "示例旧名有限公司", valid_to=date(2025, 1, 1))
    make_organisation_version(
        old.organisation,
        valid_from=date(2025, 1, 1),
        name="示例新名有限公司",
        name_core="示例新名",
        street=street,
    )
    (one,) = asked(street, name="示例旧名有限公司").alike
    assert one.version.name == "示例新名有限公司"
    assert one.reasons == ("曾用名“示例旧名有限公司”",)


def test_likeness_leads_from_an_absorbed_name_and_code_to_the_survivor(street: Area) -> None:
    kept, gone = known(street, "示例甲有限公司"), known(street, "示例乙有限公司")
    merge(kept.organisation, gone.organisation, today=TODAY)
    (one,) = asked(street, name="示例乙公司").alike
    assert one.version.organisation == kept.organisation
    same = asked(street, uscc=gone.organisation.uscc).same_uscc
    assert same is not None
    assert same.organisation == kept.organisation


def test_likeness_needs_both_address_and_legal_representative(street: Area) -> None:
    known(street, "示例甲有限公司", address="甲路1号（东）", legal_representative="某甲")
    assert asked(street, address="甲路1号东", legal_representative="某甲").alike
    assert not asked(street, address="甲路1号东").alike
    assert not asked(street, address="乙路", legal_representative="某甲").alike


def test_likeness_tells_nothing_of_the_outside_but_a_taken_code(street: Area) -> None:
    outside = known(make_area(), "示例外有限公司", address="甲路1号", legal_representative="某甲")
    found = asked(
        street,
        uscc=outside.organisation.uscc,
        name=outside.name,
        address="甲路1号",
        legal_representative="某甲",
    )
    assert (found.same_uscc, found.alike) == (None, ())
    assert found.is_uscc_taken_elsewhere


def person_asked(street: Area, **told: object) -> PersonLikeness:
    values: dict[str, object] = {"name": "", "id_number": "", "organisation_id": None}
    return person_likeness(officer_of(street), at=TODAY, **(values | told))  # type: ignore[arg-type]


def test_person_likeness_finds_the_id_number_and_the_colleague(street: Area) -> None:
    unit = make_organisation(street=street).organisation
    one = make_member(unit, name="测试甲")
    other = make_member(make_organisation(street=street).organisation, name="测试甲")

    found = person_asked(street, name="测试甲", organisation_id=unit.pk, id_number=other.id_number)

    assert found.same_id == other
    assert [(alike.person, alike.reasons) for alike in found.alike] == [
        (one, ("姓名相同", "同一单位"))
    ]


def test_person_likeness_tells_no_name_of_the_outside(street: Area) -> None:
    outside = make_member(make_organisation().organisation, name="测试外")
    found = person_asked(street, name="测试外", id_number=outside.id_number)
    assert (found.same_id, found.alike, found.is_id_taken_elsewhere) == (None, (), True)


def test_person_likeness_of_a_new_number_is_none(street: Area) -> None:
    assert not person_asked(street, name="测试新", id_number=next_id_number()).is_any
