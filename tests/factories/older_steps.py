"""The steps of ledgers of earlier versions, without those that replace them for new ledgers."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader


def older_steps(connection: BaseDatabaseWrapper | None = None) -> MigrationLoader:
    """A loader that knows the replaced steps only; applied ones are those of the connection."""
    loader = MigrationLoader(connection, replace_migrations=False)
    for key, migration in loader.replacements.items():
        loader.graph.remove_replacement_node(key, migration.replaces)
        loader.applied_migrations.pop(key, None)
    return loader
