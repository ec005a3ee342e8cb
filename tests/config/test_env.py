"""The typed environment refuses what it does not understand, in words."""

from pathlib import Path

import pytest

from liangxin.config.env import (
    KEPT_DIR,
    BadEnvironment,
    cache_settings,
    database_settings,
    read_env,
)

SECRETS = {"LIANGXIN_SECRET_KEY": "s" * 40, "LIANGXIN_FIELD_KEYS": "k1:" + "f" * 40}


def test_nothing_set_means_the_demo_on_sqlite() -> None:
    env = read_env({})

    assert env.is_demo
    assert env.database_url == f"sqlite:///{Path('var').resolve() / 'liangxin.sqlite3'}"


@pytest.mark.parametrize("missing", SECRETS)
def test_production_without_a_secret_does_not_start(missing: str) -> None:
    given = {"LIANGXIN_MODE": "production", **SECRETS}
    del given[missing]

    with pytest.raises(BadEnvironment, match=missing):
        read_env(given)


@pytest.mark.parametrize("secret", SECRETS)
def test_production_refuses_the_openly_known_secrets(secret: str) -> None:
    demo = read_env({})
    known = {"LIANGXIN_SECRET_KEY": demo.secret_key, "LIANGXIN_FIELD_KEYS": f"k1:{demo.field_keys}"}
    given = {"LIANGXIN_MODE": "production", **SECRETS, secret: known[secret]}

    with pytest.raises(BadEnvironment, match="公开的演示密钥"):
        read_env(given)


@pytest.mark.parametrize("switch", ["LIANGXIN_DEBUG", "DJANGO_DEBUG", "DEBUG"])
def test_production_refuses_debugging(switch: str) -> None:
    with pytest.raises(BadEnvironment, match=f"去掉 {switch}"):
        read_env({"LIANGXIN_MODE": "production", **SECRETS, switch: "True"})
    assert read_env({"LIANGXIN_MODE": "production", **SECRETS, switch: "no"}).mode == "production"


@pytest.mark.parametrize(
    "bad",
    [
        {"LIANGXIN_MODE": "debug"},
        {"LIANGXIN_DATABASE_URL": "mysql://x"},
        {"LIANGXIN_SECRET_KEY": "short"},
        {"LIANGXIN_MAP_TILE_URL": "https://tiles.example/map.png"},
        {"LIANGXIN_HTTPS": "maybe"},
        {"LIANGXIN_IDLE_MINUTES": "0"},
        {"LIANGXIN_IDLE_MINUTES": "soon"},
    ],
)
def test_bad_value_is_refused_by_name(bad: dict[str, str]) -> None:
    with pytest.raises(BadEnvironment, match=next(iter(bad))):
        read_env(bad)


def test_postgresql_address_is_taken_apart() -> None:
    settings = database_settings("postgresql://li:p%40ss@db.local:5433/liangxin")

    assert [settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "liangxin",
        "li",
        "p@ss",
        "db.local",
        "5433",
    ]


def test_postgresql_answers_from_memory_over_connections_that_stay() -> None:
    settings = database_settings("postgresql://li:p@db.local:5433/liangxin")

    assert settings["OPTIONS"]["options"] == "-c jit=off -c random_page_cost=1.1"
    assert settings["CONN_MAX_AGE"] is None
    assert settings["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    "bad",
    [
        {"LIANGXIN_DATABASE_URL": "postgresql://u:p@host"},
        {"LIANGXIN_DATABASE_URL": "postgresql://u:p/w@host:5432/liangxin"},
        {"LIANGXIN_FIELD_KEYS": "f" * 40},
        {"LIANGXIN_FIELD_KEYS": f"k2:short,k1:{'f' * 40}"},
        {"LIANGXIN_FIELD_KEYS": f"k1:{'a' * 40},k1:{'b' * 40}"},
        {"LIANGXIN_TRUSTED_ORIGINS": "liangxin.example"},
        {"LIANGXIN_DATA_DIR": __file__},
    ],
)
def test_half_right_value_is_refused_with_its_form(bad: dict[str, str]) -> None:
    with pytest.raises(BadEnvironment, match=next(iter(bad))):
        read_env(bad)


def test_figures_are_kept_in_memory_unless_a_running_server_names_a_folder() -> None:
    alone, served = (cache_settings(read_env(given).kept_dir) for given in ({}, {KEPT_DIR: "/x"}))

    assert str(alone["BACKEND"]).endswith("LocMemCache")
    assert str(served["BACKEND"]).endswith("FileBasedCache")
    assert served["LOCATION"] == "/x"


def test_sqlite_is_opened_without_memory_mapping_and_stays_open() -> None:
    settings = database_settings("sqlite:////srv/liangxin.sqlite3")

    assert "PRAGMA mmap_size=0;" in str(settings["OPTIONS"])
    assert settings["CONN_MAX_AGE"] is None


def test_own_sqlite_is_told_from_a_database_that_was_given() -> None:
    assert read_env({}).is_own_sqlite
    assert not read_env({"LIANGXIN_DATABASE_URL": "postgresql://u:p@h/x"}).is_own_sqlite
