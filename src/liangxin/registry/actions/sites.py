"""Keeping buildings, parks and markets by form.

A site's facts are not dated: a change replaces what was told, and the audit trail names the fields.
Moving a site to another street carries its units along and is an act of its own, not a change of a form.
"""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import DuplicateSite
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.refusals import NothingChanged, OutOfScope
from liangxin.registry.actions.telling import FORM_SOURCE, edition, refuse_stale
from liangxin.registry.models import Area, Site
from liangxin.registry.queries.keeping import kept_sites, kept_streets


@dataclass(frozen=True, kw_only=True)
class SiteFacts:
    """Cleaned facts of a site; coordinates are WGS-84 degrees, None where not known."""

    name: str
    kind: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None


def site_edition(site: Site) -> str:
    """What a form remembers of the site it showed."""
    return edition(site)


def create_site(facts: SiteFacts, *, street: Area, by: Viewer, today: date) -> Site:
    """Put a new site in the ledger; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    if not kept_streets(by).filter(pk=street.pk).exists():
        raise OutOfScope("这个街道不在您负责的范围内。")
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=today)
        try:
            with transaction.atomic():
                site = Site.objects.create(street=street, provenance=told, **asdict(facts))
        except IntegrityError:
            raise _duplicate(facts, street=street) from None
        audit.record("site.create", by=by, summary=f"新建楼宇园区“{site.name}”", about=site)
    return site


def revise_site(
    site: Site, facts: SiteFacts, *, by: Viewer, based_on: str, today: date
) -> tuple[str, ...]:
    """Replace what is told of a site and return the names of the fields; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=today)
        held = _held(site, by=by, based_on=based_on)
        told_now = asdict(facts)
        changed = tuple(name for name, value in told_now.items() if getattr(held, name) != value)
        if not changed:
            raise NothingChanged("没有需要保存的改动。资料仍然属实的，请点“没有变化”。")
        try:
            with transaction.atomic():
                Site.objects.filter(pk=held.pk).update(**told_now, provenance=told)
        except IntegrityError:
            raise _duplicate(facts, street=held.street) from None
        audit.record(
            "site.revise",
            by=by,
            summary=f"修改楼宇园区“{facts.name}”的资料",
            about=held,
            details={"fields": list(changed)},
        )
    return changed


def confirm_site(site: Site, *, by: Viewer, based_on: str) -> None:
    """Say that the facts still hold; leaves an audit entry and changes nothing."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        held = _held(site, by=by, based_on=based_on)
        audit.record(
            "site.confirm",
            by=by,
            summary=f"核对“{held.name}”，资料没有变化",
            about=held,
            changes_ledger=False,
        )


def _held(site: Site, *, by: Viewer, based_on: str) -> Site:
    locked = Site.objects.select_for_update(of=("self",)).select_related("provenance", "street")
    held = locked.get(pk=site.pk)
    if not kept_sites(by).filter(pk=held.pk).exists():
        raise OutOfScope("这处楼宇园区不在您负责的范围内。")
    refuse_stale(held, based_on=based_on)
    return held


def _duplicate(facts: SiteFacts, *, street: Area) -> DuplicateSite:
    return DuplicateSite(f"{street.name}已有叫“{facts.name}”的楼宇园区，同一街道的名称不能重复。")
