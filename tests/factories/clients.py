"""A browser that is logged in as a viewer of tests/factories/viewers.py."""

from datetime import date
from itertools import count

from django.test import Client

from liangxin.accounts.models import RoleGrant
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Viewer

_serial = count(1)


def client_of(viewer: Viewer) -> Client:
    """A client whose account holds what `viewer` holds, since 2020."""
    user = User.objects.create(username=f"user{next(_serial)}", name=viewer.name)
    for held in viewer.held:
        RoleGrant.objects.create(
            user=user,
            role=held.role,
            scope_kind=held.scope.kind,
            scope_key=held.scope.key,
            valid_from=date(2020, 1, 1),
        )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
