"""The WSGI application that granian serves, loaded whole before its first request."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from liangxin.config.lifeline import end_with_starter

end_with_starter()  # before anything is loaded: meanwhile granian's worker loses the signals it is sent
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.config.settings")
application = get_wsgi_application()


def settle() -> None:
    """Load every page now, and let the collector never sweep again what stays until the process ends.

    Each full sweep of the loaded program would hold up all requests of the process for some 90 ms, time and
    again; and whoever came first would wait for the pages to be loaded.
    """
    reverse("login")
    gc.collect()
    gc.freeze()


settle()
