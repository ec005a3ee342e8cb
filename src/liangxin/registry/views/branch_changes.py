"""Pages by which units join or leave a joint branch that stands, and by which one is dissolved."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.branch_changes import (
    dissolve_joint_branch,
    join_joint_branch,
    leave_joint_branch,
)
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.branch_changes import BranchActForm, JoiningForm
from liangxin.registry.forms.reorganising import ActForm
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisationVersion,
    Reorganisation,
)
from liangxin.registry.queries.keeping import kept_units
from liangxin.registry.queries.party_following import following_from
from liangxin.registry.terms import PartyKind
from liangxin.registry.views.form_pages import FormPage, leave, shown
from liangxin.registry.views.party_forms import kept


@page(Permission.EDIT_LEDGER)
@never_cache
def join(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """加入联合党支部."""
    today = timezone.localdate()
    version = _kept_joint(request, party_organisation_id)
    form = JoiningForm(
        request.POST or None, viewer=request.viewer, today=today, unit=_asked_unit(request)
    )

    def act() -> Reorganisation:
        return join_joint_branch(
            version.party_organisation,
            form.cleaned_data["organisation"].organisation,
            by=request.viewer,
            order=form.order(),
            today=today,
        )

    around = _around(
        version,
        title="增加涵盖单位",
        lead="从这天起算这个联合党支部的组织覆盖；党员的组织关系另行转接。",
    )
    return _answered(request, form, act, around=around)


@page(Permission.EDIT_LEDGER)
@never_cache
def leave_branch(
    request: ViewerRequest, party_organisation_id: int, organisation_id: int
) -> HttpResponse:
    """退出联合党支部."""
    today = timezone.localdate()
    version = _kept_joint(request, party_organisation_id)
    coverage = get_object_or_404(
        PartyCoverage.objects.select_related("organisation"),
        party_organisation_id=party_organisation_id,
        organisation_id=organisation_id,
        valid_to__isnull=True,
    )
    form = BranchActForm(request.POST or None, today=today)

    def act() -> Reorganisation:
        return leave_joint_branch(
            version.party_organisation,
            coverage.organisation,
            by=request.viewer,
            order=form.order(),
            today=today,
        )

    named = coverage.organisation.versions.filter(valid_to__isnull=True).first()
    lead = (
        f"“{named or coverage.organisation}”从这天起不再由它涵盖，可以重新编组；"
        "党员的组织关系还在这里的，会列在“离开与变动”里逐人办理。"
    )
    return _answered(request, form, act, around=_around(version, title="退出支部", lead=lead))


@page(Permission.EDIT_LEDGER)
@never_cache
def dissolve(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """撤销联合党支部."""
    today = timezone.localdate()
    version = _kept_joint(request, party_organisation_id)
    form = BranchActForm(request.POST or None, today=today)

    def act() -> Reorganisation:
        return dissolve_joint_branch(
            version.party_organisation, by=request.viewer, order=form.order(), today=today
        )

    around = _around(
        version, title="撤销", template="registry/party_dissolve.html", submit="登记撤销"
    )
    more: dict[str, object] = {"following": following_from(party_organisation_id, at=today)}
    return _answered(request, form, act, around=around, more=more)


def _answered(
    request: ViewerRequest,
    form: ActForm,
    act: Callable[[], Reorganisation],
    *,
    around: FormPage,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"已登记。{done}。登记错了的，可以在这里整件撤销。")
            return leave(request, reverse("reorganisation", args=[done.pk]))
    return shown(request, form, around, refusal=refusal, more=more)


def _asked_unit(request: ViewerRequest) -> OrganisationVersion | None:
    """The unit that another page proposes."""
    asked = request.GET.get("unit", "")
    if not asked.isdecimal():
        return None
    own = kept_units(request.viewer, at=timezone.localdate()).select_related("organisation")
    return own.filter(organisation_id=int(asked)).first()


def _kept_joint(request: ViewerRequest, party_organisation_id: int) -> PartyOrganisationVersion:
    version = kept(request, party_organisation_id)
    if version.kind != PartyKind.JOINT_BRANCH:
        raise Http404
    return version


def _around(
    version: PartyOrganisationVersion,
    *,
    title: str,
    lead: str = "",
    submit: str = "登记",
    template: str = "registry/ledger_form.html",
) -> FormPage:
    return FormPage(
        title=title,
        back_url=reverse("party-organisation", args=[version.party_organisation_id]),
        back_name=version.name,
        lead=lead,
        submit=submit,
        template=template,
    )
