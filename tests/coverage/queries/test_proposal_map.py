"""A proposal on the map: stars, hosts, units and who is left out, small enough to send whole."""

import json

import pytest

from liangxin.coverage.models import BranchProposal, ProposedGroup, ProposedUnit
from liangxin.coverage.queries.proposal_map import proposal_map
from liangxin.coverage.terms import GroupMode, LeftOutCode
from tests.factories import registry
from tests.factories.plans import (
    LAT,
    LON,
    make_candidate,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


def test_proposal_map_shows_the_units_of_each_host() -> None:
    proposal = make_proposal()
    street = registry.make_area()
    firms = [make_candidate(street=street, north_m=metres) for metres in (0.0, 100.0, 200.0)]
    make_group(proposal, firms, mode=GroupMode.STREET)

    shown = proposal_map(office(), proposal)

    (points,) = shown["units"]["features"]
    ends = [[LON, round(firm.lat or 0, 5)] for firm in firms[1:]]
    assert points["properties"] == {"group": 1}
    assert points["geometry"] == {"type": "MultiPoint", "coordinates": ends}
    assert shown["modes"]["street"] == "区域联建"


def test_proposal_map_shows_hosts_with_their_group() -> None:
    proposal = make_proposal()
    firms = [make_candidate(name="牵头测试公司", members=2), make_candidate()]
    make_group(proposal, firms)

    (host,) = proposal_map(office(), proposal)["hosts"]["features"]

    assert host["properties"] == {
        "group": 1,
        "name": "牵头测试公司",
        "units": 2,
        "members": 3,
        "mode": "street",
        "streets": sorted(firm.street_id or 0 for firm in firms),
    }
    assert host["geometry"] == {"type": "Point", "coordinates": [LON, LAT]}


def test_proposal_map_shows_who_is_left_out_and_why() -> None:
    proposal = make_proposal()
    firm = make_candidate(name="甲测试公司")
    make_left_out(proposal, firm, code=LeftOutCode.TOO_FAR)
    make_left_out(proposal, code=LeftOutCode.NO_POSITION)

    shown = proposal_map(office(), proposal)

    (one,) = shown["left_out"]["features"]
    assert one["properties"] == {
        "name": "甲测试公司",
        "code": "too_far",
        "street": firm.street_id,
    }
    assert shown["reasons"]["too_far"] == "路程过远"


def test_proposal_map_stays_within_the_scope() -> None:
    mine = registry.make_area()
    proposal = make_proposal()
    make_group(proposal)
    make_group(proposal, street=mine)
    make_left_out(proposal)

    shown = proposal_map(officer_of(mine), proposal)

    assert [one["properties"]["group"] for one in shown["hosts"]["features"]] == [2]
    assert shown["left_out"]["features"] == []


def test_proposal_map_takes_four_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    proposal = make_proposal()
    for _ in range(3):
        make_group(proposal)
        make_left_out(proposal)
        with django_assert_num_queries(4):
            proposal_map(office(), proposal)


def test_proposal_map_of_five_thousand_units_stays_below_a_megabyte() -> None:
    proposal = make_proposal()
    _make_many(proposal, groups=1600, size=3)
    _make_left_out(proposal, number=200)

    text = json.dumps(proposal_map(office(), proposal))

    assert len(text.encode()) < 1_000_000


def _make_many(proposal: BranchProposal, *, groups: int, size: int) -> None:
    firm = registry.make_organisation().organisation
    keys = iter(_identities(groups * size))
    made = ProposedGroup.objects.bulk_create(
        ProposedGroup(
            proposal=proposal,
            number=number,
            host=firm,
            mode=GroupMode.STREET,
            units_count=size,
            members=size,
            to_transfer=0,
            cost_mm=1.0,
            longest_way_m=1.0,
            reason="同街道。",
        )
        for number in range(1, groups + 1)
    )
    ProposedUnit.objects.bulk_create(
        ProposedUnit(
            proposal=proposal,
            group=group,
            organisation_id=next(keys),
            is_host=place == 0,
            mode=GroupMode.STREET,
            way_m=1.0,
            name="某某市某某区测试科技发展有限公司",
            lon=LON + place / 777,
            lat=LAT + group.number / 7777,
            members=1,
            to_transfer=0,
        )
        for group in made
        for place in range(size)
    )


def _make_left_out(proposal: BranchProposal, *, number: int) -> None:
    proposal.left_out.bulk_create(
        proposal.left_out.model(
            proposal=proposal,
            organisation_id=key,
            code=LeftOutCode.TOO_FEW_NEAR,
            text="附近没有。",
            name="某某市某某区测试科技发展有限公司",
            lon=LON + 1 / 777,
            lat=LAT + key / 77777,
            members=1,
        )
        for key in _identities(number)
    )


def _identities(number: int) -> list[int]:
    model = type(registry.make_organisation_identity())
    provenance = registry.make_provenance()
    made = model.objects.bulk_create(model(provenance=provenance) for _ in range(number))
    return [one.pk for one in made]
