from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "liangxin.coverage"
    label = "coverage"
