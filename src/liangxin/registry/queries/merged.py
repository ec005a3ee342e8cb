"""Where an absorbed organisation or person has gone."""

from liangxin.registry.models import Merge, Organisation, Person


def surviving_organisation(organisation_id: int) -> int:
    """The key of the organisation that stands for this one now; itself where it was not absorbed."""
    return _surviving(Organisation, organisation_id)


def surviving_person(person_id: int) -> int:
    """The key of the person that stands for this one now; itself where it was not absorbed."""
    return _surviving(Person, person_id)


def merges_into_organisation(organisation_id: int) -> list[Merge]:
    """Merges by which others were taken into this organisation and that still hold, newest first."""
    held = Merge.objects.filter(survivor_organisation=organisation_id, undone_at__isnull=True)
    return list(held.order_by("-id"))


def merges_into_person(person_id: int) -> list[Merge]:
    """Merges by which others were taken into this person and that still hold, newest first."""
    held = Merge.objects.filter(survivor_person=person_id, undone_at__isnull=True)
    return list(held.order_by("-id"))


def _surviving(model: type[Organisation] | type[Person], key: int) -> int:
    seen = {key}
    while True:
        into = model._base_manager.filter(pk=key).values_list("merged_into_id", flat=True).first()
        # A circle cannot be made by merging; a damaged table must not hang a page.
        if into is None or into in seen:
            return key
        seen.add(into)
        key = into
