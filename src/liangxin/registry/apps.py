from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "liangxin.registry"
    label = "registry"
