"""The facts, for programs: the same queries and actions as the pages."""

from ninja import Router

from liangxin.registry.api.organisations import router as organisations
from liangxin.registry.api.party import router as party
from liangxin.registry.api.people import router as people
from liangxin.registry.api.places import router as places
from liangxin.registry.api.rules import router as rules

router = Router()
for part in (organisations, party, people, places, rules):
    router.add_router("", part)

__all__ = ["router"]
