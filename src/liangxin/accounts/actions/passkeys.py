"""Passkeys (WebAuthn): the ceremonies that register one and that sign in with one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from liangxin.accounts.models import Passkey
from liangxin.kernel.audit import record
from liangxin.kernel.models import User
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Viewer

SITE_NAME = "两新工作台"
MAX_NAME = 60


class PasskeyRefused(ValueError):
    """The device's answer does not fit; the text says what to do."""


@dataclass(frozen=True)
class Ceremony:
    """What the browser is asked, and what must be remembered to check its answer."""

    options: Mapping[str, Any]
    state: Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where the ceremony happens: the site's domain and the address the browser shows."""

    domain: str
    origin: str


def _server(place: Place) -> Fido2Server:
    # The browser's own check of the domain is repeated here: a page on another port or host is refused.
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=place.domain, name=SITE_NAME),
        verify_origin=lambda origin: origin == place.origin,
    )


def begin_registration(user: User, *, place: Place, by: Viewer) -> Ceremony:
    """What the browser needs to make a passkey for one's own account."""
    _refuse_others(user, by=by)
    options, state = _server(place).register_begin(
        PublicKeyCredentialUserEntity(
            id=str(user.pk).encode(), name=user.username, display_name=user.name
        ),
        credentials=[_credential(one) for one in Passkey.objects.filter(user=user)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(dict(options), state)


def register_passkey(
    user: User,
    *,
    name: str,
    answer: Mapping[str, Any],
    ceremony: Ceremony,
    place: Place,
    by: Viewer,
) -> Passkey:
    """Keep the public key that the device made; raises PasskeyRefused."""
    _refuse_others(user, by=by)
    try:
        given = RegistrationResponse.from_dict(answer)
        made = _server(place).register_complete(dict(ceremony.state), given)
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused("设备的回答没有通过核对，请重新登记一次。") from error
    credential = made.credential_data
    if credential is None:
        raise PasskeyRefused("设备没有给出公钥，请换一个设备。")
    with transaction.atomic():
        key = websafe_encode(credential.credential_id)
        if Passkey.objects.filter(credential_id=key).exists():
            raise PasskeyRefused("这个设备已经登记过。")
        passkey = Passkey.objects.create(
            user=user,
            name=name.strip()[:MAX_NAME] or "通行密钥",
            credential_id=key,
            credential=bytes(credential),
            sign_count=made.counter,
        )
        summary = f"登记通行密钥“{passkey.name}”"
        record("user.passkey_add", by=by, summary=summary, about=user, changes_ledger=False)
    return passkey


def begin_signing_in(*, place: Place) -> Ceremony:
    """What the browser needs to sign in with whatever passkey its owner picks."""
    options, state = _server(place).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    return Ceremony(dict(options), state)


def user_of_passkey(
    answer: Mapping[str, Any], *, ceremony: Ceremony, place: Place, now: datetime
) -> User:
    """The account whose passkey answered; raises PasskeyRefused."""
    try:
        given = AuthenticationResponse.from_dict(answer)
        key = websafe_encode(given.raw_id)
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused("设备的回答看不懂，请再试一次。") from error
    with transaction.atomic():
        passkey = Passkey.objects.select_for_update().filter(credential_id=key).first()
        if passkey is None or not passkey.user.is_active:
            raise PasskeyRefused("这里没有登记过这个通行密钥，请用密码登录。")
        try:
            _server(place).authenticate_complete(
                dict(ceremony.state), [_credential(passkey)], given
            )
        except ValueError as error:
            raise PasskeyRefused("通行密钥没有通过核对，请再试一次或用密码登录。") from error
        _refuse_copy(passkey, counter=given.response.authenticator_data.counter)
        passkey.used_at = now
        passkey.save()
        return passkey.user


def _refuse_copy(passkey: Passkey, *, counter: int) -> None:
    """A counter that does not grow means that the key exists twice; most devices always say 0."""
    if counter and counter <= passkey.sign_count:
        raise PasskeyRefused("这个通行密钥可能被复制过，不能使用：请删除后重新登记。")
    passkey.sign_count = counter


def _credential(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(passkey.credential))


def _refuse_others(user: User, *, by: Viewer) -> None:
    if user.pk != by.user_id:
        raise NotAllowed("只能设置自己的登录方式。")
