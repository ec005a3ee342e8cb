"""Accounts: the list, one account with its roles, and what an administrator does to it."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.accounts.actions import (
    OwnAccount,
    RoleAlreadyHeld,
    ScopeDoesNotFit,
    UsernameTaken,
    create_user,
    deactivate_user,
    end_grant,
    grant_role,
    new_password,
    reactivate_user,
    reset_password,
)
from liangxin.accounts.forms import GrantForm, NewUserForm, ScopeQuestion
from liangxin.accounts.models import AccountEnd, RoleGrant
from liangxin.accounts.queries import (
    described_grants,
    holds_no_role,
    holds_role,
    scope_choices,
    users,
)
from liangxin.accounts.queries.proofs import has_second_factor
from liangxin.kernel.models import User
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import ROLE_TITLES, SCOPE_TITLES, Role
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

NO_ROLE = "none"
STATES = {
    "on": ("可以登录", Q(is_active=True)),
    "off": ("已停用", Q(is_active=False)),
    "never": ("从未登录", Q(is_active=True, last_login__isnull=True)),
}


@page(Permission.MANAGE_USERS)
def user_list(request: ViewerRequest) -> HttpResponse:
    """用户."""
    today = timezone.localdate()
    roles = [(str(role), title) for role, title in ROLE_TITLES.items()]
    listing = Listing(
        code="users",
        title="用户",
        columns=(
            ListColumn(
                "name",
                "姓名",
                lambda row: row.name,
                link=lambda row: reverse("user", args=(row.pk,)),
                sort=("name",),
            ),
            ListColumn("username", "登录名", lambda row: row.username, sort=("username",)),
            ListColumn("roles", "角色", _roles_in_words),
            ListColumn("state", "状态", _state),
            ListColumn("login", "最近登录", lambda row: row.last_login, sort=("last_login",)),
            ListColumn(
                "created", "建立时间", lambda row: row.created_at, sort=("created_at",), wide=True
            ),
        ),
        filters=(
            ListFilter(
                "role",
                "角色",
                (*roles, (NO_ROLE, "还没有角色")),
                lambda value: (
                    holds_no_role(at=today) if value == NO_ROLE else holds_role(value, at=today)
                ),
            ),
            ListFilter(
                "state",
                "状态",
                tuple((code, title) for code, (title, _) in STATES.items()),
                lambda value: STATES[value][1],
            ),
        ),
        search=lambda text: Q(name__icontains=text) | Q(username__icontains=text),
        search_hint="姓名或登录名",
        export_permission=Permission.MANAGE_USERS,
    )
    found = users(request.viewer, at=today)
    return list_response(request, listing, found, template="accounts/users.html")


@page(Permission.MANAGE_USERS)
@never_cache
def create(request: ViewerRequest) -> HttpResponse:
    """新建账号."""
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = new_password()
        try:
            user = create_user(**form.cleaned_data, password=password, by=request.viewer)
        except UsernameTaken as refusal:
            form.add_error("username", str(refusal))
        else:
            return _password_once(request, user, password)
    return render(request, "accounts/user_form.html", {"form": form})


@page(Permission.MANAGE_USERS)
@never_cache
def user_page(request: ViewerRequest, user_id: int) -> HttpResponse:
    """One account; with an htmx request only the form that picks a scope."""
    user = get_object_or_404(User, pk=user_id)
    question = ScopeQuestion(request.GET)
    kind = question.chosen_kind
    today = timezone.localdate()
    context = {
        "account": user,
        "question": question,
        "kind_title": SCOPE_TITLES[kind] if kind else "",
        "has_second_factor": has_second_factor(user),
        "choices": scope_choices(kind, question.wanted) if kind else [],
        "today": today,
    }
    if getattr(request, "htmx", None):
        return render(request, "accounts/_scope_picker.html", context)
    context["grants"] = described_grants(user, at=today)
    context["account_end"] = AccountEnd.objects.filter(user=user).first()
    return render(request, "accounts/user.html", context)


@page(Permission.MANAGE_USERS)
@require_POST
def grant(request: ViewerRequest, user_id: int) -> HttpResponse:
    """Give a role."""
    user = get_object_or_404(User, pk=user_id)
    form = GrantForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(one[0]) for one in form.errors.values()))
        return redirect("user", user_id)
    role, scope, from_date = form.granted()
    try:
        grant_role(user, role=role, scope=scope, from_date=from_date, by=request.viewer)
    except (ScopeDoesNotFit, RoleAlreadyHeld) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已授予{ROLE_TITLES[role]}。")
    return redirect("user", user_id)


@page(Permission.MANAGE_USERS)
@require_POST
def end(request: ViewerRequest, grant_id: int) -> HttpResponse:
    """Take a role back."""
    found = get_object_or_404(RoleGrant, pk=grant_id)
    end_grant(found, today=timezone.localdate(), by=request.viewer)
    messages.success(request, f"已收回{ROLE_TITLES[Role(found.role)]}，立即生效。")
    return redirect("user", found.user_id)


@page(Permission.MANAGE_USERS)
@require_POST
def switch(request: ViewerRequest, user_id: int) -> HttpResponse:
    """Switch an account off or on."""
    user = get_object_or_404(User, pk=user_id)
    try:
        if request.POST.get("state") == "on":
            reactivate_user(user, by=request.viewer)
        else:
            deactivate_user(user, by=request.viewer)
    except OwnAccount as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "账号已恢复。" if user.is_active else "账号已停用，立即生效。")
    return redirect("user", user_id)


@page(Permission.MANAGE_USERS)
@require_POST
@never_cache
def reset(request: ViewerRequest, user_id: int) -> HttpResponse:
    """Reset a password and show the new one, this once."""
    user = get_object_or_404(User, pk=user_id)
    return _password_once(request, user, reset_password(user, by=request.viewer))


def _password_once(request: ViewerRequest, user: User, password: str) -> HttpResponse:
    # Shown in this answer only: a redirect would have to keep it in the session.
    context = {"account": user, "password": password}
    return render(request, "accounts/password_once.html", context)


def _roles_in_words(user: User) -> str:
    held = {Role(one.role) for one in user.running_grants}  # type: ignore[attr-defined]
    return "、".join(ROLE_TITLES[role] for role in ROLE_TITLES if role in held)


def _state(user: User) -> str:
    end: AccountEnd | None = getattr(user, "account_end", None)
    if end is None or not user.is_active:
        return "可以登录" if user.is_active else "已停用"
    return "已停用" if end.on_date <= timezone.localdate() else f"可以登录，{end.on_date} 停用"
