"""Where an absorbed organisation, person, street or site has gone."""

from liangxin.registry.models import Area, Merge, Organisation, Person, Site

Absorbing = type[Organisation] | type[Person] | type[Area] | type[Site]


def surviving_organisation(organisation_id: int) -> int:
    """The key of the organisation that stands for this one now; itself where it was not absorbed."""
    return _surviving(Organisation, organisation_id)


def surviving_person(person_id: int) -> int:
    """The key of the person that stands for this one now; itself where it was not absorbed."""
    return _surviving(Person, person_id)


def surviving_area(area_id: int) -> int:
    """The key of the street that stands for this one now; itself where it stands."""
    return _surviving(Area, area_id)


def surviving_site(site_id: int) -> int:
    """The key of the site that stands for this one now; itself where it stands."""
    return _surviving(Site, site_id)


def street_family(area_id: int) -> list[int]:
    """The street that stands for this one now, and every one that was taken into it, by key."""
    return _family(Area, area_id)


def site_family(site_id: int) -> list[int]:
    """The site that stands for this one now, and every one that was taken into it, by key."""
    return _family(Site, site_id)


def merges_into_organisation(organisation_id: int) -> list[Merge]:
    """Merges by which others were taken into this organisation and that still hold, newest first."""
    held = Merge.objects.filter(survivor_organisation=organisation_id, undone_at__isnull=True)
    return list(held.order_by("-id"))


def merges_into_person(person_id: int) -> list[Merge]:
    """Merges by which others were taken into this person and that still hold, newest first."""
    held = Merge.objects.filter(survivor_person=person_id, undone_at__isnull=True)
    return list(held.order_by("-id"))


def _family(model: type[Area] | type[Site], key: int) -> list[int]:
    rows = model._base_manager.filter(merged_into__isnull=False)
    into: dict[int, int] = dict(rows.values_list("pk", "merged_into_id"))
    if not into:
        return [key]
    head = _end_of(into, key)
    return sorted({head, *(one for one in into if _end_of(into, one) == head)})


def _end_of(into: dict[int, int], key: int) -> int:
    seen = {key}
    while into.get(key, key) not in seen:
        key = into[key]
        seen.add(key)
    return key


def _surviving(model: Absorbing, key: int) -> int:
    seen = {key}
    while True:
        into = model._base_manager.filter(pk=key).values_list("merged_into_id", flat=True).first()
        # A circle cannot be made by merging; a damaged table must not hang a page.
        if into is None or into in seen:
            return key
        seen.add(into)
        key = into
