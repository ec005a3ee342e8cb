"""What a request says: from whom, to whom, for which branches, on which rules."""

import pytest

from liangxin.coverage.queries.establishments import establishments, request_facts
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role
from liangxin.registry.models import Area, PartyOrganisation
from liangxin.registry.terms import PartyKind
from tests.factories.accounts import viewer_for
from tests.factories.plans import (
    ADOPTED,
    DAY,
    make_candidate,
    make_establishment,
    make_group,
    make_proposal,
)
from tests.factories.registry import make_area, make_party_organisation
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db


def district_committee() -> PartyOrganisation:
    top = make_party_organisation("区两新组织工作委员会", kind=PartyKind.WORK_COMMITTEE)
    return top.party_organisation


def street_under(top: PartyOrganisation, name: str) -> Area:
    street = make_area(name)
    make_party_organisation(
        f"{name}工作委员会", kind=PartyKind.WORK_COMMITTEE, street=street, parent=top
    )
    return street


def test_request_of_one_street_goes_from_its_committee_to_the_one_above() -> None:
    street = street_under(district_committee(), "甲街道")
    units = [
        make_candidate(street=street, name="甲公司"),
        make_candidate(street=street, name="乙公司", members=2, elsewhere=1),
    ]
    made = make_establishment(make_group(make_proposal(title="甲方案"), units))

    facts = request_facts(office(), list(establishments(office())))

    assert (facts.sender, facts.recipient) == ("甲街道工作委员会", "区两新组织工作委员会")
    (branch,) = facts.branches
    assert (branch.name, branch.parent, branch.host) == (made.name, "甲街道工作委员会", "甲公司")
    assert [(u.name, u.street, u.members, u.to_transfer) for u in branch.units] == [
        ("甲公司", "甲街道", 1, 0),
        ("乙公司", "甲街道", 2, 1),
    ]
    assert (facts.units_count, facts.members, facts.to_transfer) == (2, 3, 1)
    assert (branch.proposal_title, branch.ledger_date, branch.adopted_date) == (
        "甲方案",
        DAY,
        ADOPTED,
    )
    assert branch.reason == made.group.reason  # type: ignore[union-attr]
    assert [rule.code for rule in facts.rules] == [
        "branch.min_full_members",
        "joint_branch.max_units",
        "joint_branch.principles",
        "joint_branch.street_radius_m",
    ]
    assert facts.rules[0].source == "《中国共产党章程》第三十条；《中国共产党支部工作条例（试行）》"


def test_request_of_several_streets_comes_from_the_committee_above_them() -> None:
    top = district_committee()
    for name in ("甲街道", "乙街道"):
        make_establishment(make_group(make_proposal(), street=street_under(top, name)))

    facts = request_facts(office(), list(establishments(office())))

    assert (facts.sender, facts.recipient) == ("区两新组织工作委员会", "")
    assert len(facts.branches) == 2


def test_request_without_committees_in_the_ledger_names_the_street() -> None:
    make_establishment(make_group(make_proposal(), street=make_area("甲街道")))

    facts = request_facts(office(), list(establishments(office())))

    assert (facts.sender, facts.recipient) == ("甲街道党工委", "区委社会工作部（两新工委）")


def test_request_tells_how_the_streets_answered() -> None:
    here, there = make_area("甲街道"), make_area("乙街道")
    units = [make_candidate(street=here, members=2), make_candidate(street=there, members=2)]
    make_establishment(make_group(make_proposal(), units))

    facts = request_facts(office(), list(establishments(office())))

    assert facts.branches[0].consents == (
        f"甲街道：同意（区级代为答复）（{ADOPTED}）",
        f"乙街道：同意（区级代为答复）（{ADOPTED}）",
    )


def test_others_may_not_ask() -> None:
    made = make_establishment()

    with pytest.raises(NotAllowed):
        request_facts(viewer_for(Role.SECRETARY), [made])
