"""New ledgers are set up in one step an app; whatever step a ledger stands at, it comes to the same tables."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState

from tests.factories.older_steps import older_steps

Step = tuple[str, str]


def _replacements() -> dict[Step, Migration]:
    return MigrationLoader(None).replacements


def test_every_old_step_of_an_app_is_replaced_in_order() -> None:
    for (app, _), migration in _replacements().items():
        begun = [name for label, name in sorted(migration.replaces) if label == app]
        assert [name for _, name in migration.replaces] == begun
        assert begun[0] == "0001_initial"


def test_one_step_leads_to_the_tables_of_all_steps() -> None:
    one, all_steps = MigrationLoader(None).project_state(), older_steps().project_state()

    assert one.models.keys() == all_steps.models.keys()
    assert {key: _shape(model) for key, model in one.models.items()} == {
        key: _shape(model) for key, model in all_steps.models.items()
    }


def _shape(model: ModelState) -> tuple[object, ...]:
    """Everything of a table that its steps may tell in another order."""
    fields = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    options = {
        name: sorted(repr(one.deconstruct()) for one in said)
        if name in {"constraints", "indexes"}
        else said
        for name, said in model.options.items()
    }
    return fields, {name: said for name, said in options.items() if said}, model.bases


def _standing_at(step: Step) -> set[Step]:
    """What a ledger has taken that stands just after one step and what that step needs."""
    return set(older_steps().graph.forwards_plan(step))


def _old_steps() -> list[Step]:
    return sorted({step for one in _replacements().values() for step in one.replaces})


@pytest.mark.parametrize("step", _old_steps(), ids=".".join)
def test_a_ledger_half_way_takes_the_steps_it_lacks(
    step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = _standing_at(step)
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: dict.fromkeys(taken))
    loader = MigrationLoader(connection)

    loader.check_consistent_history(connection)
    lacking = [
        one for leaf in loader.graph.leaf_nodes() for one in loader.graph.forwards_plan(leaf)
    ]
    ahead = {one for one in lacking if one not in loader.applied_migrations}

    replaced = {
        one for key in ahead & _replacements().keys() for one in _replacements()[key].replaces
    }
    assert not taken & (ahead | replaced)
    assert (ahead - _replacements().keys()) | replaced | taken == set(older_steps().graph.nodes)
