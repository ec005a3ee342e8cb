"""Sets of documents as arrays: how an index packs them, and one index open for reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from liangxin.registry.models import SearchBlock, SearchIndex, SearchPosting
from liangxin.registry.queries.search_tokens import EDITION
from liangxin.registry.terms import Searched

Places = NDArray[np.bool_]
Keys = NDArray[np.int64]
BLOCK = 8192
SPARSE, DENSE = b"s", b"d"
KEPT_TOKENS = 4000


def packed(places: NDArray[np.uint32], *, size: int) -> bytes:
    """Sorted places among `size`, as numbers or as bits, whichever is shorter."""
    if places.nbytes * 8 <= size:
        return SPARSE + places.astype("<u4").tobytes()
    bits = np.zeros(size, dtype=np.bool_)
    bits[places] = True
    return DENSE + np.packbits(bits).tobytes()


def unpacked(data: bytes | memoryview, *, size: int) -> Places:
    """The set that `packed` made."""
    raw = bytes(data)
    if raw[:1] == DENSE:
        bits = np.frombuffer(raw, dtype=np.uint8, offset=1)
        return np.unpackbits(bits, count=size).view(np.bool_)
    found = np.zeros(size, dtype=np.bool_)
    found[np.frombuffer(raw, dtype="<u4", offset=1)] = True
    return found


def newest_index() -> SearchIndex | None:
    """The newest finished index of today's edition."""
    finished = SearchIndex.objects.filter(finished_at__isnull=False, edition=EDITION)
    return finished.order_by("-id").first()


@dataclass
class Shelf:
    """The documents of one kind in one index; tokens are fetched by `open_shelves` and then combined."""

    index: SearchIndex
    kind: Searched
    _fetched: dict[str, bytes | memoryview] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.index.sizes.get(self.kind, 0)

    def holding(self, tokens: Sequence[str]) -> Places:
        """The documents that hold all of some tokens fetched before."""
        found: Places | None = None
        for token in tokens:
            data = self._fetched.get(token)
            if data is None:
                return self.none()
            places = unpacked(data, size=self.size)
            found = places if found is None else found & places
        return self.none() if found is None else found

    def of_keys(self, keys: Iterable[int]) -> Places:
        """The documents of these objects."""
        found = self.none()
        order, ordered = _ordered_keys(self._name)
        asked = np.fromiter(keys, dtype=np.int64)
        if not asked.size or not ordered.size:
            return found
        spots = np.searchsorted(ordered, asked).clip(max=ordered.size - 1)
        found[order[spots[ordered[spots] == asked]]] = True
        return found

    def keys_at(self, places: NDArray[np.intp]) -> list[int]:
        """The objects at some places, in the order of the places."""
        every = _keys(self._name)
        # An index that another has replaced meanwhile may be gone between two questions.
        return [int(key) for key in every[places[places < every.size]]]

    def none(self) -> Places:
        """No document."""
        return np.zeros(self.size, dtype=np.bool_)

    @property
    def _name(self) -> "ShelfName":
        return self.index.pk, self.index.finished_at, self.kind


def open_shelves(
    index: SearchIndex | None, kinds: Iterable[Searched], tokens: Iterable[str]
) -> dict[Searched, Shelf]:
    """The documents of some kinds, with what is needed of their tokens read in one query."""
    if index is None:
        return {}
    shelves = {kind: Shelf(index, kind) for kind in kinds}
    filled = [kind for kind, shelf in shelves.items() if shelf.size]
    found = SearchPosting.objects.filter(
        index=index, kind__in=filled, token__in=sorted(set(tokens))
    ).order_by()
    for kind, token, places in found.values_list("kind", "token", "places"):
        shelves[Searched(kind)]._fetched[token] = places
    return shelves


# A restored backup gives an index's key to another one, hence the time.
ShelfName = tuple[int, datetime | None, Searched]


@lru_cache(maxsize=10)
def _keys(name: ShelfName) -> Keys:
    """The object of each place. Kept: a finished index never changes."""
    index_id, _, kind = name
    blocks = SearchBlock.objects.filter(index_id=index_id, kind=kind).order_by("number")
    parts = [
        np.frombuffer(bytes(keys), dtype="<i8") for keys in blocks.values_list("keys", flat=True)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype="<i8")


@lru_cache(maxsize=10)
def _ordered_keys(name: ShelfName) -> tuple[NDArray[np.intp], Keys]:
    """Where each key stands, and the keys in ascending order."""
    every = _keys(name)
    order = np.argsort(every, kind="stable")
    return order, every[order]
