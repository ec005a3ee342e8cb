"""A process killed in the middle of taking a street into another leaves the ledger as it was."""

from pathlib import Path

import pytest
from django.db import connection

from tests.factories.killing import killed_and_repeated, scratch_database

SET_UP = """
import django, json, os, signal, sys
django.setup()
from django.core.management import call_command
from liangxin.registry.actions import place_changes
from liangxin.registry.models import Area, OrganisationVersion, Reorganisation
from tests.factories.merges import whole_ledger
from tests.factories.registry import make_area, make_organisation, make_party_organisation, make_site
from tests.factories.reorganisations import order
from tests.factories.viewers import office
def told():
    return json.dumps(whole_ledger(), default=str)
def merge(gone, stays):
    place_changes.merge_streets(gone, stays, by=office(), order=order())
"""
KILLED = """
call_command("migrate", verbosity=0, interactive=False)
gone, stays = make_area(), make_area()
for _ in range(5):
    make_organisation(street=gone, site=make_site(street=gone))
make_party_organisation(street=gone)
open(sys.argv[1], "w").write(told())
def die(*args, **named):
    assert OrganisationVersion.objects.filter(street=stays).count() == 5
    assert Reorganisation.objects.exists()
    os.kill(os.getpid(), signal.SIGKILL)
place_changes._record = die
merge(gone, stays)
"""
AFTERWARDS = """
gone, stays = Area.objects.order_by("pk")[:2]
is_as_before = told() == open(sys.argv[1]).read()
count = Reorganisation.objects.count()
merge(gone, stays)
print(json.dumps([is_as_before, count, Reorganisation.objects.count(), told() == open(sys.argv[1]).read()]))
"""
SCRATCH = "liangxin_street_killed"


def told(folder: Path, url: str) -> list[object]:
    return killed_and_repeated(folder, url, killed=SET_UP + KILLED, afterwards=SET_UP + AFTERWARDS)


def test_a_killed_reorganisation_leaves_nothing_on_sqlite(tmp_path: Path) -> None:
    found = told(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite3'}")

    assert found == [True, 0, 1, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the suite runs on SQLite")
def test_a_killed_reorganisation_leaves_nothing_on_postgresql(tmp_path: Path) -> None:
    with scratch_database(SCRATCH) as url:
        assert told(tmp_path, url) == [True, 0, 1, False]
