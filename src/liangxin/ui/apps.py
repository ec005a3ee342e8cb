from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "liangxin.ui"
    label = "ui"
