"""One peer on one instance, in the environment of requirements/peers.txt: `python peers.py PEER FILE LABELS`.

Writes the peer's cluster of each unit to LABELS (.npy, -1 for none); prints CPU seconds (imports and
reading apart) and peak memory as a line of JSON. How each is set:

maxp    spopt MaxPHeuristic: as many regions as possible, each with 3 members or more, then travel within
        them low (attributes x, y). Contiguity: the 4 nearest units of the same street within 1,000 m, both
        ways, nearest first, because regions grow along the list (with the 8 nearest, or with the same
        industry besides, more regions come out and travel rises by a tenth and more). Parts of the graph with
        fewer than 3 members are left to the repair. 10 constructions and one annealing of each best one
        (99 and 10 cost far more CPU and bring little), 2 candidate regions, seed 1.
kmeans  KMeansConstrained on x, y over the whole instance: clusters of 2 to 5 units, n / 3 of them,
        one start (n_init=1; ten cost ten times as much), its own iteration limit, seed 1.
kmeans-street   the same within each street (a street of one unit is left to the repair).
"""

import csv
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
from k_means_constrained import KMeansConstrained
from libpysal.weights import W
from numpy.typing import NDArray
from process import peak_mb, spent_cpu_s
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from spopt.region import MaxPHeuristic

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEIGHBOURS, STREET_RADIUS_M = 4, 1000.0
CONSTRUCTIONS, ANNEALINGS = 10, 1
LEAST_MEMBERS = 3
LEAST_UNITS, MOST_UNITS, USUAL_UNITS = 2, 5, 3
APART_M = 1e7  # unlike streets are lifted this far from one another, so that none is near
SEED = 1


def main(peer: str, file: str, labels: str) -> None:
    """Run one peer and say what it took."""
    warnings.simplefilter("ignore")
    np.random.seed(SEED)  # noqa: NPY002 - spopt draws from the global generator
    units = Units(Path(file))
    started_s = spent_cpu_s()
    found = PEERS[peer](units)
    print(json.dumps({"cpu_s": spent_cpu_s() - started_s, "peak_mb": peak_mb()}))
    np.save(labels, found)


class Units:
    """Columns of an instance: place (n, 2), members, codes of streets."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.place: Floats = np.array([(row["x_m"], row["y_m"]) for row in rows], np.float64)
        self.members: Ints = np.array([row["members"] for row in rows], np.int64)
        self.street = _codes([row["street_id"] for row in rows])


def _codes(names: list[str]) -> Ints:
    codes: Ints = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return codes


def maxp(units: Units) -> Ints:
    """Regions over the units whose part of the contiguity graph has enough members."""
    begin, end, metres = _edges(units)
    size = len(units.members)
    graph = coo_matrix((np.ones(len(begin)), (begin, end)), shape=(size, size))
    part = connected_components(graph, directed=False)[1]
    is_enough = np.bincount(part, weights=units.members)[part] >= LEAST_MEMBERS
    kept = np.flatnonzero(is_enough)
    row = np.full(size, -1)
    row[kept] = np.arange(len(kept))
    near: dict[int, list[int]] = {at: [] for at in range(len(kept))}
    for at in np.lexsort((metres, begin)):
        if is_enough[begin[at]]:
            near[row[begin[at]]].append(int(row[end[at]]))
    x_m, y_m = units.place[kept].T
    frame = geopandas.GeoDataFrame(
        {"x": x_m, "y": y_m, "members": units.members[kept]},
        geometry=geopandas.points_from_xy(x_m, y_m),
    )
    model = MaxPHeuristic(
        frame,
        W(near, silence_warnings=True),
        attrs_name=["x", "y"],
        threshold_name="members",
        threshold=LEAST_MEMBERS,
        max_iterations_construction=CONSTRUCTIONS,
        max_iterations_sa=ANNEALINGS,
    )
    model.solve()
    labels = np.full(size, -1, np.int64)
    labels[kept] = model.labels_
    return labels


def _edges(units: Units) -> tuple[Ints, Ints, Floats]:
    """Return the arcs of the contiguity graph, both ways and once each, with their lengths."""
    pairs = _near(units, units.street, NEIGHBOURS, STREET_RADIUS_M)
    pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    metres = np.hypot(*(units.place[pairs[:, 0]] - units.place[pairs[:, 1]]).T)
    return pairs[:, 0], pairs[:, 1], metres


def _near(units: Units, code: Ints, count: int, radius_m: float) -> Ints:
    lifted = np.column_stack([units.place, code * APART_M])
    _, other = cKDTree(lifted).query(lifted, k=count + 1, distance_upper_bound=radius_m)
    begin = np.repeat(np.arange(len(code)), count + 1)
    pairs = np.column_stack([begin, other.ravel()])
    kept: Ints = pairs[(pairs[:, 1] < len(code)) & (pairs[:, 0] != pairs[:, 1])]
    return kept


def kmeans(units: Units) -> Ints:
    """Clusters of the whole instance at once."""
    return _clusters(units.place)


def kmeans_by_street(units: Units) -> Ints:
    """Clusters of each street, numbered on."""
    labels, count = np.full(len(units.members), -1, np.int64), 0
    for street in range(int(units.street.max()) + 1):
        inside = np.flatnonzero(units.street == street)
        if len(inside) >= LEAST_UNITS:
            labels[inside] = count + _clusters(units.place[inside])
            count = int(labels.max()) + 1
    return labels


def _clusters(place: Floats) -> Ints:
    if len(place) <= MOST_UNITS:
        return np.zeros(len(place), np.int64)
    model = KMeansConstrained(
        n_clusters=round(len(place) / USUAL_UNITS),
        size_min=LEAST_UNITS,
        size_max=MOST_UNITS,
        n_init=1,
        random_state=SEED,
    )
    labels: Ints = model.fit_predict(place).astype(np.int64)
    return labels


PEERS: dict[str, Any] = {"maxp": maxp, "kmeans": kmeans, "kmeans-street": kmeans_by_street}


if __name__ == "__main__":
    main(*sys.argv[1:])
