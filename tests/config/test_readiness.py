"""What a site must not start with."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from liangxin.config.cli.readiness import (
    KEY_SAMPLE,
    refuse_demo_accounts,
    refuse_unmigrated,
    refuse_without_accounts,
    refuse_wrong_keys,
)
from liangxin.config.cli.wording import Refused
from liangxin.config.env import PRODUCTION
from liangxin.kernel.encryption import WrongKey
from liangxin.kernel.models import User

pytestmark = pytest.mark.django_db


def test_production_refuses_accounts_with_public_passwords() -> None:
    demo = User.objects.create(username="office", name="演示", is_synthetic=True)
    with override_settings(ENV=replace(settings.ENV, mode=PRODUCTION)):
        with pytest.raises(Refused, match="演示账号（office）.*拒绝启动"):
            refuse_demo_accounts()
        User.objects.filter(pk=demo.pk).update(is_active=False)
        refuse_demo_accounts()


def test_production_refuses_to_start_without_an_administrator() -> None:
    with override_settings(ENV=replace(settings.ENV, mode=PRODUCTION)):
        with pytest.raises(Refused, match="create-admin"):
            refuse_without_accounts()
        User.objects.create(username="admin", name="管理员")
        assert refuse_without_accounts() is None


def test_demo_mode_starts_with_its_own_accounts() -> None:
    User.objects.create(username="office", name="演示", is_synthetic=True)

    assert refuse_demo_accounts() is None


def test_migrated_database_is_ready() -> None:
    assert refuse_unmigrated() is None


def test_other_keys_than_those_that_sealed_are_refused(tmp_path: Path) -> None:
    with override_settings(DATA_DIR=tmp_path, FIELD_KEYS="k1:" + "a" * 40):
        refuse_wrong_keys()
        refuse_wrong_keys()
    with override_settings(DATA_DIR=tmp_path, FIELD_KEYS="k1:" + "b" * 40), pytest.raises(WrongKey):
        refuse_wrong_keys()
    with override_settings(DATA_DIR=tmp_path, FIELD_KEYS=f"k2:{'b' * 40},k1:{'a' * 40}"):
        refuse_wrong_keys()

    assert (tmp_path / KEY_SAMPLE).is_file()
