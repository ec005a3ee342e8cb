"""Whatever the world looks like: merge, undo, and every table is as it was."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from liangxin.registry.actions.merge_undo import undo_merge
from liangxin.registry.models import Organisation, PartyOrganisation, Person, Post
from liangxin.registry.queries.merge_plan import merge_plan
from liangxin.registry.queries.merge_relations import relations
from liangxin.registry.terms import GuideRole, MassKind, MemberStage, PostKind
from tests.factories.merges import TODAY, merge, whole_ledger
from tests.factories.registry import (
    START,
    make_area,
    make_coverage,
    make_employment,
    make_mass_presence,
    make_membership,
    make_organisation,
    make_party_organisation,
    make_person,
    make_post,
    make_posting,
    make_relation,
)
from tests.factories.viewers import office

# When a fact began, and when it ends or ended: long ago, today, and ahead of today.
BEGUN = st.sampled_from([START, TODAY - timedelta(days=1), TODAY])
ENDED = st.sampled_from([None, None, TODAY + timedelta(days=30)])
SIDES = st.sampled_from(["survivor", "absorbed"])


class MergedUnitsTest(TestCase):
    @settings(max_examples=25)
    @given(data=st.data())
    def test_organisations_come_apart_exactly(self, data: st.DataObject) -> None:
        kept, gone = (_unit(data) for _ in range(2))
        branches = [make_party_organisation().party_organisation for _ in range(2)]
        for unit in (kept, gone):
            _facts_of_unit(data, unit, branches)
        assert _comes_apart(data, kept, gone)

    @settings(max_examples=25)
    @given(data=st.data())
    def test_persons_come_apart_exactly(self, data: st.DataObject) -> None:
        kept = make_person("测试甲", id_number=data.draw(st.sampled_from(["", None])))
        gone = make_person("测试甲", id_number=data.draw(st.sampled_from(["", None])), phone="1990")
        units = [make_organisation().organisation for _ in range(2)]
        branches = [make_party_organisation().party_organisation for _ in range(2)]
        for person in (kept, gone):
            _facts_of_person(data, person, units, branches)
        assert _comes_apart(data, kept, gone)


def _comes_apart(
    data: st.DataObject, kept: Organisation | Person, gone: Organisation | Person
) -> bool:
    before = whole_ledger()
    kept, gone = (type(one)._base_manager.get(pk=one.pk) for one in (kept, gone))
    plan = merge_plan(kept, gone, day=TODAY)
    choices = {one.key: data.draw(SIDES) for one in plan.conflicts}
    choices |= {one.code: data.draw(SIDES) for one in plan.fields}
    held = merge(kept, gone, choices=choices)
    assert whole_ledger() != before
    assert _left_behind(gone) == 0
    undo_merge(held, by=office(), now=timezone.now())
    return whole_ledger() == before


def _left_behind(gone: Organisation | Person) -> int:
    """How many rows the absorbed one still has that a merge should have taken along."""
    carried = [one for one in relations(type(gone)) if one.on_merge.is_carried]
    return sum(one.carried(gone.pk, day=TODAY).count() for one in carried)


def _unit(data: st.DataObject) -> Organisation:
    version = make_organisation(
        valid_from=data.draw(BEGUN),
        employees=data.draw(st.sampled_from([None, 5, 9])),
        phone=data.draw(st.sampled_from(["", "05741234567"])),
        established_date=data.draw(st.sampled_from([None, date(2019, 1, 2)])),
        street=make_area(),
    )
    if data.draw(st.booleans()):
        Organisation.objects.filter(pk=version.organisation_id).update(uscc=None)
    return version.organisation


def _facts_of_unit(
    data: st.DataObject, unit: Organisation, branches: list[PartyOrganisation]
) -> None:
    for branch in branches:
        if data.draw(st.booleans()):
            make_coverage(branch, unit, valid_from=data.draw(BEGUN), valid_to=data.draw(ENDED))
    for kind in MassKind:
        if data.draw(st.booleans()):
            make_mass_presence(unit, kind=kind, valid_from=data.draw(BEGUN))
    for _ in range(data.draw(st.integers(0, 2))):
        make_employment(make_person(), unit, valid_from=data.draw(BEGUN), valid_to=data.draw(ENDED))
    if data.draw(st.booleans()):
        make_posting(unit, valid_from=START, valid_to=TODAY - timedelta(days=9))
    if data.draw(st.booleans()):
        make_posting(unit, valid_from=data.draw(BEGUN))


def _facts_of_person(
    data: st.DataObject,
    person: Person,
    units: list[Organisation],
    branches: list[PartyOrganisation],
) -> None:
    if data.draw(st.booleans()):
        make_employment(person, data.draw(st.sampled_from(units)), valid_from=data.draw(BEGUN))
    if data.draw(st.booleans()):
        stage = data.draw(st.sampled_from(MemberStage))
        make_membership(person, stage=stage, valid_from=data.draw(BEGUN))
    if data.draw(st.booleans()):
        held_in = data.draw(st.sampled_from([None, *branches]))
        make_relation(person, held_in=held_in, valid_from=data.draw(BEGUN))
    for unit in units:
        if data.draw(st.booleans()):
            make_posting(unit, person=person, role=GuideRole.LIAISON, valid_from=data.draw(BEGUN))
    if data.draw(st.booleans()):
        make_post(branches[0], person=person, kind=PostKind.SECRETARY, valid_from=data.draw(BEGUN))


@pytest.mark.django_db
def test_two_equal_posts_become_one() -> None:
    kept, gone = make_person("测试甲"), make_person("测试甲")
    branch = make_party_organisation().party_organisation
    make_post(branch, person=kept)
    make_post(branch, person=gone)
    merge(kept, gone)
    assert Post.objects.filter(valid_to__isnull=True).count() == 1
