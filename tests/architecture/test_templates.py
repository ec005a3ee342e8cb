"""What templates may borrow from one another, and what the Content-Security-Policy forbids in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import SOURCE, templates

BORROWED = re.compile(r"{%-?\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.S)
INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "handler attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.I),
    "script address": re.compile(r"[\"']\s*javascript:", re.I),
    "another host": re.compile(
        r"<(?:script|link|img)\b[^>]*\s(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
}


def test_templates_borrow_from_their_own_app_and_ui_only() -> None:
    strangers = [
        f"{path.relative_to(SOURCE)} {name}"
        for path in templates()
        for name in BORROWED.findall(path.read_text(encoding="utf-8"))
        if name.split("/")[0] not in (path.relative_to(SOURCE).parts[0], "ui")
    ]

    assert strangers == []


def test_templates_live_in_a_folder_named_for_their_app() -> None:
    misplaced = [
        str(path.relative_to(SOURCE)) for path in templates() if not is_in_own_folder(path)
    ]

    assert misplaced == []


def is_in_own_folder(path: Path) -> bool:
    """Say whether a template is where no other app's can hide it: APP/templates/APP/…"""
    app, _, folder, *_ = path.relative_to(SOURCE).parts
    # Django itself looks for its error pages at the top.
    return folder == app or bool(re.fullmatch(r"\d{3}(_csrf)?\.html", folder))


def test_templates_hold_nothing_inline() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {kind}" for path in templates() for kind in inline_parts(path)
    ]

    assert found == []


def inline_parts(path: Path) -> Iterator[str]:
    """Yield the kind of each inline part of a template."""
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    yield from (kind for kind, pattern in INLINE.items() if pattern.search(text))


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<script>alert(1)</script>", "script"),
        ('<p class="a" style="color:red">', "style attribute"),
        ('<button onclick="go()">', "handler attribute"),
        ('<a href="javascript:go()">', "script address"),
        ('<script src="//cdn.example/x.js">', "another host"),
    ],
)
def test_inline_parts_are_found(tmp_path: Path, markup: str, kind: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(markup, encoding="utf-8")

    assert kind in set(inline_parts(page))


def test_inline_parts_leave_comments_and_files_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('{# <style> #}<script src="/static/a.js"></script>', encoding="utf-8")

    assert list(inline_parts(page)) == []
