"""Addresses of the pages that show several apps."""

from django.urls import path

from liangxin.insight.views.board import board, board_place, board_points, board_streets
from liangxin.insight.views.changes import changes
from liangxin.insight.views.home import home
from liangxin.insight.views.leavers import leavers
from liangxin.insight.views.organisation import organisation
from liangxin.insight.views.own_data import held_data, own_data
from liangxin.insight.views.places import site, street, streets
from liangxin.insight.views.report import report, report_discard, report_file, report_sent
from liangxin.insight.views.report_list import report_new, reports
from liangxin.insight.views.report_templates import (
    report_placeholders,
    report_template,
    report_template_file,
    report_template_new,
    report_template_retire,
    report_templates,
)
from liangxin.insight.views.search import search, search_suggest

urlpatterns = [
    path("", home, name="home"),
    path("board/", board, name="board"),
    path("board/streets.json", board_streets, name="board-streets"),
    path("board/points.json", board_points, name="board-points"),
    path("board/place/", board_place, name="board-place"),
    path("organisations/<int:organisation_id>/", organisation, name="organisation"),
    path("streets/", streets, name="streets"),
    path("streets/<int:area_id>/", street, name="street"),
    path("sites/<int:site_id>/", site, name="site"),
    path("me/data/", own_data, name="own-data"),
    path("members/<int:person_id>/data/", held_data, name="held-data"),
    path("changes/", changes, name="changes"),
    path("leavers/", leavers, name="leavers"),
    path("reports/", reports, name="reports"),
    path("reports/new/", report_new, name="report-new"),
    path("reports/placeholders/", report_placeholders, name="report-placeholders"),
    path("reports/templates/", report_templates, name="report-templates"),
    path("reports/templates/new/", report_template_new, name="report-template-new"),
    path("reports/templates/<int:template_id>/", report_template, name="report-template"),
    path(
        "reports/templates/<int:template_id>/<int:number>/file/",
        report_template_file,
        name="report-template-file",
    ),
    path(
        "reports/templates/<int:template_id>/retire/",
        report_template_retire,
        name="report-template-retire",
    ),
    path("reports/<int:report_id>/", report, name="report"),
    path("reports/<int:report_id>/file/", report_file, name="report-file"),
    path("reports/<int:report_id>/sent/", report_sent, name="report-sent"),
    path("reports/<int:report_id>/discard/", report_discard, name="report-discard"),
    path("search/", search, name="search"),
    path("search/suggest/", search_suggest, name="search-suggest"),
]
