"""The lists behind a proposal's figures: its units, who is left out, and who is near those without members."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse

from liangxin.coverage.models import BranchProposal, LeftOutOrganisation
from liangxin.coverage.queries.attachment_loads import is_posted
from liangxin.coverage.queries.proposal_summary import proposed_units, streets_of
from liangxin.coverage.queries.proposals import attachments, left_out
from liangxin.coverage.terms import AttachmentKind, GroupMode, HelpKind, LeftOutCode
from liangxin.coverage.views.proposal import FOUNDING, mode_tag, ready_proposal_or_404
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.ui.listing import ListColumn, ListFilter, Listing, Ticking, list_response

# What would bring a unit into a branch after all, by the reason that kept it out.
WHAT_HELPS = {
    LeftOutCode.TOO_FEW_NEAR: "选派党建指导员或联络员；在本单位和邻近单位发展党员，够数后再测算",
    LeftOutCode.SETTLED: "放开不得同组、已定组或街道上限等人工限定后再测算",
    LeftOutCode.TOO_FAR: "放宽距离，或调高不覆盖所折合的路程后再测算",
    LeftOutCode.NO_POSITION: "在单位资料里补上楼宇园区或坐标后再测算",
}
TEMPLATE = "coverage/proposal_list.html"


@page(Permission.PLAN_BRANCHES)
def proposal_units(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """纳入单位.

    Opened to check or take away the roster of all groups; must decide whom to tell and whose relation to
    transfer. At a glance: which group each unit is in, how many members, how far from the host.
    """
    found = ready_proposal_or_404(request, proposal_id)
    rows = proposed_units(request.viewer, found)
    listing = Listing(
        code="proposal-units",
        title=f"{found.title}：纳入单位",
        columns=(
            _name(found),
            ListColumn("group", "组", _group_words, link=_group_address, sort=("group__number",)),
            ListColumn("role", "身份", _role),
            _street(),
            ListColumn(
                "site", "楼宇园区", lambda row: row.site_name, sort=("site_name",), wide=True
            ),
            ListColumn("members", "党员", lambda row: row.members, sort=("members",), numeric=True),
            ListColumn(
                "transfer",
                "需转接",
                lambda row: row.to_transfer,
                sort=("to_transfer",),
                numeric=True,
            ),
            ListColumn("mode", "组建方式", _unit_mode, sort=("mode",)),
            ListColumn(
                "way",
                "到牵头单位（米）",
                lambda row: None if row.is_host else round(row.way_m),
                sort=("way_m",),
                numeric=True,
            ),
        ),
        filters=(
            _street_filter(rows),
            ListFilter("mode", "组建方式", GroupMode.choices, lambda value: Q(mode=value)),
            ListFilter(
                "founding",
                "新建还是并入",
                FOUNDING,
                lambda value: Q(group__into_branch__isnull=value == "new"),
            ),
            ListFilter(
                "transfer",
                "组织关系",
                (("yes", "有人需转接"), ("no", "都在台账内")),
                lambda value: Q(to_transfer__gt=0) if value == "yes" else Q(to_transfer=0),
            ),
        ),
        search=lambda text: Q(name__icontains=text) | Q(site_name__icontains=text),
        search_hint="单位或楼宇名称",
        empty_title="没有纳入的单位",
        empty_text="这个方案没有编成组，看看“未能联建”里的原因。",
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(request, listing, rows, template=TEMPLATE, context={"proposal": found})


@page(Permission.PLAN_BRANCHES)
def proposal_left_out(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """未能联建.

    Opened by whoever has to care for the units that no group takes; must decide what to do for each.
    At a glance: why each was left out, and what would help.
    """
    found = ready_proposal_or_404(request, proposal_id)
    rows = left_out(request.viewer, found)
    listing = Listing(
        code="proposal-left-out",
        title=f"{found.title}：未能联建",
        columns=(
            _name(found),
            _street(),
            ListColumn("members", "党员", lambda row: row.members, sort=("members",), numeric=True),
            ListColumn("code", "原因", lambda row: row.get_code_display(), sort=("code",)),
            ListColumn("text", "说明", lambda row: row.text),
            ListColumn("help", "怎么办", _what_helps),
        ),
        filters=(
            _street_filter(rows),
            ListFilter("code", "原因", LeftOutCode.choices, lambda value: Q(code=value)),
            ListFilter("help", "怎么办", HelpKind.choices, _helped_by),
        ),
        search=lambda text: Q(name__icontains=text),
        search_hint="单位名称",
        empty_title="没有漏下的单位",
        empty_text="要安排的单位都有去处。"
        if found.is_local
        else "您范围内正式党员不足的单位都编进了组。",
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(request, listing, rows, template=TEMPLATE, context={"proposal": found})


@page(Permission.PLAN_BRANCHES)
def proposal_attachments(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """就近联系.

    Opened to hand out the firms without members; must decide whether each contact is workable.
    At a glance: who keeps in touch with whom, how far away, and which firms have nobody.
    """
    found = ready_proposal_or_404(request, proposal_id)
    rows = attachments(request.viewer, found).annotate(is_posted=is_posted())
    listing = Listing(
        code="proposal-attachments",
        title=f"{found.title}：就近联系",
        columns=(
            _name(found),
            _street(),
            ListColumn("kind", "联系方式", lambda row: row.get_kind_display(), sort=("kind",)),
            ListColumn("taker", "由谁联系", _taker, link=_taker_address, sort=("taker_name",)),
            ListColumn(
                "way",
                "距离（米）",
                lambda row: None if row.way_m is None else round(row.way_m),
                sort=("way_m",),
                numeric=True,
            ),
            ListColumn("text", "说明", lambda row: row.text, wide=True),
            ListColumn("posted", "登记", _posted_words),
        ),
        filters=(
            _street_filter(rows),
            ListFilter("kind", "联系方式", AttachmentKind.choices, lambda value: Q(kind=value)),
            ListFilter(
                "posted",
                "登记",
                (("yes", "已登记选派"), ("no", "待登记选派")),
                lambda value: Q(is_posted=value == "yes", person__isnull=False),
            ),
        ),
        search=lambda text: Q(name__icontains=text) | Q(taker_name__icontains=text),
        search_hint="单位或联系人",
        empty_title="没有需要就近联系的单位",
        empty_text="您范围内没有既无党员、又无工作覆盖的单位。",
        export_permission=Permission.EXPORT_LISTS,
        ticking=_ticking(request, found),
    )
    return list_response(request, listing, rows, template=TEMPLATE, context={"proposal": found})


def _posted_words(row: Any) -> str:
    if row.person_id is None:
        return "—"
    return "已登记" if row.is_posted else "待登记"


def _ticking(request: ViewerRequest, found: BranchProposal) -> Ticking | None:
    if not may(request.viewer, Permission.EDIT_LEDGER):
        return None
    return Ticking(
        title="选中的登记选派联系",
        url=reverse("attachments-post", args=(found.pk,)),
        value=lambda row: str(row.pk),
        label=lambda row: row.name,
    )


def _helped_by(value: str) -> Q:
    # JSON is searched as text: SQLite has no `contains` for it.
    return Q(helps__icontains=f'"{value}"')


def _what_helps(row: LeftOutOrganisation) -> str:
    """What was worked out for this organisation; of a plan made before that, what helps in general."""
    told = "；".join(
        f"或{one['text']}" if place else one["text"] for place, one in enumerate(row.helps)
    )
    return told or WHAT_HELPS[LeftOutCode(row.code)]


def _name(proposal: BranchProposal) -> ListColumn:
    asked = urlencode({"at": proposal.at.isoformat()})
    return ListColumn(
        "name",
        "单位名称",
        lambda row: row.name,
        link=lambda row: f"{reverse('organisation', args=(row.organisation_id,))}?{asked}",
        sort=("name",),
    )


def _street() -> ListColumn:
    return ListColumn("street", "街道", lambda row: row.street, sort=("street__code",))


def _street_filter(rows: Any) -> ListFilter:
    choices = [(str(key), name) for key, name in streets_of(rows)]
    return ListFilter("street", "街道", choices, lambda value: Q(street_id=int(value)))


def _group_words(row: Any) -> str:
    return f"第 {row.group.number} 组"


def _role(row: Any) -> str:
    if row.is_host:
        return "牵头单位"
    return "联建单位" if row.group.into_branch_id is None else "并入现有支部"


def _group_address(row: Any) -> str:
    return reverse("proposed-group", args=(row.proposal_id, row.group.number))


def _unit_mode(row: Any) -> object:
    return None if row.is_host else mode_tag(row)


def _taker(row: Any) -> str | None:
    return row.taker_name or None


def _taker_address(row: Any) -> str | None:
    match row.kind:
        case AttachmentKind.GROUP:
            return _group_address(row)
        case AttachmentKind.BRANCH:
            return reverse("party-organisation", args=(row.party_organisation_id,))
        case AttachmentKind.NONE:
            return None
        case _:
            return reverse("guide", args=(row.person_id,))
