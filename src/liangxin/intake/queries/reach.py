"""Which facts an uploader may write: the streets, sites and trades of their roles."""

from dataclasses import dataclass

from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import ScopeKind, Viewer


@dataclass(frozen=True)
class Reach:
    """Scopes as keys of the ledger; `is_district` reaches everything."""

    is_district: bool
    streets: frozenset[int]
    sites: frozenset[int]
    trades: tuple[str, ...]

    def holds(
        self, *, street: int | None, site: int | None = None, industry: str = "", section: str = ""
    ) -> bool:
        """Whether an organisation standing there, of that industry, may be written."""
        if self.is_district or street in self.streets or site in self.sites:
            return True
        return any(
            section == trade if trade.isalpha() else industry.startswith(trade)
            for trade in self.trades
        )

    @property
    def only_street(self) -> int | None:
        """The street meant by a list that names none: the single one of a street officer."""
        is_single = not self.is_district and len(self.streets) == 1
        return next(iter(self.streets)) if is_single else None


def reach_of(viewer: Viewer) -> Reach:
    """The reach of those of the viewer's roles that may import lists."""
    scopes = viewer.scopes(*roles_with(Permission.IMPORT_LISTS))

    def keys(kind: ScopeKind) -> list[str]:
        return [scope.key for scope in scopes if scope.kind is kind]

    return Reach(
        is_district=bool(keys(ScopeKind.DISTRICT)),
        streets=frozenset(map(int, keys(ScopeKind.STREET))),
        sites=frozenset(map(int, keys(ScopeKind.SITE))),
        trades=tuple(sorted(keys(ScopeKind.TRADE))),
    )
