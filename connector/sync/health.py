"""Health: a connection that needs a person is tried each hour, and goes on by itself.

An integration switched on again in Visma, or a page of a gateway that looked like a refusal, must
not wait for somebody to press *Test*.
"""

from datetime import timedelta
from typing import Literal

from django.db.models import Q

from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync import pauses, probes
from connector.sync.checks import perform
from mappings.models import BoardMapping
from tenants import services as tenants
from tenants.models import Health, MondayConnection, VismaConnection

System = Literal["visma", "monday"]

# A trial costs one call to monday, or a token, the company and a page per entity from Visma.
EVERY = timedelta(hours=1)


def due() -> list[tuple[System, int]]:
    """Connections of active mappings that need a person and were not tried for an hour."""
    before = database_now() - EVERY
    return [
        *(("visma", pk) for pk in WAITING_VISMA(before=before)),
        *(("monday", pk) for pk in WAITING_MONDAY(before=before)),
    ]


WAITING = (
    Q(health=Health.NEEDS_PERSON)
    & (Q(health_checked_at=None) | Q(health_checked_at__lt=Given("before")))
    & Q(mappings__active=True)
)
WAITING_VISMA = Prepared(
    lambda: VismaConnection.objects.filter(WAITING).values_list("pk", flat=True).distinct()
)
WAITING_MONDAY = Prepared(
    lambda: MondayConnection.objects.filter(WAITING).values_list("pk", flat=True).distinct()
)


def try_again(system: System, pk: int) -> bool:
    """Ask the other system; only if all that the mappings use answers does the connection work.

    Otherwise the reason stays as it was told: the first words name what happened best.
    """
    if (system, pk) not in due():  # the same trial may have been given twice
        return False
    if system == "visma":
        return _tried_visma(VismaConnection.objects.get(pk=pk))
    return _tried_monday(MondayConnection.objects.get(pk=pk))


def _tried_visma(connection: VismaConnection) -> bool:
    used = BoardMapping.objects.filter(visma=connection, active=True, parent=None)
    entities = sorted(set(used.values_list("entity", flat=True)))
    lines = list(perform(probes.visma_probes(connection, entities)))
    if any(line.state != "passed" for line in lines):
        tenants.connection_tried(connection)
        return False
    pauses.connection_works(connection)
    return True


def _tried_monday(connection: MondayConnection) -> bool:
    (line,) = perform(probes.monday_probes(connection)[:1])
    if line.state != "passed":
        tenants.connection_tried(connection)
        return False
    pauses.connection_works(connection, **line.facts)
    return True
