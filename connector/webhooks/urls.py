"""Addresses that the outside systems call; the path is the permission to knock."""

from django.urls import path

from connector.webhooks import door

app_name = "webhooks"
urlpatterns = [
    path(f"{system}/<str:path>/", door.take, {"system": system}, name=system)
    for system in ("visma", "monday")
]
