from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "liangxin.insight"
    label = "insight"
