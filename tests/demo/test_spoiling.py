"""Spoilt rows are wrong in the way they name, and nobody depends on them."""

from datetime import date
from random import Random

import pytest
from stdnum.cn import ric, uscc

from liangxin.demo.facts import District
from liangxin.demo.records import Record, enterprise_records, member_records, party_records
from liangxin.demo.spoiling import Spoiler


def _rows(district: District, kind: str) -> list[Record]:
    rng = Random(1)
    usccs = {e.name: e.uscc for e in district.enterprises}
    usccs |= {s.name: s.uscc for s in district.social_organisations}
    if kind == "members":
        return list(member_records(district.members[:20], usccs=usccs))
    if kind == "party_organisations":
        return list(party_records(district.party_organisations[100:120], usccs=usccs, rng=rng))
    return list(enterprise_records(district.enterprises[:20], is_register=True, rng=rng))


def _spoilt(district: District, kind: str, *, times: int) -> dict[str, list[Record]]:
    spoiler = Spoiler(district, Random(4))
    likes = _rows(district, kind)
    found: dict[str, list[Record]] = {}
    for turn in range(times):
        dirt, records = spoiler.spoil(kind, like=likes[turn % len(likes)])
        found[dirt.code] = records
    return found


@pytest.mark.parametrize("code", ["uscc_check_digit", "uscc_length", "uscc_character"])
def test_spoil_makes_credit_codes_that_an_independent_check_refuses(
    district: District, code: str
) -> None:
    record = _spoilt(district, "enterprises", times=40)[code][0]

    assert not uscc.is_valid(str(record["uscc"]))


def test_spoil_invents_enterprises_that_nobody_knows(district: District) -> None:
    known = {text for e in district.enterprises for text in (e.name, e.uscc) if text}
    found = _spoilt(district, "enterprises", times=40)

    others = [r for code, records in found.items() if code != "duplicate_uscc" for r in records]
    assert [r for r in others if r["name"] in known or r["uscc"] in known] == []


def test_spoil_copies_the_row_above_for_duplicates(district: District) -> None:
    rows = _rows(district, "enterprises")

    assert _spoilt(district, "enterprises", times=40)["duplicate_uscc"][0] in rows


def test_spoil_makes_id_numbers_wrong_in_one_way_each(district: District) -> None:
    found = {c: str(r[0]["id_number"]) for c, r in _spoilt(district, "members", times=40).items()}

    assert found["id_check_digit"][-1] != ric.calc_check_digit(found["id_check_digit"])
    assert len(found["id_length"]) == 17
    assert found["id_birth_date"][10:12] == "13"
    assert found["id_birth_date"][-1] == ric.calc_check_digit(found["id_birth_date"])


def test_spoil_contradicts_dates_and_sex_of_members(district: District) -> None:
    found = _spoilt(district, "members", times=40)

    early, late = found["joined_before_18"][0], found["full_before_joined"][0]
    sexed = found["sex_contradicts_id"][0]
    assert isinstance(early["joined_date"], date)
    assert early["joined_date"].year - int(str(early["id_number"])[6:10]) == 15
    assert isinstance(late["full_date"], date)
    assert isinstance(late["joined_date"], date)
    assert late["full_date"] < late["joined_date"]
    assert (int(str(sexed["id_number"])[16]) % 2 == 1) != (sexed["sex"] == "男")


def test_spoil_closes_a_circle_of_parents(district: District) -> None:
    first, second = _spoilt(district, "party_organisations", times=10)["parent_circle"]

    assert (first["parent"], second["parent"]) == (second["name"], first["name"])
    assert first["name"] != second["name"]
