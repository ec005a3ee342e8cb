"""Static files under names that change with what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashes what our scripts import too, or a browser would go on with an old one after an upgrade.

    Packages from the registry lie outside `js` folders and import what is not there.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "*/js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
