"""Adopting groups: each whole or not at all, and the reason where not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from liangxin.coverage.actions.adoption import Adoption, adopt_groups
from liangxin.coverage.actions.refusals import (
    AlreadyAdopted,
    BranchGone,
    ChangedMeanwhile,
    FactsChanged,
    NoSuchGroup,
    OutsideScope,
    ProposalNotReady,
    UnitTaken,
)
from liangxin.coverage.models import Consent, Establishment, EstablishmentUnit, ProposedGroup
from liangxin.coverage.queries.changed_facts import changes_of, fingerprint
from liangxin.coverage.terms import ConsentState, EstablishmentState, GroupMode, ProposalState
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisation,
    PartyOrganisationVersion,
    Provenance,
)
from liangxin.registry.terms import OrganisationStatus, PartyKind
from tests.factories.accounts import make_user, viewer_for
from tests.factories.plans import DAY, PARAMETERS, make_candidate, make_group, make_proposal
from tests.factories.registry import (
    make_area,
    make_member,
    make_party_organisation,
    make_site,
)
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
TODAY = DAY + timedelta(days=10)


def adopt(
    *groups: ProposedGroup, by: Viewer | None = None, today: date = TODAY, seen: str = ""
) -> Adoption:
    numbers = [group.number for group in groups]
    return adopt_groups(
        groups[0].proposal, numbers, by=by or office(), today=today, seen_changes=seen
    )


def refusal(*groups: ProposedGroup, by: Viewer | None = None, seen: str = "") -> Exception:
    (refused,) = adopt(*groups, by=by, seen=seen).refused
    assert refused.text == str(refused.error)
    return refused.error


def test_adopted_group_becomes_a_proposed_joint_branch() -> None:
    street = make_area("甲街道")
    committee = make_party_organisation(
        "甲街道党工委", kind=PartyKind.WORK_COMMITTEE, street=street
    )
    site = make_site("甲大厦", street=street)
    units = [make_candidate(site=site), make_candidate(site=site, members=2, elsewhere=1)]
    group = make_group(make_proposal(title="甲方案"), units, mode=GroupMode.SITE)
    user = make_user(Role.DISTRICT_OFFICE)

    (made,) = adopt(group, by=viewer_for(Role.DISTRICT_OFFICE, user=user)).adopted

    assert (made.name, made.state, made.street) == (
        "甲大厦联合党支部",
        EstablishmentState.PROPOSED,
        street,
    )
    assert (made.adopted_date, made.adopted_by, made.group) == (TODAY, user, group)
    assert list(
        made.units.values_list("organisation", "is_host", "members", "to_transfer", "is_open")
    ) == [
        (units[0].organisation_id, True, 1, 0, True),
        (units[1].organisation_id, False, 2, 1, True),
    ]
    version = PartyOrganisationVersion.objects.get(party_organisation=made.party_organisation)
    assert (version.name, version.kind, version.valid_from) == (
        "甲大厦联合党支部",
        PartyKind.JOINT_BRANCH,
        TODAY,
    )
    assert (version.parent_id, version.street) == (committee.party_organisation_id, street)
    assert made.party_organisation.founded_date is None
    covered = PartyCoverage.objects.filter(party_organisation=made.party_organisation)
    assert set(covered.values_list("organisation", "valid_from")) == {
        (unit.organisation_id, TODAY) for unit in units
    }
    assert not Consent.objects.exists()


def test_basis_names_plan_rules_sources_and_reason() -> None:
    group = make_group(make_proposal(title="甲方案"))

    (made,) = adopt(group).adopted

    lines = made.basis.splitlines()
    assert lines[0] == "联建方案“甲方案”第1组，按2026年6月1日的台账测算。"
    assert lines[1] == (
        "单独建立党支部所需正式党员数：3 人（《中国共产党章程》第三十条；"
        "《中国共产党支部工作条例（试行）》）。"
    )
    assert "同街道单位间的最远距离：1000 米" in made.basis
    assert "本组3个单位共有正式党员3名，其中0名需转接组织关系" in lines[-2]
    assert lines[-1] == group.reason


def test_basis_names_the_distance_of_the_plan_beside_the_rules() -> None:
    far = replace(PARAMETERS, street_radius_m=1500.0)

    (made,) = adopt(make_group(make_proposal(parameters=far))).adopted

    assert "同街道单位间的最远距离：1500 米（本方案设定，规则为1000米：" in made.basis


def test_adoption_leaves_its_audit_entries_and_moves_no_figure() -> None:
    group = make_group(make_proposal())

    (made,) = adopt(group).adopted

    entries = AuditEntry.objects.order_by("id")
    assert list(entries.values_list("action", "object_key", "changes_ledger")) == [
        ("party_organisation.propose", str(made.party_organisation_id), False),
        ("establishment.adopt", str(made.pk), False),
    ]


def test_names_are_unlike_every_other_in_the_district() -> None:
    street, other = make_area("甲街道"), make_area("乙街道")
    make_party_organisation("甲街道 联合党支部", street=street)
    proposal = make_proposal()
    groups = [make_group(proposal, street=street), make_group(proposal, street=street)]
    groups.append(make_group(proposal, street=other))

    adopted = adopt(*groups).adopted

    assert [made.name for made in adopted] == [
        "甲街道第二联合党支部",
        "甲街道第三联合党支部",
        "乙街道联合党支部",
    ]


def test_parent_is_no_firms_committee_and_none_that_is_dissolved() -> None:
    street = make_area()
    firm = make_candidate(street=street).organisation
    make_party_organisation(kind=PartyKind.COMMITTEE, street=street, covers=(firm,))
    gone = make_party_organisation(kind=PartyKind.WORK_COMMITTEE, street=street)
    PartyOrganisation.objects.filter(pk=gone.party_organisation_id).update(dissolved_date=DAY)

    (made,) = adopt(make_group(make_proposal(), street=street)).adopted

    assert made.party_organisation.versions.get().parent is None


def test_group_for_a_standing_branch_covers_nobody_before_the_founding() -> None:
    street = make_area()
    branch = make_party_organisation("测试老支部", street=street).party_organisation
    units = [make_candidate(street=street)]
    group = make_group(make_proposal(), units, into_branch=branch)

    (made,) = adopt(group, by=officer_of(street)).adopted

    assert (made.joins_branch, made.party_organisation, made.name) == (True, branch, "测试老支部")
    assert not PartyCoverage.objects.filter(party_organisation=branch).exists()
    assert not Consent.objects.exists()


def test_branch_that_is_gone_takes_nobody_in() -> None:
    branch = make_party_organisation().party_organisation
    group = make_group(make_proposal(), [make_candidate()], into_branch=branch)
    PartyOrganisation.objects.filter(pk=branch.pk).update(dissolved_date=TODAY)

    assert isinstance(refusal(group), BranchGone)


def test_group_adopted_before_says_by_whom_and_when() -> None:
    group = make_group(make_proposal())
    viewer = viewer_for(Role.DISTRICT_OFFICE, user=make_user(name="王某"))
    (made,) = adopt(group, by=viewer).adopted

    error = refusal(group)

    assert isinstance(error, AlreadyAdopted)
    assert str(error) == f"这一组已由王某于 {TODAY} 采纳为“{made.name}”，不必再次采纳。"
    assert list(Establishment.objects.all()) == [made]


def test_overlap_is_refused_naming_who_when_and_what_and_the_rest_is_adopted() -> None:
    street = make_area("甲街道")
    shared = make_candidate(street=street, name="共有公司")
    first = make_group(make_proposal(), [shared, make_candidate(street=street, members=2)])
    second = make_proposal()
    overlapping = make_group(second, [make_candidate(street=street, members=2), shared])
    free = make_group(second, street=street)
    adopt(first, by=viewer_for(Role.DISTRICT_OFFICE, user=make_user(name="王某")))

    adoption = adopt(overlapping, free)

    assert [made.group for made in adoption.adopted] == [free]
    (refused,) = adoption.refused
    assert isinstance(refused.error, UnitTaken)
    assert refused.text == f"“共有公司”已由王某于 {TODAY} 列入“甲街道联合党支部”。"


def test_constraint_has_the_last_word_on_units(monkeypatch: pytest.MonkeyPatch) -> None:
    street = make_area()
    shared = make_candidate(street=street)
    adopt(make_group(make_proposal(), [shared, make_candidate(street=street, members=2)]))
    late = make_group(make_proposal(), [make_candidate(street=street, members=2), shared])
    look = "liangxin.coverage.queries.adoption_ground.AdoptionGround.taken"
    monkeypatch.setattr(look, lambda *_: [])
    changed = "liangxin.coverage.queries.adoption_ground.changes_of"
    monkeypatch.setattr(changed, lambda groups, **_: {group.pk: () for group in groups})
    before = PartyOrganisation.objects.count()

    assert isinstance(refusal(late), UnitTaken)
    assert (Establishment.objects.count(), PartyOrganisation.objects.count()) == (1, before)


def test_refused_adoption_tells_the_ledger_nothing() -> None:
    group = make_group(make_proposal())
    before = (Provenance.objects.count(), AuditEntry.objects.count())

    refusal(group, by=officer_of(make_area()))

    assert (Provenance.objects.count(), AuditEntry.objects.count()) == before


def test_blocking_change_refuses_the_group_even_where_it_was_seen() -> None:
    group = make_group(make_proposal())
    unit = group.units.filter(is_host=False).first()
    assert unit is not None
    OrganisationVersion.objects.filter(organisation=unit.organisation).update(
        status=OrganisationStatus.CLOSED
    )
    seen = fingerprint(changes_of([group], at=TODAY)[group.pk])

    error = refusal(group, seen=seen)

    assert isinstance(error, FactsChanged)
    assert f"{unit.name}现在的登记状态是“注销、吊销或迁出”" in str(error)


def test_other_change_has_to_be_seen_first() -> None:
    group = make_group(make_proposal())
    unit = group.units.get(is_host=True)
    make_member(unit.organisation, valid_from=DAY + timedelta(days=1))

    error = refusal(group)
    assert isinstance(error, ChangedMeanwhile)
    assert "正式党员由 1 名变为 2 名" in str(error)
    seen = fingerprint(changes_of([group], at=TODAY)[group.pk])
    (made,) = adopt(group, seen=seen).adopted

    assert made.units.get(is_host=True).members == 2


def test_change_in_one_group_holds_no_other_back() -> None:
    proposal = make_proposal()
    changed, same = make_group(proposal), make_group(proposal)
    make_member(changed.units.get(is_host=True).organisation, valid_from=DAY + timedelta(days=1))

    adoption = adopt(changed, same)

    assert [made.group for made in adoption.adopted] == [same]
    assert [refused.number for refused in adoption.refused] == [changed.number]


def test_adoption_by_another_keeps_what_was_seen_valid() -> None:
    proposal = make_proposal()
    overtaken, changed = make_group(proposal), make_group(proposal)
    make_member(changed.units.get(is_host=True).organisation, valid_from=DAY + timedelta(days=1))
    shown = changes_of([overtaken, changed], at=TODAY)
    seen = fingerprint(change for some in shown.values() for change in some)
    other = make_group(
        make_proposal(), [u.organisation.versions.get() for u in overtaken.units.all()]
    )
    adopt(other)

    adoption = adopt(overtaken, changed, seen=seen)

    assert [made.group for made in adoption.adopted] == [changed]
    assert isinstance(adoption.refused[0].error, UnitTaken)


def test_officer_adopts_where_the_host_is_the_officers() -> None:
    mine, other = make_area(), make_area()
    proposal = make_proposal()
    ours, theirs = make_group(proposal, street=mine), make_group(proposal, street=other)

    adoption = adopt(ours, theirs, by=officer_of(mine))

    assert [made.group for made in adoption.adopted] == [ours]
    assert isinstance(adoption.refused[0].error, OutsideScope)


def test_group_for_a_branch_is_of_whoever_leads_the_branch() -> None:
    street = make_area()
    branch = make_party_organisation(street=make_area()).party_organisation
    group = make_group(make_proposal(), [make_candidate(street=street)], into_branch=branch)

    assert isinstance(refusal(group, by=officer_of(street)), OutsideScope)


def cross_street_group() -> tuple[ProposedGroup, list[int]]:
    units = [make_candidate(members=2), make_candidate(members=2)]
    group = make_group(make_proposal(), units)
    return group, sorted(unit.street_id or 0 for unit in units)


def test_adopter_consents_for_the_own_street_and_the_other_is_asked() -> None:
    group, streets = cross_street_group()
    assert group.street is not None

    (made,) = adopt(group, by=officer_of(group.street)).adopted

    answers = made.consents.values_list("street", "state", "decided_date", "is_by_district")
    assert {row[0]: row[1:] for row in answers} == {
        street: (ConsentState.GIVEN, TODAY, False)
        if street == group.street.pk
        else (ConsentState.WAITING, None, False)
        for street in streets
    }


def test_district_consents_for_every_street() -> None:
    group, streets = cross_street_group()

    (made,) = adopt(group).adopted

    answers = made.consents.values_list("street", "state", "is_by_district").order_by("street")
    assert list(answers) == [(street, ConsentState.GIVEN, True) for street in streets]


def test_officer_of_a_site_consents_for_no_street() -> None:
    site = make_site()
    units = [make_candidate(site=site, members=2), make_candidate(members=2)]
    group = make_group(make_proposal(), units)

    (made,) = adopt(group, by=officer_of(site)).adopted

    assert set(made.consents.values_list("state", flat=True)) == {ConsentState.WAITING}


def test_unknown_number_is_refused() -> None:
    adoption = adopt_groups(make_proposal(), [7], by=office(), today=TODAY, seen_changes="")

    assert [(one.number, type(one.error)) for one in adoption.refused] == [(7, NoSuchGroup)]


@pytest.mark.parametrize("state", [ProposalState.WAITING, ProposalState.FAILED])
def test_unfinished_proposal_is_not_adoptable(state: ProposalState) -> None:
    with pytest.raises(ProposalNotReady):
        adopt_groups(make_proposal(state=state), [1], by=office(), today=TODAY, seen_changes="")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.OWNER, Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_others_may_not_adopt(role: Role) -> None:
    with pytest.raises(NotAllowed):
        adopt(make_group(make_proposal()), by=viewer_for(role))


def test_adoption_asks_little_more_for_three_groups(
    django_assert_max_num_queries: object,
) -> None:
    proposal = make_proposal()
    groups = [make_group(proposal, street=make_area()) for _ in range(3)]

    with django_assert_max_num_queries(85):  # type: ignore[operator]
        adoption = adopt(*groups)

    assert len(adoption.adopted) == 3
    assert EstablishmentUnit.objects.filter(is_open=True).count() == 9
