"""Coming in, going out, and changing one's own password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from liangxin.accounts.actions import change_own_password
from liangxin.accounts.forms import LoginForm, OwnPasswordForm
from liangxin.accounts.queries import demo_logins
from liangxin.accounts.queries.proofs import has_second_factor
from liangxin.accounts.views.entering import enter, onward
from liangxin.accounts.views.second_step import ask_second_step
from liangxin.kernel.models import User
from liangxin.kernel.pages import ViewerRequest, open_page, page
from liangxin.kernel.permissions import Permission


class _Login(LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password was right; whoever set up a second proof is asked for it."""
        user = form.get_user()
        wanted = self.get_redirect_url()
        if has_second_factor(user):
            return ask_second_step(self.request, user, wanted=wanted)
        enter(self.request, user, is_two_step=False)
        return redirect(onward(self.request, wanted))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = demo_logins() if settings.DEMO_MODE else ()
        return {**super().get_context_data(**kwargs), "demo_logins": demo}


login = open_page(never_cache(_Login.as_view()))
logout = open_page(LogoutView.as_view())


@open_page
def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """What axes answers after too many wrong passwords."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)


@page(Permission.SEE_HOME)
@sensitive_post_parameters()
@never_cache
def password(request: ViewerRequest) -> HttpResponse:
    """Change one's own password; other sessions of the account end."""
    user = User.objects.get(username=request.viewer.username)
    form = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_own_password(user, new=form.cleaned_data["new_password1"], by=request.viewer)
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，其他地方的登录已退出。")
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form})
