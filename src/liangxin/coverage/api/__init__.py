"""Both coverages and the plans that close their gaps, for programs."""

from ninja import Router

from liangxin.coverage.api.figures import router as figures
from liangxin.coverage.api.plans import router as plans

router = Router()
for part in (figures, plans):
    router.add_router("", part)

__all__ = ["router"]
