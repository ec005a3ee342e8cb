"""Where things are: the district, its streets, and the sites (buildings, parks, markets) in them."""

from django.db import models

from liangxin.registry.models.provenance import Provenance
from liangxin.registry.terms import AreaKind, SiteKind


class Area(models.Model):
    """The district or one of its streets; `boundary` is a GeoJSON geometry in WGS-84.

    One that was taken into another stands until `closed_date`; its past days keep its name.
    """

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类别", max_length=10, choices=AreaKind)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    boundary = models.JSONField("边界", null=True)
    is_synthetic = models.BooleanField("演示数据", default=False)
    closed_date = models.DateField("撤销日期", null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed"
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A building, park or market; coordinates in WGS-84 degrees. One taken into another has `closed_date`."""

    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类型", max_length=12, choices=SiteKind, default=SiteKind.BUILDING)
    street = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="sites")
    address = models.CharField("地址", max_length=200, blank=True)
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    provenance = models.ForeignKey(Provenance, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField("演示数据", default=False)
    closed_date = models.DateField("停用日期", null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed"
    )

    class Meta:
        ordering = ("street__code", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=("street", "name"), name="site_name_once_per_street"),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True)
                | models.Q(
                    lon__isnull=False, lat__isnull=False, lon__range=(73, 136), lat__range=(3, 54)
                ),
                name="site_coordinates_in_country",
            ),
        )

    def __str__(self) -> str:
        return self.name
