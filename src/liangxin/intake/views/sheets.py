"""What a sheet is and what its columns mean, when the guess was wrong."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from liangxin.intake.actions import choose_columns
from liangxin.intake.forms import ColumnsForm
from liangxin.intake.queries.batches import batches, sample_texts, sheet_readings
from liangxin.kernel.jobs import JobRefused
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission


@page(Permission.IMPORT_LISTS)
def sheet(request: ViewerRequest, batch_id: int, sheet_id: int) -> HttpResponse:
    """The columns of one sheet, each with a choice of what it means."""
    batch = get_object_or_404(batches(request.viewer), pk=batch_id)
    found = get_object_or_404(sheet_readings(batch), pk=sheet_id)
    form = ColumnsForm(request.POST or None, sheet=found, samples=sample_texts(found))
    if request.method == "POST" and form.is_valid():
        try:
            kind_code = form.cleaned_data["kind"]
            choose_columns(found, kind_code=kind_code, codes=form.codes(), by=request.viewer)
        except JobRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("import-batch", batch_id=batch.pk)
    context = {"batch": batch, "sheet": found, "form": form}
    return render(request, "intake/sheet.html", context)
