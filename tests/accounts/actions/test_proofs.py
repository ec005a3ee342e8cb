"""Second factors: each code once, wrong ones counted, nobody else's touched."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from liangxin.accounts.actions.proofs import (
    MOST_FAILURES,
    PAUSE,
    AlreadyOn,
    TooManyCodes,
    WrongCode,
    begin_totp,
    check_code,
    confirm_totp,
    new_recovery_codes,
    remove_totp,
    reset_second_factors,
)
from liangxin.accounts.models import RecoveryCode, Totp
from liangxin.accounts.queries.proofs import has_second_factor
from liangxin.kernel.models import AuditEntry, User
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role
from tests.factories.accounts import make_user, viewer_for

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HALF_MINUTE = timedelta(seconds=30)


def code_at(user: User, moment: datetime) -> str:
    return pyotp.TOTP(Totp.objects.get(user=user).secret).at(moment)


def protected() -> tuple[User, list[str]]:
    """An account with an authenticator app, and its recovery codes."""
    user = make_user(Role.DISTRICT_OFFICE)
    by = viewer_for(Role.DISTRICT_OFFICE, user=user)
    begin_totp(user, by=by)
    return user, confirm_totp(user, code=code_at(user, NOW), now=NOW, by=by)


def test_an_app_counts_only_after_its_first_code() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    by = viewer_for(Role.DISTRICT_OFFICE, user=user)
    begin_totp(user, by=by)
    assert has_second_factor(user) is False

    with pytest.raises(WrongCode):
        confirm_totp(user, code="000000", now=NOW, by=by)
    assert has_second_factor(user) is False

    codes = confirm_totp(user, code=code_at(user, NOW), now=NOW, by=by)
    assert (has_second_factor(user), len(set(codes))) == (True, 10)


def test_the_secret_and_the_codes_are_not_kept_in_the_clear() -> None:
    user, codes = protected()
    secret = Totp.objects.get(user=user).secret
    stored = Totp.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True).get()

    assert secret not in stored
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert [code for code in codes if code.replace("-", "") in kept] == []


def test_a_second_setting_up_needs_the_first_switched_off() -> None:
    user, _ = protected()
    with pytest.raises(AlreadyOn):
        begin_totp(user, by=viewer_for(Role.DISTRICT_OFFICE, user=user))


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_codes_of_a_clock_that_is_a_little_off_are_accepted(drift: int) -> None:
    user, _ = protected()
    later = NOW + timedelta(minutes=5)

    check_code(user, code=code_at(user, later + drift * HALF_MINUTE), now=later)

    assert Totp.objects.get(user=user).failures == 0


def test_a_code_overheard_cannot_be_used_again() -> None:
    user, _ = protected()
    later = NOW + timedelta(minutes=5)
    code = code_at(user, later)
    check_code(user, code=code, now=later)

    with pytest.raises(WrongCode):
        check_code(user, code=code, now=later + timedelta(seconds=5))
    with pytest.raises(WrongCode):
        check_code(user, code=code_at(user, later - HALF_MINUTE), now=later)


def test_the_code_that_set_it_up_does_not_sign_in() -> None:
    user, _ = protected()
    with pytest.raises(WrongCode):
        check_code(user, code=code_at(user, NOW), now=NOW)


def test_too_many_wrong_codes_pause_even_the_right_one() -> None:
    user, _ = protected()
    later = NOW + timedelta(minutes=5)
    for _ in range(MOST_FAILURES - 1):
        with pytest.raises(WrongCode):
            check_code(user, code="000000", now=later)
    with pytest.raises(TooManyCodes):
        check_code(user, code="000000", now=later)
    with pytest.raises(TooManyCodes):
        check_code(user, code=code_at(user, later), now=later)

    after = later + PAUSE
    check_code(user, code=code_at(user, after), now=after)
    assert Totp.objects.get(user=user).locked_until_at is None


def test_a_recovery_code_is_good_once() -> None:
    user, codes = protected()
    check_code(user, code=codes[3].upper(), now=NOW)

    with pytest.raises(WrongCode):
        check_code(user, code=codes[3], now=NOW)
    assert RecoveryCode.objects.filter(user=user, used_at__isnull=True).count() == 9


def test_fresh_recovery_codes_replace_the_old() -> None:
    user, old = protected()
    fresh = new_recovery_codes(user, by=viewer_for(Role.DISTRICT_OFFICE, user=user))

    with pytest.raises(WrongCode):
        check_code(user, code=old[0], now=NOW)
    check_code(user, code=fresh[0], now=NOW)
    assert set(old) & set(fresh) == set()


def test_only_the_owner_sets_up_and_switches_off() -> None:
    user, _ = protected()
    other = viewer_for(Role.ADMINISTRATOR, user=make_user(Role.ADMINISTRATOR))
    for act in (begin_totp, new_recovery_codes, remove_totp):
        with pytest.raises(NotAllowed):
            act(user, by=other)

    assert has_second_factor(user) is True


def test_an_administrator_opens_an_account_whose_phone_is_lost() -> None:
    user, _ = protected()
    with pytest.raises(NotAllowed):
        reset_second_factors(user, by=viewer_for(Role.DISTRICT_OFFICE, user=user))

    reset_second_factors(user, by=viewer_for(Role.ADMINISTRATOR))
    assert has_second_factor(user) is False
    assert AuditEntry.objects.filter(action="user.reset_second_factors").count() == 1
