import pytest

from liangxin.accounts.actions import (
    OwnAccount,
    UsernameTaken,
    change_own_password,
    create_user,
    deactivate_user,
    new_password,
    reactivate_user,
    reset_password,
)
from liangxin.kernel.models import AuditEntry, User
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role
from tests.factories.accounts import make_user, viewer_for

pytestmark = pytest.mark.django_db
ADMINISTRATOR = viewer_for(Role.ADMINISTRATOR)


def test_create_user_makes_an_account_that_can_log_in() -> None:
    user = create_user(username="zhou", name="周启", password="abc-def-ghi", by=ADMINISTRATOR)

    assert (user.check_password("abc-def-ghi"), user.is_active) == (True, True)
    assert AuditEntry.objects.get().summary == "建立账号 zhou（周启）"


def test_create_user_refuses_a_taken_name_whatever_its_case() -> None:
    make_user(username="zhou")

    with pytest.raises(UsernameTaken):
        create_user(username="Zhou", name="周启", password="x", by=ADMINISTRATOR)

    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_accounts_are_the_administrator_s_business_alone(role: Role) -> None:
    user, by = make_user(), viewer_for(role)

    with pytest.raises(NotAllowed):
        create_user(username="new", name="新", password="x", by=by)
    with pytest.raises(NotAllowed):
        deactivate_user(user, by=by)
    with pytest.raises(NotAllowed):
        reactivate_user(user, by=by)
    with pytest.raises(NotAllowed):
        reset_password(user, by=by)
    assert (User.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_deactivate_and_reactivate_switch_the_account_and_leave_entries() -> None:
    user = make_user()

    deactivate_user(user, by=ADMINISTRATOR)
    deactivate_user(user, by=ADMINISTRATOR)
    assert User.objects.get(pk=user.pk).is_active is False

    reactivate_user(user, by=ADMINISTRATOR)
    assert User.objects.get(pk=user.pk).is_active is True
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["user.deactivate", "user.reactivate"]


def test_deactivate_user_refuses_one_s_own_account() -> None:
    user = make_user(Role.ADMINISTRATOR)

    with pytest.raises(OwnAccount):
        deactivate_user(user, by=viewer_for(Role.ADMINISTRATOR, user=user))


def test_reset_password_sets_what_it_returns_and_records_nothing_of_it() -> None:
    user = make_user()

    password = reset_password(user, by=ADMINISTRATOR)

    assert User.objects.get(pk=user.pk).check_password(password)
    entry = AuditEntry.objects.get()
    assert password not in f"{entry.summary}{entry.details}"


def test_new_password_is_long_and_readable() -> None:
    passwords = {new_password() for _ in range(50)}

    assert len(passwords) == 50
    assert {len(one.replace("-", "")) for one in passwords} == {16}
    assert not set("".join(passwords)) & set("01lo")


def test_change_own_password_is_for_its_owner() -> None:
    user = make_user()

    with pytest.raises(NotAllowed):
        change_own_password(user, new="another-password", by=ADMINISTRATOR)
    change_own_password(user, new="another-password", by=viewer_for(Role.MEMBER, user=user))

    assert User.objects.get(pk=user.pk).check_password("another-password")
