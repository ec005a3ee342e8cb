"""Pages that belong to no app."""

from django.urls import path

from liangxin.ui.job_pages import cancel_job, job

urlpatterns = [
    path("jobs/<int:job_id>/", job, name="job"),
    path("jobs/<int:job_id>/cancel/", cancel_job, name="job-cancel"),
]
