"""Where every page lives."""

from django.urls import URLPattern, URLResolver, include, path

from liangxin.config.api import guarded_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liangxin.ui.urls")),
    path("", include("liangxin.accounts.urls")),
    path("", include("liangxin.registry.urls")),
    path("", include("liangxin.intake.urls")),
    path("", include("liangxin.coverage.urls")),
    path("", include("liangxin.insight.urls")),
    path("api/v1/", guarded_urls()),
]
