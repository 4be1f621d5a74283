"""Owners with a second factor, where the deployment asks for it."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenants.models import Membership, Role

# Where a workspace's data can be seen or changed; accounts and static files are left alone.
GUARDED = ("/t/", "/admin/")


class RequireSecondFactor:
    """Middleware: an owner without one is led to its set-up before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_TWO_FACTOR and request.path.startswith(GUARDED) and _lacks(request):
            messages.warning(
                request, "Owners sign in with two factors here. Set it up to go on: two minutes."
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def _lacks(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or is_mfa_enabled(user):
        return False
    return (
        user.is_superuser or Membership.objects.filter(user__pk=user.pk, role=Role.OWNER).exists()
    )
