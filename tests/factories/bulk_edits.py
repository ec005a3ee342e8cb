"""Changes of many organisations at once, as somebody else made them."""

from liangxin.registry.models import Provenance
from liangxin.registry.queries.bulk_edit import BULK_SOURCE
from liangxin.registry.terms import SourceKind
from tests.factories.registry import make_provenance


def other_bulk_act() -> Provenance:
    """An act of nobody who looks; it changed nothing."""
    return make_provenance(source=f"{BULK_SOURCE}行业改为“未填”", kind=SourceKind.FORM)
