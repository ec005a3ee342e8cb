"""Two officers adopt at the same moment, in processes of their own: nothing is lost, nothing doubled.

On SQLite in a file of their own (the tests' database in memory knows no waiting), on PostgreSQL in the
tests' database.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

ROOT = Path(__file__).parents[3]
SET_UP = """
import django, json, sys
django.setup()
from django.core.management import call_command
"""
LEDGER = """
call_command("migrate", verbosity=0, interactive=False)
from tests.factories.plans import make_candidate, make_group, make_proposal
from tests.factories.registry import make_area

street = make_area("甲街道")

def candidates(number):
    return [make_candidate(street=street) for _ in range(number)]

first, second = make_proposal(title="甲方案"), make_proposal(title="乙方案")
for proposal in (first, second):
    for _ in range(6):
        make_group(proposal, candidates(3))
shared = candidates(6)
# In opposite orders: adoptions that waited for single rows would wait for one another in a circle.
for unit in shared:
    make_group(first, [*candidates(2), unit])
for unit in reversed(shared):
    make_group(second, [*candidates(2), unit])
print(json.dumps([first.pk, second.pk]))
"""
OFFICER = """
from datetime import date
from liangxin.coverage.actions.adoption import adopt_groups
from liangxin.coverage.models import BranchProposal
from liangxin.kernel.viewer import SYSTEM

proposal = BranchProposal.objects.get(pk=int(sys.argv[1]))
numbers = list(proposal.groups.values_list("number", flat=True))
print("ready", flush=True)
sys.stdin.readline()
done = adopt_groups(proposal, numbers, by=SYSTEM, today=date(2026, 6, 2), seen_changes="")
refused = {one.number: [type(one.error).__name__, one.text] for one in done.refused}
print(json.dumps([[one.group.number for one in done.adopted], refused]))
"""
COUNTS = """
from django.db.models import Count
from liangxin.coverage.models import Establishment, EstablishmentUnit
from liangxin.registry.models import PartyCoverage, PartyOrganisationVersion

made = Establishment.objects.annotate(number=Count("units"))
branches = PartyOrganisationVersion.objects.filter(party_organisation__founded_date=None)
print(json.dumps({
    "establishments": made.count(),
    "whole": made.filter(number=3).count(),
    "names": len(set(branches.values_list("name", flat=True))),
    "branches": branches.count(),
    "coverages": PartyCoverage.objects.filter(party_organisation__founded_date=None).count(),
    "units": EstablishmentUnit.objects.filter(is_open=True).count(),
    "organisations": EstablishmentUnit.objects.values("organisation").distinct().count(),
}))
"""


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    """The environment of the officers' processes: which database they meet in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANGXIN_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        "LIANGXIN_MODE": "test",
        "LIANGXIN_DATA_DIR": str(tmp_path),
        **({"LIANGXIN_DATABASE_URL": _address()} if connection.vendor == "postgresql" else {}),
    }


def _address() -> str:
    told = connection.settings_dict
    who = f"{quote(told['USER'], safe='')}:{quote(told['PASSWORD'], safe='')}"
    return f"postgresql://{who}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def started(code: str, *arguments: object, place: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SET_UP + code, *map(str, arguments)],
        cwd=ROOT,
        env=place,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told(code: str, *, place: dict[str, str]) -> Any:
    """What one process says when it has run alone."""
    out, _ = started(code, place=place).communicate(timeout=120)
    return json.loads(out)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_lose_nothing(place: dict[str, str]) -> None:
    proposals = told(LEDGER, place=place)
    officers = [started(OFFICER, key, place=place) for key in proposals]
    for officer in officers:
        assert officer.stdout is not None
        assert officer.stdout.readline() == "ready\n"
    for officer in officers:
        assert officer.stdin is not None
        officer.stdin.write("go\n")
        officer.stdin.flush()
    answers = [json.loads(officer.communicate(timeout=120)[0]) for officer in officers]

    (first, refused_first), (second, refused_second) = answers
    # Groups 7 to 12 of each plan overlap those of the other, one to one; all others are free.
    assert set(first) >= set(range(1, 7))
    assert set(second) >= set(range(1, 7))
    assert len(first) + len(second) == 18
    assert {*first, *map(int, refused_first)} == set(range(1, 13))
    assert {*second, *map(int, refused_second)} == set(range(1, 13))
    refusals = [*refused_first.values(), *refused_second.values()]
    assert len(refusals) == 6
    assert {name for name, _ in refusals} == {"UnitTaken"}
    assert all("已由系统于 2026-06-02 列入“甲街道" in text for _, text in refusals)
    assert told(COUNTS, place=place) == {
        "establishments": 18,
        "whole": 18,
        "names": 18,
        "branches": 18,
        "coverages": 54,
        "units": 54,
        "organisations": 54,
    }
