"""The tree that rows of Party organisation sheets draw: which rows stand in a circle, what order."""

from collections.abc import Mapping


def circles(parents: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each name that is its own ancestor, with the names of its circle in order from itself.

    `parents` leads from a name to its parent's; names without a parent are left out of it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in parents:
        if name not in found:
            circle = _circle_through(name, parents)
            for place, member in enumerate(circle):
                found[member] = (*circle[place:], *circle[:place])
    return found


def _circle_through(name: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    path = [name]
    seen = {name}
    while (above := parents.get(path[-1])) is not None:
        if above == name:
            return tuple(path)
        if above in seen:
            return ()
        path.append(above)
        seen.add(above)
    return ()


def parents_first(parents: Mapping[str, str], names: list[str]) -> list[str]:
    """`names` ordered so that a parent comes before its children; names of a circle come last."""
    depths = {name: _depth(name, parents) for name in names}
    return sorted(names, key=lambda name: depths[name])


def _depth(name: str, parents: Mapping[str, str]) -> int:
    depth = 0
    while (above := parents.get(name)) is not None and depth <= len(parents):
        name = above
        depth += 1
    return depth
