"""Addresses of the import pages."""

from django.urls import path, register_converter

from liangxin.intake.views import batches, rows, sheets


class Decision:
    """A decision over a batch, as it stands in an address."""

    regex = "commit|undo|discard|read"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Decision, "decision")

urlpatterns = [
    path("imports/", batches.imports, name="imports"),
    path("imports/<int:batch_id>/", batches.batch, name="import-batch"),
    path("imports/<int:batch_id>/rows/", rows.rows, name="import-rows"),
    path("imports/<int:batch_id>/rows/<int:row_id>/", rows.row, name="import-row"),
    path("imports/<int:batch_id>/changes/", rows.changes, name="import-changes"),
    path("imports/<int:batch_id>/rejected.xlsx", rows.rejected, name="import-rejected"),
    path("imports/<int:batch_id>/sheets/<int:sheet_id>/", sheets.sheet, name="import-sheet"),
    path("imports/<int:batch_id>/<decision:decision>/", batches.decide, name="import-decide"),
]
