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
    """The documents of one kind in one index; tokens are fetched together and then combined."""

    index: SearchIndex
    kind: Searched
    _fetched: dict[str, bytes | memoryview] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        return self.index.sizes.get(self.kind, 0)

    def fetch(self, tokens: Iterable[str]) -> None:
        """Read what is not here yet, in one query."""
        missing = sorted(set(tokens) - self._asked)
        self._asked.update(missing)
        if missing and self.size:
            found = SearchPosting.objects.filter(
                index=self.index, kind=self.kind, token__in=missing
            ).order_by()
            self._fetched.update(found.values_list("token", "places"))

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
        order, ordered = _ordered_keys(self.index.pk, self.index.finished_at, self.kind)
        asked = np.fromiter(keys, dtype=np.int64)
        if not asked.size or not ordered.size:
            return found
        spots = np.searchsorted(ordered, asked).clip(max=ordered.size - 1)
        found[order[spots[ordered[spots] == asked]]] = True
        return found

    def keys_at(self, places: NDArray[np.intp]) -> list[int]:
        """The objects at some places, in the order of the places."""
        numbers = sorted({int(place) // BLOCK for place in places})
        blocks = SearchBlock.objects.filter(
            index=self.index, kind=self.kind, number__in=numbers
        ).order_by()
        held = {
            number: np.frombuffer(bytes(keys), dtype="<i8")
            for number, keys in blocks.values_list("number", "keys")
        }
        return [
            int(held[place // BLOCK][place % BLOCK])
            for place in map(int, places)
            if place // BLOCK in held
        ]

    def none(self) -> Places:
        """No document."""
        return np.zeros(self.size, dtype=np.bool_)


@lru_cache(maxsize=10)
def _ordered_keys(
    index_id: int, finished_at: datetime | None, kind: Searched
) -> tuple[NDArray[np.intp], Keys]:
    """Where each key stands, and the keys in ascending order. Kept: a finished index never changes.

    A restored backup gives an index's key to another one, hence the time.
    """
    blocks = SearchBlock.objects.filter(index_id=index_id, kind=kind).order_by("number")
    parts = [
        np.frombuffer(bytes(keys), dtype="<i8") for keys in blocks.values_list("keys", flat=True)
    ]
    every = np.concatenate(parts) if parts else np.zeros(0, dtype="<i8")
    order = np.argsort(every, kind="stable")
    return order, every[order]
