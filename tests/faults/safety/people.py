"""People: replay, tenants, secrets and the audit trail."""

from tests.faults.safety.line import ACCESS, AUDIT, CONNECTIONS, FIELDS, RECOVER, REPLAY, SafetyLine

LINES = (
    SafetyLine(
        "only what failed is replayed",
        "connector/sync/replay.py",
        "            links.filter(state__in=REPLAYABLE)\n            .select_for_update",
        "            links\n            .select_for_update",
        REPLAY,
    ),
    SafetyLine(
        "a replay looks for the item before it creates one",
        "connector/sync/replay.py",
        "        link.look_up_first = bool(link.mapping.key_column or link.mapping.find_column)\n",
        "",
        (*REPLAY, *RECOVER),
    ),
    SafetyLine(
        "a member sees the rows of the own tenants only",
        "tenants/querysets.py",
        '        return self.filter(**{f"{tenant_path(self.model)}__in": own})\n',
        "        return self\n",
        ACCESS,
    ),
    SafetyLine(
        "a tenant's pages are for its members",
        "tenants/access.py",
        "Membership.objects.filter(user=user, tenant__slug=slug)",
        "Membership.objects.filter(tenant__slug=slug)",
        ACCESS,
    ),
    SafetyLine(
        "a role that is too low is refused",
        "tenants/access.py",
        "            if not may(request.membership, at_least):\n",
        "            if False:\n",
        ACCESS,
    ),
    SafetyLine(
        "a wrong key raises and hands nothing out",
        "tenants/fields.py",
        """        except InvalidToken:
            raise DecryptionError(""",
        """        except InvalidToken:
            return sealed
            raise DecryptionError(""",
        FIELDS,
    ),
    SafetyLine(
        "a sealed text opens in its own column only",
        "tenants/fields.py",
        "        if column != self._place:\n",
        "        if False:\n",
        FIELDS,
    ),
    SafetyLine(
        "a sealed text opens for its own tenant only",
        "tenants/fields.py",
        "        if owner and owner != str(_tenant_id(row)):\n",
        "        if False:\n",
        FIELDS,
    ),
    SafetyLine(
        "a connection does not turn to another company",
        "connector/sync/companies.py",
        "    if not same and is_tied(stored):\n",
        "    if False:\n",
        CONNECTIONS,
    ),
    SafetyLine(
        "SQLite refuses to change an audit entry",
        "connector/models/append_only.py",
        'for verb in ("UPDATE", "DELETE")\n',
        'for verb in ("DELETE",)\n',
        AUDIT,
    ),
    SafetyLine(
        "SQLite refuses to delete an audit entry",
        "connector/models/append_only.py",
        'for verb in ("UPDATE", "DELETE")\n',
        'for verb in ("UPDATE",)\n',
        AUDIT,
    ),
    SafetyLine(
        "PostgreSQL refuses to change, delete or truncate them",
        "connector/models/append_only.py",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON",
        "BEFORE TRUNCATE ON",
        AUDIT,
        "postgresql",
    ),
    SafetyLine(
        "a person's act cannot be edited in Python either",
        "connector/models/audit.py",
        """        if self.pk is not None:
            raise""",
        """        if False:
            raise""",
        AUDIT,
    ),
)
