from django.apps import AppConfig

from liangxin.ui.field_words import speak_plainly


class UiConfig(AppConfig):
    name = "liangxin.ui"
    label = "ui"

    def ready(self) -> None:
        speak_plainly()
