"""Persons of the ledger about whom an uploader has nothing to tell: other streets' business."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from django.db.models import Q

from liangxin.intake.queries.ledger_organisations import Organisations
from liangxin.intake.queries.ledger_people import PersonEntry
from liangxin.intake.queries.plan import Plan
from liangxin.intake.queries.units import reaches_unit
from liangxin.registry.models import Employment, Posting
from liangxin.registry.queries import true_at

Units = Mapping[int, set[int]]


class PersonsOfOthers:
    """Tells whose row it is before a row may tell, or change, anything of the person it names."""

    def __init__(self, plan: Plan, *, organisations: Organisations) -> None:
        self.plan = plan
        self.organisations = organisations

    def include(self, person: PersonEntry | None) -> bool:
        """Whether somebody works where the uploader does not reach, or is posted there and nowhere else."""
        if person is None or person.key < 0 or self.plan.reach.is_district:
            return False
        works = self._work.get(person.key, set())
        posted = self._posted.get(person.key, set())
        if any(not self._reaches(unit) for unit in works):
            return True
        return bool(posted) and not any(self._reaches(unit) for unit in posted)

    @cached_property
    def _work(self) -> Units:
        return _units(Employment, self._held)

    @cached_property
    def _posted(self) -> Units:
        return _units(Posting, self._held)

    @property
    def _held(self) -> Q:
        # What began after the day of an old list makes the person somebody else's all the same.
        return true_at(self.plan.as_of) | Q(valid_from__gt=self.plan.as_of)

    def _reaches(self, unit: int) -> bool:
        return reaches_unit(self.plan.reach, self.organisations.by_key[unit])


def _units(model: type[Employment] | type[Posting], held: Q) -> Units:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = model._base_manager.filter(held).order_by()
    for person, unit in rows.values_list("person_id", "organisation_id"):
        found[person].add(unit)
    return found
