from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "liangxin.intake"
    label = "intake"
