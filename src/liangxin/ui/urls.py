"""Pages that belong to no app."""

from django.urls import path

from liangxin.ui.job_pages import cancel_job, job
from liangxin.ui.saved_view_pages import (
    saved_view_forget,
    saved_view_rename,
    saved_view_save,
    saved_views,
)

urlpatterns = [
    path("jobs/<int:job_id>/", job, name="job"),
    path("jobs/<int:job_id>/cancel/", cancel_job, name="job-cancel"),
    path("saved-views/", saved_views, name="saved-views"),
    path("saved-views/save/", saved_view_save, name="saved-view-save"),
    path("saved-views/<int:view_id>/rename/", saved_view_rename, name="saved-view-rename"),
    path("saved-views/<int:view_id>/forget/", saved_view_forget, name="saved-view-forget"),
]
