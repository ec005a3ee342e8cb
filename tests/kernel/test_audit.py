"""The audit trail only grows."""

import pytest

from liangxin.kernel.audit import ledger_revision, record
from liangxin.kernel.models import AuditEntry, ImmutableEntry
from liangxin.kernel.viewer import SYSTEM
from tests.factories.registry import make_area

pytestmark = pytest.mark.django_db


def test_entry_names_who_what_and_about_which() -> None:
    area = make_area()
    entry = record("import_areas", by=SYSTEM, summary="导入", about=area, details={"rows": 1})

    assert (entry.by_name, entry.action, entry.object_kind) == (
        "系统",
        "import_areas",
        "registry.area",
    )
    assert (entry.object_key, entry.details) == (str(area.pk), {"rows": 1})


def test_revision_grows_with_every_entry() -> None:
    before = ledger_revision()
    record("a", by=SYSTEM, summary="")

    assert ledger_revision() > before


def test_looking_leaves_the_revision_as_it_was() -> None:
    before = ledger_revision()
    record("list.export", by=SYSTEM, summary="", changes_ledger=False)

    assert ledger_revision() == before


def test_entry_cannot_be_changed_or_removed() -> None:
    entry = record("a", by=SYSTEM, summary="")
    entry.summary = "改"
    with pytest.raises(ImmutableEntry):
        entry.save()
    with pytest.raises(ImmutableEntry):
        entry.delete()

    assert AuditEntry.objects.get(pk=entry.pk).summary == ""
