from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "liangxin.accounts"
    label = "accounts"
