"""Addresses of the console, all below /t/<tenant>/."""

from django.urls import path, register_converter

from connector.console import (
    attention,
    audit,
    board_webhooks,
    budget,
    connections,
    hearing,
    home,
    mappings,
    mend,
    receiving,
    record,
    records,
    runs,
)
from connector.console.systems import SystemConverter

register_converter(SystemConverter, "system")

app_name = "console"
urlpatterns = [
    path("", home.page, name="home"),
    path("attention/", attention.page, name="attention"),
    path("attention/<slug:cause_id>/replay/", attention.replay_cause, name="replay_cause"),
    path("attention/receiving/<slug:cause_id>/replay/", receiving.replay, name="replay_receipts"),
    path("attention/<slug:cause_id>/label/", mend.label, name="mend_label"),
    path("attention/board/<slug:drift_id>/", mend.change, name="mend"),
    path("attention/board/<int:mapping_id>/look/", mend.look, name="look"),
    path("records/", records.page, name="records"),
    path("records/export/", records.export, name="records_export"),
    path("links/<int:link_id>/replay/", record.replay_one, name="replay_one"),
    # Keys hold “:” and may hold “/”: the last part takes everything.
    path("records/<slug:entity>/<path:key>/", record.page, name="record"),
    path("mappings/", mappings.page, name="mappings"),
    path("mappings/<int:mapping_id>/", mappings.mapping, name="mapping"),
    path("mappings/<int:mapping_id>/pause/", mappings.pause, name="mapping_pause"),
    path("mappings/<int:mapping_id>/resume/", mappings.resume, name="mapping_resume"),
    path("mappings/<int:mapping_id>/webhooks/", board_webhooks.switch, name="mapping_webhooks"),
    path("connections/", connections.page, name="connections"),
    path("connections/visma/<int:connection_id>/heard/", hearing.heard, name="webhooks_heard"),
    path("connections/visma/<int:connection_id>/key/", hearing.key, name="webhook_key"),
    path(
        "connections/<system:system>/<int:connection_id>/",
        connections.connection,
        name="connection",
    ),
    path(
        "connections/<system:system>/<int:connection_id>/test/",
        connections.test,
        name="connection_test",
    ),
    path(
        "connections/<system:system>/<int:connection_id>/credentials/",
        connections.credentials,
        name="credentials",
    ),
    path("budget/", budget.page, name="budget"),
    path("audit/", audit.page, name="audit"),
    path("runs/", runs.page, name="runs"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("runs/<int:run_id>/<slug:outcome>/", runs.records, name="run_records"),
]
