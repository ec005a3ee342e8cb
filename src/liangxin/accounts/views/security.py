"""How one's own account is protected: authenticator app, passkeys, recovery codes, where it is signed in."""

import pyotp
import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from liangxin.accounts.actions.passkeys import (
    SITE_NAME,
    Ceremony,
    PasskeyRefused,
    begin_registration,
    register_passkey,
)
from liangxin.accounts.actions.proofs import (
    AlreadyOn,
    WrongCode,
    begin_totp,
    confirm_totp,
    new_recovery_codes,
    pending_secret,
    remove_passkey,
    remove_totp,
    reset_second_factors,
)
from liangxin.accounts.actions.sign_ins import end_other_sign_ins
from liangxin.accounts.forms.proofs import CodeForm, OwnPasswordAgainForm
from liangxin.accounts.models import Passkey
from liangxin.accounts.queries.proofs import protection, running_sign_ins
from liangxin.accounts.views.entering import TWO_STEP, must_add_second_factor, place_of
from liangxin.accounts.views.second_step import CEREMONY, answer_of
from liangxin.kernel.models import User
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may


@page(Permission.SEE_HOME)
@never_cache
def security(request: ViewerRequest) -> HttpResponse:
    """What protects one's account, and where it is signed in now."""
    user = _own(request)
    context = {
        "protection": protection(user),
        "must_add_second_factor": must_add_second_factor(request),
        "may_use_api": may(request.viewer, Permission.USE_API),
        "sign_ins": running_sign_ins(user),
        "here": request.session.session_key,
        "password_form": OwnPasswordAgainForm(user),
    }
    return render(request, "accounts/security.html", context)


@page(Permission.SEE_HOME)
@sensitive_post_parameters()
@never_cache
def totp(request: ViewerRequest) -> HttpResponse:
    """Set up the authenticator app: scan, type the first code, keep the recovery codes."""
    user = _own(request)
    form = CodeForm(request.POST or None)
    form.fields["code"].help_text = "身份验证应用里正在显示的 6 位数字。"
    try:
        if request.method == "POST" and form.is_valid():
            code = form.cleaned_data["code"]
            codes = confirm_totp(user, code=code, now=timezone.now(), by=request.viewer)
            request.session[TWO_STEP] = True
            return _codes_once(request, codes)
        secret = (request.method == "POST" and pending_secret(user)) or begin_totp(
            user, by=request.viewer
        )
    except AlreadyOn as refusal:
        messages.info(request, str(refusal))
        return redirect("security")
    except WrongCode as refusal:
        form.add_error("code", str(refusal))
        secret = pending_secret(user) or begin_totp(user, by=request.viewer)
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=SITE_NAME)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    context = {"form": form, "picture": picture, "secret": secret}
    return render(request, "accounts/totp.html", context)


@page(Permission.SEE_HOME)
@require_POST
@sensitive_post_parameters()
def totp_off(request: ViewerRequest) -> HttpResponse:
    """Switch the authenticator app off; asks for the password."""
    user = _own(request)
    if _password_again(request, user):
        remove_totp(user, by=request.viewer)
        messages.success(request, "手机动态码已停用。")
    return redirect("security")


@page(Permission.SEE_HOME)
@require_POST
@sensitive_post_parameters()
@never_cache
def recovery_codes(request: ViewerRequest) -> HttpResponse:
    """Make fresh recovery codes; asks for the password."""
    user = _own(request)
    if not _password_again(request, user):
        return redirect("security")
    return _codes_once(request, new_recovery_codes(user, by=request.viewer))


@page(Permission.SEE_HOME)
@require_POST
@never_cache
def passkey_new(request: ViewerRequest) -> HttpResponse:
    """What the browser asks the device for."""
    ceremony = begin_registration(_own(request), place=place_of(request), by=request.viewer)
    request.session[CEREMONY] = dict(ceremony.state)
    return JsonResponse(dict(ceremony.options))


@page(Permission.SEE_HOME)
@require_POST
def passkey_keep(request: ViewerRequest) -> HttpResponse:
    """Keep the public key the device made."""
    state, answer = request.session.pop(CEREMONY, None), answer_of(request)
    if state is None or answer is None:
        return JsonResponse({"refused": "等待太久，请再试一次。"}, status=400)
    try:
        made = register_passkey(
            _own(request),
            name=str(answer.pop("name", "")),
            answer=answer,
            ceremony=Ceremony({}, state),
            place=place_of(request),
            by=request.viewer,
        )
    except PasskeyRefused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=400)
    request.session[TWO_STEP] = True
    messages.success(request, f"已登记“{made.name}”，以后可以用它登录。")
    return JsonResponse({"url": request.path.rsplit("/passkeys/", 1)[0] + "/"})


@page(Permission.SEE_HOME)
@require_POST
@sensitive_post_parameters()
def passkey_remove(request: ViewerRequest, passkey_id: int) -> HttpResponse:
    """Forget a device; asks for the password."""
    user = _own(request)
    passkey = get_object_or_404(Passkey, pk=passkey_id, user=user)
    if _password_again(request, user):
        remove_passkey(passkey, by=request.viewer)
        messages.success(request, f"已删除“{passkey.name}”。")
    return redirect("security")


@page(Permission.SEE_HOME)
@require_POST
def end_sign_ins(request: ViewerRequest) -> HttpResponse:
    """Sign out everywhere else."""
    here = request.session.session_key or ""
    ended = end_other_sign_ins(_own(request), session_key=here, by=request.viewer)
    messages.success(request, f"已退出其他 {ended} 处登录。")
    return redirect("security")


@page(Permission.MANAGE_USERS)
@require_POST
def reset_two_step(request: ViewerRequest, user_id: int) -> HttpResponse:
    """An administrator opens the account of somebody who lost the phone and the paper."""
    user = get_object_or_404(User, pk=user_id)
    reset_second_factors(user, by=request.viewer)
    messages.success(request, "两步验证已清除，本人可凭密码登录后重新设置。")
    return redirect("user", user_id)


def _own(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 (the page guard lets nobody else in)
    return user


def _password_again(request: ViewerRequest, user: User) -> bool:
    form = OwnPasswordAgainForm(user, request.POST)
    if form.is_valid():
        return True
    messages.error(request, " ".join(str(error) for error in form.errors.get("password", [])))
    return False


def _codes_once(request: ViewerRequest, codes: list[str]) -> HttpResponse:
    # Shown in this answer only: a redirect would have to keep them in the session.
    return render(request, "accounts/recovery_codes.html", {"codes": codes})
