"""Nothing that points at organisations or persons may be forgotten by a merge."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from liangxin.registry.models import Organisation, Person
from liangxin.registry.queries.merge_relations import (
    Relation,
    UnclassifiedRelation,
    classified,
    relations,
)

# Text columns that hold the key of some object, and why a merge leaves them alone.
KEYS_IN_TEXT = {
    "kernel.AuditEntry.object_key": "the trail tells what happened, and to which entry",
    "kernel.Blob.key": "the name of a file",
    "accounts.RoleGrant.scope_key": "viewer_of maps it through surviving_*",
    "accounts.SignIn.session_key": "a session",
    "insight.Report.scope_key": "a report keeps the scope it was made for",
    "intake.DisplacedPack.provenance_key": "an act of telling",
    "registry.MergeStep.row_key": "a merge's own memory",
    "registry.MergeStep.origin_key": "a merge's own memory",
    "registry.MergeStep.provenance_key": "a merge's own memory",
    "registry.ReorganisationStep.row_key": "a reorganisation's own memory",
}


@pytest.mark.parametrize("subject", [Organisation, Person])
def test_every_relation_says_what_a_merge_does_with_it(subject: Any) -> None:
    found = list(relations(subject))
    assert {one.column for one in found} >= {"merged_into"}
    for relation in found:
        values = {one.attname for one in relation.model._meta.concrete_fields}
        assert {name for name, _ in relation.on_merge.where} <= values


def test_a_model_that_says_nothing_is_found() -> None:
    class Silent(models.Model):
        organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "registry"

    try:
        with pytest.raises(UnclassifiedRelation, match="Silent"):
            classified(Silent, "organisation")
    finally:
        del apps.all_models["registry"]["silent"]
        apps.clear_cache()


def test_open_facts_of_every_kind_are_carried() -> None:
    carried = {one.table: one for one in relations(Organisation) if one.on_merge.is_carried}
    assert set(carried) >= {
        "coverage.establishmentunit",
        "registry.employment",
        "registry.massPresence".lower(),
        "registry.partycoverage",
        "registry.posting",
    }
    assert isinstance(carried["registry.posting"], Relation)


def test_every_key_kept_as_text_is_known() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("liangxin.")
        for field in model._meta.concrete_fields
        if (field.name == "key" or field.name.endswith("_key")) and not field.is_relation
    }
    assert found - set(KEYS_IN_TEXT) == set()
