"""Where a sign-in at monday begins, below /t/<tenant>/sign-in/, and the one place it ends."""

from django.urls import path

from connector.sign_ins import monday

app_name = "sign_ins"
urlpatterns = [
    path("t/<slug:tenant>/sign-in/monday/", monday.start, name="monday"),
    path("t/<slug:tenant>/sign-in/monday/<int:connection_id>/", monday.start, name="monday_again"),
    # One address for all workspaces: monday only returns to the one that the app names.
    path("sign-in/monday/", monday.back, name="monday_back"),
]
