"""Organisations without members and who has room for them, as a flow problem and back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liangxin.coverage.models import BranchProposal, ProposedAttachment, ProposedGroup, ProposedUnit
from liangxin.coverage.planning.plane import Plane
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.takers import Taker
from liangxin.coverage.terms import AttachmentKind, PlanParameters
from liangxin.optimize.attachment.problem import NONE, AttachmentProblem
from liangxin.optimize.attachment.solution import AttachmentSolution, UnattachedReason

KILOMETRE_M = 1000
BY_STREET = "单位或联系人的位置不详，按同一街道安排。"
NO_POSITION = "台账中没有这家单位的位置，同街道也没有名额，补录位置后再安排。"


@dataclass(frozen=True)
class Host:
    """Somebody with room: a taker of the ledger, or the host of a proposed group."""

    taker: Taker
    group: ProposedGroup | None = None


def attachment_hosts(
    takers: Sequence[Taker],
    groups: Sequence[ProposedGroup],
    units: Sequence[ProposedUnit],
    *,
    parameters: PlanParameters,
) -> list[Host]:
    """Takers of the ledger, then the branches proposed, each where its host stands."""
    place = {unit.organisation_id: unit for unit in units if unit.is_host}
    hosts = [Host(taker) for taker in takers]
    for group in groups:
        if group.host_id is None:  # joins a branch that stands, which is among the takers itself
            continue
        stands = place[group.host_id]
        taker = Taker(
            kind=AttachmentKind.GROUP,
            key=group.number,
            name=stands.name,
            street_id=group.street_id,
            lon=stands.lon,
            lat=stands.lat,
            places=parameters.branch_places,
        )
        hosts.append(Host(taker, group))
    return hosts


def attachment_problem(
    organisations: Sequence[PlannedOrganisation],
    hosts: Sequence[Host],
    *,
    parameters: PlanParameters,
    plane: Plane,
) -> AttachmentProblem:
    """Who may be attached to whom; organisation i is `organisations[i]`, taker j is `hosts[j]`."""
    x_m, y_m = plane.metres([one.lon for one in organisations], [one.lat for one in organisations])
    takers = [host.taker for host in hosts]
    taker_x_m, taker_y_m = plane.metres([one.lon for one in takers], [one.lat for one in takers])
    return AttachmentProblem(
        x_m=x_m,
        y_m=y_m,
        street=_streets(organisations),
        taker_x_m=taker_x_m,
        taker_y_m=taker_y_m,
        taker_street=_streets(takers),
        places=np.array([one.places for one in takers], dtype=np.int64),
        loads=np.array([one.load for one in takers], dtype=np.int64),
        radius_m=parameters.attachment_radius_m,
    )


def attachment_rows(
    proposal: BranchProposal,
    solution: AttachmentSolution,
    *,
    organisations: Sequence[PlannedOrganisation],
    hosts: Sequence[Host],
    parameters: PlanParameters,
) -> list[ProposedAttachment]:
    """One row for every organisation, also for those whom nobody can take."""
    rows = []
    for place, one in enumerate(organisations):
        row = ProposedAttachment(
            proposal=proposal,
            organisation_id=one.organisation_id,
            kind=AttachmentKind.NONE,
            name=one.name,
            street_id=one.street_id,
        )
        if place in solution.reasons:
            row.text = _why_nobody(one, solution.reasons[place], parameters=parameters)
        else:
            way_m = float(solution.way_m[place])
            _attach(row, hosts[int(solution.taker[place])], way_m=way_m)
        rows.append(row)
    return rows


def _attach(row: ProposedAttachment, host: Host, *, way_m: float) -> None:
    row.kind = host.taker.kind
    row.way_m = None if np.isnan(way_m) else way_m
    row.text = BY_STREET if row.way_m is None else ""
    if host.group is not None:
        row.group = host.group
    elif host.taker.kind == AttachmentKind.BRANCH:
        row.party_organisation_id = host.taker.key
    else:
        row.person_id = host.taker.key


def _why_nobody(
    one: PlannedOrganisation, reason: UnattachedReason, *, parameters: PlanParameters
) -> str:
    around = f"{parameters.attachment_radius_m / KILOMETRE_M:g} 公里内"
    if reason is UnattachedReason.NO_PLACES:
        return f"{around}的党组织、指导员和联络员名额已满，需增派。"
    if not one.has_position:
        return NO_POSITION
    return f"{around}没有党组织、指导员或联络员，需选派。"


def _streets(
    places: Sequence[PlannedOrganisation] | Sequence[Taker],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    keys = [NONE if one.street_id is None else one.street_id for one in places]
    return np.array(keys, dtype=np.int64)
