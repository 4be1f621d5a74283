"""Addresses of workspaces, invitations and members; allauth brings the rest of /account/."""

from django.urls import path

from connector.people import invited, members, views

app_name = "people"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("account/workspaces/new/", views.workspace_new, name="workspace_new"),
    path("account/invitation/", invited.answer, name="invitation"),
    path("account/invitation/<str:code>/", invited.link, name="invitation_link"),
    path("t/<slug:tenant>/people/", members.page, name="members"),
    path("t/<slug:tenant>/people/invite/", members.invite, name="invite"),
    path(
        "t/<slug:tenant>/people/invitations/<int:invitation_id>/withdraw/",
        members.withdraw,
        name="withdraw",
    ),
    path(
        "t/<slug:tenant>/people/<int:membership_id>/role/", members.change_role, name="change_role"
    ),
    path("t/<slug:tenant>/people/<int:membership_id>/remove/", members.remove, name="remove"),
]
