"""The key figures of a proposal in plain words, each with its denominator and the list behind it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.proposal_summary import SeenCounts
from liangxin.coverage.terms import ProposalFigures, ReasonCode, Slice
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.sites import editable_streets
from liangxin.ui.templatetags.ui import percent, thousands

LIST = "#list"
HOW = "#how"


@dataclass(frozen=True, kw_only=True)
class ShownFigure:
    """One figure: its name, its value, what it is a part of, a remark, and the address of its list."""

    label: str
    value: str
    of: str = ""
    note: str = ""
    url: str = ""


def whole_figures(
    proposal: BranchProposal, known: ProposalFigures, seen: SeenCounts, *, viewer: Viewer
) -> tuple[ShownFigure, ...]:
    """For whoever answers for all that the proposal is about."""
    return (
        _coverage_figure(proposal, known, viewer=viewer),
        ShownFigure(
            label="拟建联合党支部",
            value=thousands(known.groups),
            of=f"连同并入的共 {thousands(known.members)} 名党员"
            if known.joining_units
            else f"含党员 {thousands(known.members)} 名",
            note=_cross_street(seen),
            url=_new_ones(seen),
        ),
        ShownFigure(
            label="纳入单位",
            value=thousands(known.joined_units),
            of=f"÷ {thousands(known.candidates)} 家正式党员不足的",
            note=_with_joining(f"占 {_share(known.joined_units, known.candidates)}", seen),
            url=reverse("proposal-units", args=(proposal.pk,)),
        ),
        _left_out_figure(
            proposal,
            "未能联建",
            known.left_out,
            of=f"÷ {thousands(known.candidates)} 家正式党员不足的",
        ),
        _transfer_figure(proposal, seen),
        _attachment_figure(
            proposal,
            seen,
            note=f"任一覆盖率 {_change(known.either_before, known.either_after, known.base)}；"
            "由支部联系的，另派指导员或联络员后才计入",
        ),
        _way_figure(seen),
        _gap_figure(proposal),
    )


def local_figures(
    proposal: BranchProposal, known: ProposalFigures, seen: SeenCounts
) -> tuple[ShownFigure, ...]:
    """For a plan of the neighbourhood of one branch or unit: who is to be placed, and where they go."""
    return (
        ShownFigure(
            label="要安排的单位",
            value=thousands(known.base),
            of=f"其中 {thousands(known.covered_after)} 家有去处",
            note=f"附近看了 {thousands(known.candidates)} 家，其余不动",
        ),
        ShownFigure(
            label="并入现有支部",
            value=thousands(seen.joining_units),
            of=f"家，并入 {thousands(seen.joining)} 个支部",
            url=reverse("proposal-units", args=(proposal.pk,)),
        ),
        ShownFigure(
            label="拟建联合党支部", value=thousands(seen.new), note=_cross_street(seen), url=LIST
        ),
        _left_out_figure(
            proposal, "没有去处", known.left_out, of=f"÷ {thousands(known.base)} 家要安排的"
        ),
        _transfer_figure(proposal, seen),
        _way_figure(seen),
    )


def part_figures(proposal: BranchProposal, seen: SeenCounts) -> tuple[ShownFigure, ...]:
    """For an officer in whose scope a part of a wider proposal lies: that part only."""
    return (
        ShownFigure(
            label="与您有关的拟建支部",
            value=thousands(seen.new),
            of=f"含党员 {thousands(seen.members)} 名",
            note=_cross_street(seen),
            url=_new_ones(seen),
        ),
        ShownFigure(
            label="这些支部的单位",
            value=thousands(seen.units),
            note=_with_joining("跨街道的组含外街道单位", seen),
            url=reverse("proposal-units", args=(proposal.pk,)),
        ),
        _left_out_figure(proposal, "您范围内未能联建", seen.left_out),
        _transfer_figure(proposal, seen),
        _attachment_figure(proposal, seen, note="由谁联系逐家列出"),
        _way_figure(seen),
    )


def _coverage_figure(
    proposal: BranchProposal, known: ProposalFigures, *, viewer: Viewer
) -> ShownFigure:
    before, after = known.covered_before, known.covered_after
    return ShownFigure(
        label="组织覆盖率",
        value=_change(before, after, known.base),
        of=f"{thousands(before)} → {thousands(after)} ÷ {thousands(known.base)} 家",
        note="现在 → 支部全部成立以后",
        url=ledger_list(proposal, viewer=viewer, which=Slice.ORGANISATION.value),
    )


def _new_ones(seen: SeenCounts) -> str:
    return f"?founding=new{LIST}" if seen.joining else LIST


def _with_joining(note: str, seen: SeenCounts) -> str:
    """A note on units that goes on with those that join branches that stand, where some do."""
    if not seen.joining:
        return note
    return (
        f"{note}；其中 {thousands(seen.joining_units)} 家并入 {thousands(seen.joining)} 个现有支部"
    )


def _left_out_figure(
    proposal: BranchProposal, label: str, count: int, *, of: str = ""
) -> ShownFigure:
    return ShownFigure(
        label=label,
        value=thousands(count),
        of=of,
        note="逐家写明原因",
        url=reverse("proposal-left-out", args=(proposal.pk,)),
    )


def _transfer_figure(proposal: BranchProposal, seen: SeenCounts) -> ShownFigure:
    units = reverse("proposal-units", args=(proposal.pk,))
    return ShownFigure(
        label="需转接组织关系",
        value=thousands(seen.to_transfer),
        of=f"÷ {thousands(seen.members)} 名党员",
        note="关系在别处，转来才计入支部",
        url=f"{units}?transfer=yes",
    )


def _attachment_figure(proposal: BranchProposal, seen: SeenCounts, *, note: str) -> ShownFigure:
    open_ones = f"，{thousands(seen.unattached)} 家无着落" if seen.unattached else ""
    return ShownFigure(
        label="没有党员的单位就近联系",
        value=thousands(seen.attached),
        of=f"÷ {thousands(seen.without_members)} 家{open_ones}",
        note=note,
        url=reverse("proposal-attachments", args=(proposal.pk,)),
    )


def _way_figure(seen: SeenCounts) -> ShownFigure:
    mean = seen.mean_way_m
    return ShownFigure(
        label="每名党员单程平均",
        value="—" if mean is None else f"{thousands(round(mean))} 米",
        of=f"合计 {thousands(round(seen.cost_mm))} 人·米",
        note="去牵头单位开会的路",
        url=HOW,
    )


def _gap_figure(proposal: BranchProposal) -> ShownFigure:
    gap = proposal.gap
    return ShownFigure(
        label="比理论下界多",
        value="0%" if gap is None else percent(gap),
        of=f"{_mm(proposal.objective_mm)} 与 {_mm(proposal.bound_mm)} 人·米",
        note="已证明没有更省的排法" if proposal.is_proven_best else "越小越好，怎么算的见下",
        url=HOW,
    )


def ledger_list(proposal: BranchProposal, *, viewer: Viewer, **asked: str) -> str:
    """The coverage list over the proposal's own scope and day; '' where no single list shows it."""
    streets = {street.pk for street in proposal.streets.all()}
    told = {**asked, "at": proposal.at.isoformat()}
    # The list keeps to the viewer's scope by itself and narrows to one street at most.
    own = (
        set()
        if viewer.sees_district()
        else set(editable_streets(viewer).values_list("pk", flat=True))
    )
    if len(streets) == 1:
        told["street"] = str(streets.pop())
    elif streets and streets != own:
        return ""
    return f"{reverse('coverage-organisations')}?{urlencode(told)}"


def own_branch_list(proposal: BranchProposal, *, viewer: Viewer) -> str:
    """Units that are large enough for a branch of their own."""
    return ledger_list(
        proposal, viewer=viewer, which=Slice.WITHOUT.value, reason=ReasonCode.OWN_BRANCH.value
    )


def _cross_street(seen: SeenCounts) -> str:
    return f"其中跨街道 {thousands(seen.cross_street)} 个" if seen.cross_street else "都在本街道"


def _change(before: int, after: int, base: int) -> str:
    return f"{_share(before, base)} → {_share(after, base)}"


def _share(count: int, base: int) -> str:
    return percent(count / base if base else None)


def _mm(value: float | None) -> str:
    return thousands(None if value is None else round(value))
