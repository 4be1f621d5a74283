"""Addresses of the setup, all below /t/<tenant>/setup/."""

from django.urls import path

from connector.wizard import (
    board_changes,
    boards,
    check,
    connections,
    finding,
    live,
    options,
    pair,
    receiving,
    start,
    tables,
    versions,
    what,
)

app_name = "wizard"
urlpatterns = [
    path("", start.start, name="start"),
    path("workspace/", start.workspace, name="workspace"),
    path("visma/", connections.visma, name="visma"),
    path("visma/<int:connection_id>/check/", connections.visma_check, name="visma_check"),
    path("monday/", connections.monday, name="monday"),
    path("monday/<int:connection_id>/check/", connections.monday_check, name="monday_check"),
    path("what/", what.what, name="what"),
    path("what/<slug:entity>/ready/", what.ready, name="ready"),
    path("what/<slug:entity>/boards/", boards.boards, name="boards"),
    path("<int:mapping_id>/finish/", what.finish, name="finish"),
    path("<int:mapping_id>/remove/", what.remove, name="remove"),
    path("<int:mapping_id>/pair/", pair.pair, name="pair"),
    path("<int:mapping_id>/pair/accept/", pair.accept, name="accept"),
    path("<int:mapping_id>/pair/column/<str:column>/", pair.row, name="row"),
    path("<int:mapping_id>/pair/column/<str:column>/labels/", board_changes.labels, name="labels"),
    path("<int:mapping_id>/pair/key/", board_changes.key, name="key"),
    path("<int:mapping_id>/pair/find/", finding.find, name="find"),
    path("<int:mapping_id>/pair/add-column/", board_changes.add_column, name="add_column"),
    path("<int:mapping_id>/pair/board/", pair.reread, name="reread"),
    path("<int:mapping_id>/pair/options/", options.options, name="options"),
    path("<int:mapping_id>/pair/receiving/", receiving.receive, name="receiving"),
    path("<int:mapping_id>/pair/position/", tables.position, name="position"),
    path("<int:mapping_id>/pair/table/", tables.table, name="table"),
    path("<int:mapping_id>/discard/", pair.discard, name="discard"),
    path("<int:mapping_id>/check/", check.check, name="check"),
    path("<int:mapping_id>/live/", live.live, name="live"),
    path("<int:mapping_id>/started/", live.started, name="started"),
    path("<int:mapping_id>/versions/", versions.versions, name="versions"),
]
