"""Directions between apps that the import contracts cannot see."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source_tree import (
    SOURCE,
    Import,
    parsed,
    python_files,
    roomed_apps,
    rows,
    source_imports,
)

OPEN_ROOMS = {"terms", "models", "queries", "actions"}
# May look into every room: the settings, urls and command line wire the apps together.
WIRING = "config"
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def test_apps_enter_only_the_open_rooms_of_others() -> None:
    closed = [str(found) for found in source_imports() if is_closed_to_importer(found)]

    assert closed == []


def is_closed_to_importer(found: Import) -> bool:
    """Say whether the import enters a room that its importer has no business in."""
    app, _, rest = found.target.removeprefix("liangxin.").partition(".")
    is_foreign = found.importer not in (app, WIRING)
    return is_foreign and app in roomed_apps() and rest.split(".")[0] not in OPEN_ROOMS


@pytest.mark.parametrize(
    ("importer", "target", "is_closed"),
    [
        ("insight", "liangxin.coverage.views.board", True),
        ("insight", "liangxin.registry.forms", True),
        ("insight", "liangxin.registry.queries.Ledger", False),
        ("insight", "liangxin.insight.views", False),
        ("config", "liangxin.insight.urls", False),
        ("insight", "liangxin.ui.listing", False),
    ],
)
def test_closed_rooms_are_told_from_open_ones(importer: str, target: str, is_closed: bool) -> None:
    found = Import(SOURCE / importer / "views.py", 1, target)

    assert is_closed_to_importer(found) is is_closed


def test_relations_named_by_text_point_to_their_own_or_a_lower_row() -> None:
    order = rows()
    upward = [
        f"{place} {target}"
        for app, place, target in relations_by_text()
        if order.index(target.split(".")[0]) < order.index(app)
    ]

    assert upward == []


def relations_by_text() -> Iterator[tuple[str, str, str]]:
    """Yield app, place and target of each relation given as "app.Model" to an app of the project."""
    for path in python_files():
        if not path.is_relative_to(SOURCE) or len(path.relative_to(SOURCE).parts) == 1:
            continue
        app = path.relative_to(SOURCE).parts[0]
        for call in (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)):
            target = relation_target(call)
            if target and target.split(".")[0] in rows():
                yield app, f"{path.relative_to(SOURCE)}:{call.lineno}", target


def relation_target(call: ast.Call) -> str:
    """Return the "app.Model" text a relation field is given; empty for any other call."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in RELATIONS:
        return ""
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "to")]
    texts = [node.value for node in given if isinstance(node, ast.Constant)]
    return next((str(text) for text in texts if "." in str(text)), "")


def test_relation_targets_are_read_from_their_text() -> None:
    by_text = ast.parse("models.ForeignKey('insight.Page', models.CASCADE)", mode="eval").body
    by_class = ast.parse("models.ForeignKey(to=Page, on_delete=models.CASCADE)", mode="eval").body

    assert isinstance(by_text, ast.Call)
    assert isinstance(by_class, ast.Call)
    assert relation_target(by_text) == "insight.Page"
    assert relation_target(by_class) == ""


def test_rows_name_every_app_there_is() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}

    assert packages - set(rows()) == set()
