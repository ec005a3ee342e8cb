"""First start: database, administrator, boundaries, secrets."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from liangxin.accounts.models import RoleGrant
from liangxin.config.cli.commands import main
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role
from liangxin.registry.models import Area

GOOD_PASSWORD = "xin-yuan-8842"
SQUARE = {"type": "Polygon", "coordinates": [[[113, 23], [114, 23], [114, 24], [113, 23]]]}


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=typed)


def feature(**properties: str) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": SQUARE}


def collection(folder: Path, *features: object) -> str:
    path = folder / "本区.geojson"
    told = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(told), encoding="utf-8")
    return str(path)


@pytest.mark.django_db
def test_create_admin_asks_until_the_password_is_good_and_typed_twice() -> None:
    lines = ["张管理", "short", "short", GOOD_PASSWORD, "other", GOOD_PASSWORD, GOOD_PASSWORD, ""]
    result = run("create-admin", "guanli", typed="\n".join(lines))

    assert result.exit_code == 0
    assert "密码太短，至少 10 个字符。" in result.stderr
    assert "两次输入不一致，请重新输入。" in result.stderr
    user = User.objects.get(username="guanli")
    assert (user.name, user.check_password(GOOD_PASSWORD)) == ("张管理", True)
    assert RoleGrant.objects.get(user=user).role == Role.ADMINISTRATOR


@pytest.mark.django_db
def test_create_admin_is_for_the_first_account_only() -> None:
    User.objects.create(username="first", name="第一人")
    result = run("create-admin", "second", "--name", "第二人", "--password", GOOD_PASSWORD)

    assert result.exit_code == 2
    assert result.stderr.startswith("错误：已经有账号了")
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("两 人", GOOD_PASSWORD, "登录名中不能有空格。"),
        ("长" * 61, GOOD_PASSWORD, "登录名或姓名不合要求："),
        ("guanli", "12345678901", "密码不合要求："),
    ],
)
def test_create_admin_refuses_bad_names_and_passwords(
    username: str, password: str, said: str
) -> None:
    result = run("create-admin", username, "--name", "张管理", "--password", password)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"错误：{said}")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_create_admin_without_anybody_at_the_keyboard_stops() -> None:
    result = run("create-admin", "guanli")

    assert (result.exit_code, User.objects.count()) == (130, 0)
    assert result.stderr.endswith("已中止。\n")


@pytest.mark.django_db
def test_import_areas_reads_the_district_and_its_streets(tmp_path: Path) -> None:
    street = feature(code="2", name="甲街道", kind="street")
    result = run(
        "import-areas",
        collection(tmp_path, street, feature(code="1", name="某区", kind="district")),
    )

    assert (result.exit_code, result.stdout) == (0, "已导入 2 个区域。\n")
    assert Area.objects.get(code="2").parent == Area.objects.get(code="1")


@pytest.mark.django_db
def test_import_areas_names_the_feature_that_is_wrong(tmp_path: Path) -> None:
    good = feature(code="1", name="甲街道", kind="street")
    metres = {**good, "geometry": {"type": "Polygon", "coordinates": [[[500000, 2500000]]]}}
    said = {
        "第 2 个区域缺少属性：code、name、kind。": 7,
        "第 2 个区域缺少属性：kind。": feature(code="2", name="乙街道"),
        "第 2 个区域的 kind 只能是": feature(code="2", name="乙街道", kind="镇"),
        "第 2 个区域的坐标应是 WGS-84 经纬度": metres,
    }
    for sentence, wrong in said.items():
        result = run("import-areas", collection(tmp_path, good, wrong))

        assert result.exit_code == 2
        assert sentence in result.stderr
        assert result.stderr.count("\n") == 1
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xcb\xc4", "不是 UTF-8 文本。"),
        (b'{\n"type": }', "第 2 行不是正确的 JSON。"),
        (b"[1]", "不是 GeoJSON。"),
        (b"{}", "应是 GeoJSON 的 FeatureCollection"),
        (None, "没有这个文件"),
    ],
)
def test_import_areas_refuses_what_is_no_geojson(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "x.geojson"
    if content is not None:
        path.write_bytes(content)
    result = run("import-areas", str(path))

    assert result.exit_code == 2
    assert said in result.stderr


def test_secrets_are_fresh_and_long_enough() -> None:
    first, second = (run("secrets").stdout.splitlines() for _ in range(2))

    assert [line.partition("=")[0] for line in first] == [
        "LIANGXIN_SECRET_KEY",
        "LIANGXIN_FIELD_KEYS",
    ]
    assert set(first).isdisjoint(second)
    assert min(len(line.partition("=")[2]) for line in first) >= 64
