"""Signing in beyond the password: a code from the app or from paper, or a passkey alone."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from liangxin.accounts.actions.passkeys import (
    Ceremony,
    PasskeyRefused,
    begin_signing_in,
    user_of_passkey,
)
from liangxin.accounts.actions.proofs import TooManyCodes, WrongCode, check_code
from liangxin.accounts.forms.proofs import CodeForm
from liangxin.accounts.queries.proofs import protection
from liangxin.accounts.views.entering import enter, onward, place_of
from liangxin.kernel.models import User
from liangxin.kernel.pages import open_page

PENDING = "second_step"
CEREMONY = "passkey_ceremony"
# Whoever knows the password has this long to bring the second proof.
PATIENCE_S = 300


def ask_second_step(request: HttpRequest, user: User, *, wanted: str) -> HttpResponse:
    """Remember that the password was right, and ask for the second proof."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "at": timezone.now().timestamp(),
        "wanted": wanted,
    }
    return redirect("second-step")


@open_page
@sensitive_post_parameters()
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code."""
    pending = request.session.get(PENDING, {})
    user = User.objects.filter(pk=pending.get("user"), is_active=True).first()
    if user is None or timezone.now().timestamp() - pending["at"] > PATIENCE_S:
        request.session.pop(PENDING, None)
        messages.warning(request, "等待太久，请重新输入密码。")
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_code(user, code=form.cleaned_data["code"], now=timezone.now())
        except (WrongCode, TooManyCodes) as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[PENDING]
            enter(request, user, is_two_step=True)
            return redirect(onward(request, pending["wanted"]))
    proofs = protection(user)
    context = {
        "form": form,
        "account": user,
        "has_totp": proofs.has_totp,
        "has_passkeys": bool(proofs.passkeys),
    }
    return render(request, "accounts/second_step.html", context)


@open_page
@require_POST
@never_cache
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """What the browser asks the device for."""
    ceremony = begin_signing_in(place=place_of(request))
    request.session[CEREMONY] = dict(ceremony.state)
    return JsonResponse(dict(ceremony.options))


@open_page
@require_POST
@never_cache
def passkey_enter(request: HttpRequest) -> HttpResponse:
    """Check the device's answer and sign in: a passkey is something one has and something one is or knows."""
    state = request.session.pop(CEREMONY, None)
    answer = answer_of(request)
    if state is None or answer is None:
        return JsonResponse({"refused": "等待太久，请再试一次。"}, status=400)
    wanted = str(request.session.get(PENDING, {}).get("wanted", request.GET.get("next", "")))
    try:
        user = user_of_passkey(
            answer, ceremony=Ceremony({}, state), place=place_of(request), now=timezone.now()
        )
    except PasskeyRefused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=400)
    request.session.pop(PENDING, None)
    enter(request, user, is_two_step=True)
    return JsonResponse({"url": onward(request, wanted)})


def answer_of(request: HttpRequest) -> dict[str, Any] | None:
    """The JSON object a script sent; None for anything else."""
    try:
        told = json.loads(request.body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
