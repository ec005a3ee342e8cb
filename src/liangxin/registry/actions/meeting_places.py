"""Where a Party organisation meets: told from a day on."""

from datetime import date

from django.db import transaction

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import BeforeFounding
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.party_register import held_party_organisation
from liangxin.registry.actions.refusals import NothingChanged, RefusedChange
from liangxin.registry.actions.telling import FORM_SOURCE, Telling, refuse_future, tell_fact
from liangxin.registry.models import MeetingPlace, PartyOrganisation, Provenance, Site

MAX_PLACE = 120


class NoPlace(RefusedChange):
    """Neither a site nor words were given, or the words are too long."""

    field = "place_text"


def tell_meeting_place(
    party_organisation: PartyOrganisation,
    *,
    site: Site | None,
    text: str,
    by: Viewer,
    from_date: date,
    today: date,
) -> None:
    """Let a standing Party organisation meet there from a day on; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=from_date)
        current = held_party_organisation(party_organisation, by=by)
        founded = current.party_organisation.founded_date
        if founded and from_date < founded:
            raise BeforeFounding(f"这个党组织 {founded} 才成立，日期不能更早。")
        if not place_told(party_organisation, site=site, text=text, told=told, from_date=from_date):
            raise NothingChanged("会议地点没有变化。")
        audit.record(
            "party_organisation.meeting_place",
            by=by,
            summary=f"登记“{current.name}”的会议地点",
            about=party_organisation,
            details={"valid_from": from_date.isoformat()},
        )


def place_told(
    party_organisation: PartyOrganisation,
    *,
    site: Site | None,
    text: str,
    told: Provenance,
    from_date: date,
) -> bool:
    """Write the place as part of another act; False where nothing differs. Raises NoPlace."""
    text = text.strip()
    if site is None and not text:
        raise NoPlace("请选择楼宇园区，或者写明会议地点。")
    if len(text) > MAX_PLACE:
        raise NoPlace(f"会议地点不能超过 {MAX_PLACE} 个字。")
    values = {"site_id": site.pk if site else None, "text": text}
    keys = {"party_organisation": party_organisation}
    return tell_fact(MeetingPlace, keys, values, telling=Telling(told=told, from_date=from_date))
