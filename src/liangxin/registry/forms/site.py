"""The form of a building, park or market."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from liangxin.registry.actions.sites import SiteFacts
from liangxin.registry.forms.ledger_form import LedgerForm
from liangxin.registry.forms.organisation import MAX_LAT, MAX_LON, MIN_LAT, MIN_LON
from liangxin.registry.models import Area, Site
from liangxin.registry.terms import SiteKind
from liangxin.standards.coordinates import CoordinateSystem, to_wgs84

FACTS = ("name", "kind", "address", "lon", "lat")


class SiteForm(LedgerForm):
    """Facts of one site; the street is asked of a new one only."""

    sections = (
        ("基本情况", ("name", "kind", "street", "address")),
        ("位置（可不填）", ("lon", "lat", "coordinate_system")),
    )
    name = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="类型", choices=SiteKind.choices)
    street = forms.ModelChoiceField(
        label="所属街道", queryset=Area.objects.none(), empty_label="请选择"
    )
    address = forms.CharField(label="地址", required=False, max_length=200)
    lon = forms.FloatField(label="经度", required=False, min_value=MIN_LON, max_value=MAX_LON)
    lat = forms.FloatField(label="纬度", required=False, min_value=MIN_LAT, max_value=MAX_LAT)
    coordinate_system = forms.ChoiceField(
        label="坐标系",
        required=False,
        choices=[(system.value, system.value) for system in CoordinateSystem],
        help_text="在下面地图上点选的是 WGS-84；高德、腾讯地图取的点选 GCJ-02，百度地图取的选 BD-09。",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        streets: QuerySet[Area],
        today: date,
        site: Site | None = None,
    ) -> None:
        self.site = site
        first = {name: getattr(site, name) for name in FACTS} if site else {}
        super().__init__(data, today=today, initial=first)
        if site is not None:
            del self.fields["street"]
        else:
            self.fields["street"].queryset = streets  # type: ignore[attr-defined]
            only = list(streets[:2])
            self.initial["street"] = only[0] if len(only) == 1 else None

    def facts(self) -> SiteFacts:
        """The cleaned facts; call after is_valid()."""
        return SiteFacts(**{name: self.cleaned_data[name] for name in FACTS})

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        lon, lat = answers.get("lon"), answers.get("lat")
        if (lon is None) != (lat is None) and not self.errors.keys() & {"lon", "lat"}:
            self.add_error("lat" if lat is None else "lon", "经度和纬度要么都填，要么都不填。")
        elif lon is not None and lat is not None and not self._is_known(lon, lat):
            system = CoordinateSystem(answers.get("coordinate_system") or CoordinateSystem.WGS84)
            answers["lon"], answers["lat"] = to_wgs84(lon, lat, system=system)
        return answers

    def _is_known(self, lon: float, lat: float) -> bool:
        # The known point is WGS-84 already: another system chosen beside it would move it each time.
        return self.site is not None and (lon, lat) == (self.site.lon, self.site.lat)
