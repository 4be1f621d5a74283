"""An owner is sent to monday to allow the app, and comes back to one address with a code."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from connector.errors import ConnectorError, Explanation, TryAgain
from connector.monday import auth
from connector.sign_ins import attempt as attempts
from connector.sign_ins.connect import connect
from connector.tokens import monday_app
from tenants.access import TenantRequest, role_required
from tenants.models import MondayConnection, MondaySignIn, Role

NOT_THIS_ONE = Explanation(
    code="sign_in_void",
    happened="This return from monday.com belongs to no sign-in that you have begun here, or it "
    "was used already, or it took too long.",
    remedy="Nothing was connected or changed. Start again with “Connect with monday”.",
)
REFUSED = Explanation(
    code="sign_in_refused",
    happened="The app was not allowed at monday.com.",
    remedy="Nothing was changed. If an admin of the account has to install the app first, ask "
    "them; then start again.",
)


@never_cache
@require_POST
@role_required(Role.OWNER)
def start(request: TenantRequest, connection_id: int | None = None) -> HttpResponseBase:
    """A page that leads to monday: a form may by our own policy only lead to ourselves."""
    app = monday_app()
    if app is None:
        raise Http404("This deployment has no monday.com app.")
    connection = None
    if connection_id is not None:
        rows = MondayConnection.objects.of(request.tenant).without_secrets()
        connection = get_object_or_404(rows, pk=connection_id)
    from_setup = request.POST.get("from") == "setup"
    state, verifier = attempts.begin(request, connection, from_setup=from_setup)
    in_use = connection is not None and connection.mappings.exists()
    subdomain = connection.account_slug if connection and in_use else ""
    url = auth.address(app, state=state, verifier=verifier, back=_back(), subdomain=subdomain)
    return render(request, "sign_ins/leaving.html", {"url": url, "connection": connection})


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponseBase:
    """400 for whatever is not the end of a sign-in begun in this session; nothing is kept then."""
    attempt = attempts.finish(request) if monday_app() else None
    if attempt is None:
        return _refused(request, NOT_THIS_ONE)
    code = request.GET.get("code", "")
    if not code or request.GET.get("error"):
        return _refused(request, REFUSED, attempt)
    by = request.user.get_username()
    try:
        connection = connect(attempt, code, back=_back(), by=by)
    except ConnectorError as error:
        status = 503 if isinstance(error, TryAgain) else 400
        return _refused(request, error.why, attempt, status)
    messages.success(request, f"{connection.account_name} is connected.")
    slug = attempt.tenant.slug
    if attempt.from_setup:
        return redirect(
            f"{reverse('wizard:monday', args=[slug])}?connection={connection.pk}&test=1"
        )
    return redirect("console:connection", slug, "monday", connection.pk)


def _refused(
    request: HttpRequest,
    why: Explanation,
    attempt: MondaySignIn | None = None,
    status: int = 400,
) -> HttpResponse:
    again = reverse("wizard:monday", args=[attempt.tenant.slug]) if attempt else "/"
    if attempt and not attempt.from_setup:
        again = reverse("console:connections", args=[attempt.tenant.slug])
    context = {"why": why, "again": again}
    return render(request, "sign_ins/refused.html", context, status=status)


def _back() -> str:
    """The address that the app names at monday."""
    return f"{settings.PUBLIC_URL}{reverse('sign_ins:monday_back')}"
