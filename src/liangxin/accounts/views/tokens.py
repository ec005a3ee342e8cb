"""Tokens by which other programs ask in one's name."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.accounts.actions.tokens import TokenRefused, create_token, revoke_token
from liangxin.accounts.forms.tokens import TokenForm
from liangxin.accounts.queries import scope_titles
from liangxin.accounts.queries.tokens import own_tokens
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import ROLE_TITLES, Held, Viewer


@page(Permission.USE_API)
@never_cache
def token_list(request: ViewerRequest) -> HttpResponse:
    """One's tokens, and the form that makes another."""
    today = timezone.localdate()
    form = TokenForm(request.POST or None, titles=_titles(request.viewer), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = create_token(**form.cleaned_data, today=today, by=request.viewer)
        except TokenRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            # Shown in this answer only: a redirect would have to keep it in the session.
            return render(request, "accounts/token_once.html", {"token": token, "secret": secret})
    context = {"form": form, "tokens": own_tokens(request.viewer), "today": today}
    return render(request, "accounts/tokens.html", context)


@page(Permission.USE_API)
@require_POST
def revoke(request: ViewerRequest, token_id: int) -> HttpResponse:
    """End one's token."""
    token = get_object_or_404(own_tokens(request.viewer), pk=token_id)
    revoke_token(token, by=request.viewer)
    messages.success(request, f"“{token.name}”已作废，立即生效。")
    return redirect("tokens")


def _titles(viewer: Viewer) -> Mapping[Held, str]:
    held = sorted(one for one in viewer.held if one.role in roles_with(Permission.USE_API))
    scopes = scope_titles(one.scope for one in held)
    return {one: f"{ROLE_TITLES[one.role]}（{scopes[one.scope] or '—'}）" for one in held}
