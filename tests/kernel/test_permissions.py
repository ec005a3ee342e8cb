"""The table of permissions, and the viewer it is asked for."""

import pytest

from liangxin.kernel.permissions import NotAllowed, Permission, may, require, roles_with
from liangxin.kernel.viewer import (
    ROLE_SCOPES,
    ROLE_TITLES,
    STRANGER,
    Held,
    Role,
    Scope,
    ScopeKind,
    Viewer,
)


def holder(role: Role) -> Viewer:
    return Viewer(1, "u", "甲", frozenset({Held(role, Scope(ROLE_SCOPES[role][0], "1"))}))


@pytest.mark.parametrize("permission", Permission)
def test_stranger_may_do_nothing(permission: Permission) -> None:
    assert not may(STRANGER, permission)
    with pytest.raises(NotAllowed):
        require(STRANGER, permission)


@pytest.mark.parametrize("role", [Role.OWNER, Role.INSTRUCTOR, Role.MEMBER, Role.SUBSCRIBER])
def test_roles_outside_the_party_chain_see_no_people(role: Role) -> None:
    assert not may(holder(role), Permission.SEE_PEOPLE)
    assert not holder(role).is_in_party_chain


def test_administrator_sees_accounts_but_no_facts() -> None:
    assert may(holder(Role.ADMINISTRATOR), Permission.MANAGE_USERS)
    assert not may(holder(Role.ADMINISTRATOR), Permission.SEE_LEDGER)
    assert not holder(Role.ADMINISTRATOR).sees_district()


def test_every_permission_is_somebodys() -> None:
    assert all(roles_with(permission) for permission in Permission)


def test_every_role_has_a_title_and_a_scope() -> None:
    assert set(ROLE_TITLES) == set(ROLE_SCOPES) == set(Role)


def test_scopes_are_those_of_the_asked_roles() -> None:
    viewer = Viewer(
        1,
        "u",
        "甲",
        frozenset(
            {
                Held(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, "7")),
                Held(Role.MEMBER, Scope(ScopeKind.OWN_RECORD, "9")),
            }
        ),
    )

    assert viewer.scopes(Role.COMMITTEE_OFFICER) == {Scope(ScopeKind.STREET, "7")}
