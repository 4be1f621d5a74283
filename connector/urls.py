"""The table of addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from connector.webhooks.door import HOOKS

# One way in for everybody, with its limits and its second factor.
admin.site.site_url = None  # the way back stands beside the name
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("connector.people.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("connector.sign_ins.urls")),
    path(HOOKS, include("connector.webhooks.urls")),
    path("t/<slug:tenant>/setup/", include("connector.wizard.urls")),
    path("t/<slug:tenant>/", include("connector.console.urls")),
]
