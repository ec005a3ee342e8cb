"""Twelve streets tile the district without gap, overlap or crossing border."""

from collections import Counter
from itertools import combinations, pairwise
from random import Random

import pytest

from liangxin.demo.facts import Point, Street
from liangxin.demo.geography import Places, geojson, is_inside, make_streets


def _crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    apart_first = side(a, b, c) * side(a, b, d) < 0
    return apart_first and side(c, d, a) * side(c, d, b) < 0


def _edges(streets: tuple[Street, ...]) -> list[tuple[Point, Point]]:
    return [edge for street in streets for edge in pairwise(street.ring)]


@pytest.fixture(scope="module", params=[1, 7, 20])
def streets(request: pytest.FixtureRequest) -> tuple[Street, ...]:
    return make_streets(Random(request.param))


def test_make_streets_gives_twelve_closed_rings(streets: tuple[Street, ...]) -> None:
    assert len({street.name for street in streets}) == 12
    assert all(street.ring[0] == street.ring[-1] for street in streets)
    assert {len(street.code) for street in streets} == {9}


def test_make_streets_share_borders_in_opposite_directions(streets: tuple[Street, ...]) -> None:
    edges = _edges(streets)
    directed = Counter(edges)
    inner = [edge for edge in edges if edge[::-1] in directed]

    assert max(directed.values()) == 1
    assert len(inner) > len(edges) / 2


def test_make_streets_outer_border_is_one_closed_line(streets: tuple[Street, ...]) -> None:
    directed = set(_edges(streets))
    outer = {a: b for a, b in directed if (b, a) not in directed}

    start = point = next(iter(outer))
    steps = 0
    while steps == 0 or point != start:
        point = outer[point]
        steps += 1

    assert steps == len(outer)


def test_make_streets_borders_never_cross(streets: tuple[Street, ...]) -> None:
    edges = {tuple(sorted(edge)) for edge in _edges(streets)}

    crossing = [(e, f) for e, f in combinations(edges, 2) if _crosses(*e, *f)]

    assert crossing == []


def test_places_draw_inside_the_street_asked_for(streets: tuple[Street, ...]) -> None:
    places = Places(streets, Random(3))

    for street in streets:
        drawn = [places.draw(street.name) for _ in range(40)]
        assert all(is_inside(point, street.ring) for point in drawn)


def test_geojson_names_every_street(streets: tuple[Street, ...]) -> None:
    collection = geojson(streets)

    properties = [feature["properties"] for feature in collection["features"]]
    assert [set(one) for one in properties] == [{"code", "name", "kind", "synthetic"}] * 12
    assert collection["features"][0]["geometry"]["type"] == "Polygon"
