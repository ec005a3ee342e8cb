from liangxin.registry.queries.alike import Compared, organisation_pairs, person_pairs
from liangxin.registry.terms import LikenessKind

LIMITS = {"max_alike": 3, "min_strength": 3}


def test_pairs_share_a_core_name() -> None:
    one = Compared(1, "示例有限公司", core="示例", street_id=5)
    other = Compared(2, "示例公司", core="示例", street_id=5)
    (pair,) = organisation_pairs([other, one], **LIMITS)
    assert (pair.first, pair.second, pair.evidence) == (one, other, {LikenessKind.CORE_NAME})
    assert pair.strength == 4


def test_two_codes_are_two_unless_name_and_street_agree() -> None:
    near = [Compared(n, "示例", core="示例", street_id=5, code=str(n)) for n in (1, 2)]
    far = [Compared(n, "示例", core="示例", street_id=n, code=str(n)) for n in (1, 2)]
    same_place = [Compared(n, f"甲{n}", place="路/人", phone="1", code=str(n)) for n in (1, 2)]
    assert len(organisation_pairs(near, **LIMITS)) == 1
    assert organisation_pairs(far, **LIMITS) == []
    assert organisation_pairs(same_place, **LIMITS) == []


def test_a_telephone_of_many_is_no_evidence() -> None:
    few = [Compared(n, f"甲{n}", phone="1", street_id=5) for n in range(3)]
    many = [Compared(n, f"甲{n}", phone="1", street_id=5) for n in range(4)]
    assert len(organisation_pairs(few, **LIMITS)) == 3
    assert organisation_pairs(many, **LIMITS) == []


def test_a_former_name_alone_is_weak() -> None:
    renamed = Compared(1, "新", core="新", former=("旧",))
    bearer = Compared(2, "旧", core="旧")
    assert organisation_pairs([renamed, bearer], **LIMITS) == []
    (pair,) = organisation_pairs([renamed, bearer], max_alike=3, min_strength=2)
    assert pair.evidence == {LikenessKind.FORMER_NAME}


def test_persons_with_two_id_numbers_are_two() -> None:
    twins = [Compared(n, "某甲", phone="1", code=str(n)) for n in (1, 2)]
    assert person_pairs(twins, **LIMITS) == []
    (pair,) = person_pairs(
        [Compared(1, "某甲", phone="1", code="x"), Compared(2, "某甲", phone="1")], **LIMITS
    )
    assert pair.evidence == {LikenessKind.PERSON_PHONE}


def test_changed_facts_change_the_basis() -> None:
    one = Compared(1, "示例", core="示例", street_id=5)
    before = organisation_pairs([one, Compared(2, "示例", core="示例", street_id=5)], **LIMITS)
    after = organisation_pairs(
        [one, Compared(2, "示例", core="示例", street_id=5, phone="1")], **LIMITS
    )
    assert before[0].basis != after[0].basis
