"""A process killed while it merges leaves the ledger as it was, and the merge can be done again."""

from pathlib import Path

import pytest
from django.db import connection

from tests.factories.killing import killed_and_repeated, scratch_database

SET_UP = """
import django, json, os, signal, sys
django.setup()
from django.core.management import call_command
from liangxin.registry.actions import merging
from liangxin.registry.models import Merge, MergeStep, Organisation, Provenance
from tests.factories.merges import merge, whole_ledger
from tests.factories.registry import make_member, make_organisation, make_party_organisation
def told():
    return json.dumps(whole_ledger(), default=str)
"""
KILLED = """
call_command("migrate", verbosity=0, interactive=False)
kept, gone = make_organisation().organisation, make_organisation().organisation
make_member(gone)
make_party_organisation(covers=(gone,))
open(sys.argv[1], "w").write(told())
def die(*args, **named):
    assert Organisation.objects.filter(merged_into=kept).exists()
    assert MergeStep.objects.exists()
    os.kill(os.getpid(), signal.SIGKILL)
merging._record = die
merge(kept, gone)
"""
AFTERWARDS = """
kept, gone = Organisation.objects.order_by("pk")[:2]
is_as_before = told() == open(sys.argv[1]).read()
counts = [Merge.objects.count(), MergeStep.objects.count()]
merge(kept, gone)
print(json.dumps([is_as_before, counts, Merge.objects.count(), told() == open(sys.argv[1]).read()]))
"""
SCRATCH = "liangxin_merge_killed"


def told(folder: Path, url: str) -> list[object]:
    return killed_and_repeated(folder, url, killed=SET_UP + KILLED, afterwards=SET_UP + AFTERWARDS)


def test_a_killed_merge_leaves_nothing_on_sqlite(tmp_path: Path) -> None:
    found = told(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite3'}")

    assert found == [True, [0, 0], 1, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the suite runs on SQLite")
def test_a_killed_merge_leaves_nothing_on_postgresql(tmp_path: Path) -> None:
    with scratch_database(SCRATCH) as url:
        assert told(tmp_path, url) == [True, [0, 0], 1, False]
