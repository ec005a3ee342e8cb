from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "liangxin.kernel"
    label = "kernel"
