"""Every address outside the workspaces: who may use it. A new route fails the tests until it
stands here."""

from typing import Any

from connector.models import AuditEntry, RecordLink
from tenants.models import Role
from tests.connector.console.conftest import Workspace

# What a visitor may open; none of it shows anything of a tenant.
OPEN = {
    *("account_login", "account_signup", "account_inactive", "account_reset_password"),
    *("account_reset_password_done", "account_reset_password_from_key_done"),
    *("account_email_verification_sent", "admin:login"),
}
# Proven by what stands in the address, each with tests of its own.
BY_PROOF = {
    *("account_confirm_email", "account_reset_password_from_key", "people:invitation"),
    *(
        "people:invitation_link",
        "account_confirm_login_code",
        "mfa_authenticate",
        "webhooks:visma",
        "webhooks:monday",
        "sign_ins:monday_back",
    ),
}
# One's own account: a visitor is led to the sign-in.
OWN = {
    *("account_email", "account_change_password", "account_set_password", "account_logout"),
    *("account_reauthenticate", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp"),
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
    *("mfa_download_recovery_codes", "people:landing", "people:workspace_new"),
}
ADMIN = {
    *("admin:index", "admin:logout", "admin:password_change", "admin:password_change_done"),
    *("admin:autocomplete", "admin:jsi18n", "admin:view_on_site", "admin:app_list", "admin:None"),
    *("admin:auth_user_password_change", "admin:connector_auditentry_replay"),
}
PAGES = ("changelist", "add", "history", "delete", "change")
NOBODY = None
# Model → least role to open the page that adds or deletes; to look takes an auditor.
ROWS: dict[str, tuple[Role | None, Role | None]] = {
    "connector_auditentry": (NOBODY, NOBODY),
    "connector_recordlink": (NOBODY, NOBODY),
    "connector_syncrun": (NOBODY, NOBODY),
    "tenants_tenant": (NOBODY, NOBODY),
    "tenants_membership": (NOBODY, Role.OWNER),
    "tenants_vismaconnection": (Role.OWNER, Role.OWNER),
    "tenants_mondayconnection": (Role.OWNER, Role.OWNER),
}
# The host's alone: members get no further than 403.
HOST = ("account_emailaddress", "mfa_authenticator", "auth_group", "auth_user")


def row_of(model: str, workspace: Workspace) -> Any:
    rows: dict[str, Any] = {
        "connector_auditentry": AuditEntry.objects.of(workspace.tenant).earliest("pk"),
        "connector_recordlink": RecordLink.objects.of(workspace.tenant).earliest("pk"),
        "connector_syncrun": workspace.run,
        "tenants_tenant": workspace.tenant,
        "tenants_membership": workspace.colleague,
        "tenants_vismaconnection": workspace.visma,
        "tenants_mondayconnection": workspace.monday,
    }
    return rows[model]


def least(model: str, page: str) -> Role | None:
    add, delete = ROWS[model]
    return {"add": add, "delete": delete}.get(page, Role.AUDITOR)
