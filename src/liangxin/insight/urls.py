"""Addresses of the pages that show several apps."""

from django.urls import path

from liangxin.insight.views.board import board, board_place, board_points, board_streets
from liangxin.insight.views.changes import changes
from liangxin.insight.views.home import home
from liangxin.insight.views.organisation import organisation
from liangxin.insight.views.own_data import held_data, own_data
from liangxin.insight.views.search import search, search_suggest

urlpatterns = [
    path("", home, name="home"),
    path("board/", board, name="board"),
    path("board/streets.json", board_streets, name="board-streets"),
    path("board/points.json", board_points, name="board-points"),
    path("board/place/", board_place, name="board-place"),
    path("organisations/<int:organisation_id>/", organisation, name="organisation"),
    path("me/data/", own_data, name="own-data"),
    path("members/<int:person_id>/data/", held_data, name="held-data"),
    path("changes/", changes, name="changes"),
    path("search/", search, name="search"),
    path("search/suggest/", search_suggest, name="search-suggest"),
]
