"""The index behind the search box: which documents hold which token, built anew and then switched to.

A finished index never changes. What the ledger learnt after it is found by its provenance and
looked through directly, until the next index holds it.
"""

from django.db import models

from liangxin.registry.terms import Searched


class SearchIndex(models.Model):
    """One index; readers use the newest finished one."""

    # Of the way tokens are made: an index of another way is built anew.
    edition = models.PositiveSmallIntegerField("编法")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True)
    # Facts of later provenances are not in it.
    last_provenance = models.BigIntegerField("收到的最后来源")
    ledger_revision = models.BigIntegerField("台账版次")
    # How many documents of each kind.
    sizes: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(
        "篇数", default=dict
    )

    class Meta:
        ordering = ("-id",)


class SearchPosting(models.Model):
    """The documents of one kind that hold one token, as packed numbers of places in the order."""

    index = models.ForeignKey(
        SearchIndex, on_delete=models.CASCADE, related_name="postings", db_index=False
    )
    kind = models.CharField("种类", max_length=12, choices=Searched)
    token = models.CharField("词元", max_length=24)
    places = models.BinaryField("位置")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("index", "kind", "token"), name="search_posting_once_per_token"
            ),
        )


class SearchBlock(models.Model):
    """Keys of the objects at consecutive places of the order of one kind."""

    index = models.ForeignKey(
        SearchIndex, on_delete=models.CASCADE, related_name="blocks", db_index=False
    )
    kind = models.CharField("种类", max_length=12, choices=Searched)
    number = models.PositiveIntegerField("序号")
    keys = models.BinaryField("主键")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("index", "kind", "number"), name="search_block_once"),
        )
