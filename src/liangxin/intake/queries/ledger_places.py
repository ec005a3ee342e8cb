"""Streets and sites of the ledger by the names that lists use for them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from liangxin.registry.models import Area, Site
from liangxin.registry.queries.merged import surviving_area, surviving_site
from liangxin.registry.terms import AreaKind
from liangxin.workbook.cells import compact

STREET_ENDINGS = ("街道办事处", "街道办", "街道", "镇人民政府", "镇政府", "镇", "乡人民政府", "乡")


@dataclass(slots=True)
class SiteEntry:
    """A site of the ledger (positive key) or of this plan (negative key)."""

    key: int
    name: str
    street: int
    values: dict[str, Any]
    known_on: date


class Places:
    """Finds streets and sites by name; sites of the same go are added while planning."""

    def __init__(self) -> None:
        self.street_names: dict[int, str] = {}
        self._streets: dict[str, set[int]] = defaultdict(set)
        self._sites: dict[str, list[SiteEntry]] = defaultdict(list)
        self._site_names: dict[int, str] = {}
        for street in Area.objects.filter(kind=AreaKind.STREET):
            # A list that names a street taken into another means the one that stands.
            key = surviving_area(street.pk) if street.merged_into_id else street.pk
            name = street.name
            self.street_names[street.pk] = name
            for spelling in street_spellings(name):
                self._streets[spelling].add(key)
        for site in Site.objects.select_related("provenance").order_by("id"):
            values = {code: getattr(site, code) for code in ("kind", "address", "lon", "lat")}
            known_on = site.provenance.as_of_date
            key = surviving_site(site.pk) if site.merged_into_id else site.pk
            self.add_site(SiteEntry(key, site.name, site.street_id, values, known_on))

    def street(self, text: str) -> int | None:
        """The street meant by `text`, with or without 街道 or 办事处; None if unknown or unclear."""
        found = self._streets.get(compact(text)) or self._streets.get(_stem(compact(text))) or set()
        return next(iter(found)) if len(found) == 1 else None

    def sites(self, name: str) -> list[SiteEntry]:
        """The sites of that name, in whichever street."""
        return self._sites.get(compact(name), [])

    def site(self, name: str, *, street: int) -> SiteEntry | None:
        """The site of that name in that street."""
        return next((entry for entry in self.sites(name) if entry.street == street), None)

    def add_site(self, entry: SiteEntry) -> None:
        """Make a site known to the rows that follow."""
        self._sites[compact(entry.name)].append(entry)
        self._site_names[entry.key] = entry.name

    def site_name(self, key: int | None) -> str:
        """The name of a site by its key; '' for none."""
        return self._site_names.get(key, "") if key is not None else ""

    def street_name(self, key: int | None) -> str:
        """The name of a street by its key; '' for none."""
        return self.street_names.get(key, "") if key is not None else ""


def street_spellings(name: str) -> set[str]:
    """The ways lists write a street's name, compacted: in full and without its ending."""
    full = compact(name)
    return {full, _stem(full)}


def _stem(name: str) -> str:
    for ending in STREET_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name
