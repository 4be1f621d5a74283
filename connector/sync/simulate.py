"""Simulation: what a mapping would do to its board, decided by the planner of the real run.

Nothing is written to either system, and of what is read nothing is stored but a few examples.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import QuerySet

from connector import local_formats
from connector.models import RecordLink, SourceRecord
from connector.sync import books, plan
from connector.sync.boards import Desk
from connector.sync.choose import decide
from connector.sync.costs import cost_of
from connector.sync.probes import first_page, pages
from connector.sync.simulation import DECISIONS, Cause, Cell, Example, Simulation
from connector.visma.records import canonical, decode
from mappings import services as mappings
from mappings.catalog import Entity, entity
from mappings.columns import Column
from mappings.content import Content
from mappings.linking import names_of
from mappings.models import BoardMapping
from mappings.problems import Problem
from mappings.render import Rendered
from mappings.showing import shown, told

AT_MOST = 5_000  # records looked at; more would not teach a person more
SECONDS = 12.0  # a person is waiting in front of the page
PAGE = 100
CHUNK = 200  # records in memory at a time: an invoice with lines may be 50 kB
EXAMPLES = 3  # of each decision
CAUSES = 12
UNDELIVERABLE = plan.Invalid | plan.Held


def simulate(mapping: BoardMapping, content: Content, *, seconds: float = SECONDS) -> Simulation:
    """Decide about the records already read, or about the first pages of Visma before that.

    Raises ConnectorError where Visma cannot be read.
    """
    started = time.monotonic()
    trial = mappings.mapping_as(mapping, content)
    rules = content.rules(mapping.entity, mapping.visma.company_id)
    teller = _Teller(Desk.of(trial, rules), entity(mapping.entity))
    links, total = _links(trial)
    for link in links:
        teller.take(link)
        if teller.simulation.read >= AT_MOST or time.monotonic() - started > seconds:
            break
    found = teller.finish()
    found.total = max(total, found.read)
    found.cost = cost_of(mapping, found.counts, read=found.read, total=found.total)
    found.seconds = round(time.monotonic() - started, 1)
    return found


def _links(mapping: BoardMapping) -> tuple[Iterator[RecordLink], int]:
    records = SourceRecord.objects.filter(
        connection_id=mapping.visma_id, entity=mapping.entity, vanished_at=None
    )
    if records.exists():
        return _stored(mapping, records), records.count()
    page = first_page(mapping.visma, mapping.entity, size=1)
    return _fresh(mapping), page.total or 0


def _stored(mapping: BoardMapping, records: QuerySet[SourceRecord]) -> Iterator[RecordLink]:
    """Links as they are; a record that has none yet would get one."""
    newest = list(records.order_by("-pk").values_list("pk", flat=True)[:AT_MOST])
    for start in range(0, len(newest), CHUNK):
        some = newest[start : start + CHUNK]
        known = RecordLink.objects.filter(mapping=mapping.pk, record__in=some)
        links = {link.record_id: link for link in known}
        for record in records.filter(pk__in=some):
            link = links.get(record.pk) or RecordLink()
            link.mapping, link.record = mapping, record
            yield link


def _fresh(mapping: BoardMapping) -> Iterator[RecordLink]:
    for page in pages(mapping.visma, mapping.entity, size=PAGE):
        for row in page.rows:
            payload = canonical(row.payload).decode()
            record = SourceRecord(entity=mapping.entity, key=row.key, payload=payload)
            yield RecordLink(mapping=mapping, record=record)


class _Teller:
    """Adds decisions up, and keeps a few examples of each kind."""

    def __init__(self, desk: Desk, of: Entity) -> None:
        self.desk = desk
        self.entity = of
        self.columns = {raw["id"]: Column(**raw) for raw in desk.mapping.board_columns}
        self.columns.setdefault("name", Column("name", "Name", "name"))
        self.say = partial(local_formats.anything, tenant=desk.mapping.tenant)
        self.simulation = Simulation()
        self.causes: Counter[tuple[str, str, str, bool]] = Counter()
        self.first: dict[tuple[str, str, str, bool], str] = {}

    def take(self, link: RecordLink) -> None:
        if self.desk.books:
            named = self.desk.render.named(decode(link.record.payload.encode()))
            books.look(self.desk.books, [named])
        decision = decide(self.desk, link)
        name = DECISIONS[type(decision)]
        self.simulation.read += 1
        self.simulation.counts[name] += 1
        problems = decision.problems if isinstance(decision, UNDELIVERABLE) else ()
        parked = getattr(decision, "parked", ())
        if problems or parked or self._wants(name):
            self._look_closer(link, decision, (*problems, *parked), bool(problems))

    def finish(self) -> Simulation:
        self.simulation.causes = [
            Cause(code, message, remedy, count, self.first[code, message, remedy, whole], whole)
            for (code, message, remedy, whole), count in self.causes.most_common(CAUSES)
        ]
        order = list(DECISIONS.values())
        self.simulation.examples.sort(key=lambda example: order.index(example.decision))
        return self.simulation

    def _wants(self, decision: str) -> bool:
        kept = sum(example.decision == decision for example in self.simulation.examples)
        return kept < EXAMPLES

    def _look_closer(
        self,
        link: RecordLink,
        decision: plan.Decision,
        problems: tuple[Problem, ...],
        whole: bool,
    ) -> None:
        payload = decode(link.record.payload.encode())
        number = told(payload, self.entity, self.entity.number) or link.record.key
        for problem in dict.fromkeys(problems):
            cause = (problem.code, problem.message, problem.remedy, whole)
            self.causes[cause] += 1
            self.first.setdefault(cause, number)
        name = DECISIONS[type(decision)]
        if self._wants(name):
            self.simulation.examples.append(
                Example(
                    key=link.record.key,
                    number=number,
                    party=told(payload, self.entity, self.entity.party),
                    decision=name,
                    **self._item(link, payload, decision),
                )
            )

    def _item(
        self, link: RecordLink, payload: dict[str, Any], decision: plan.Decision
    ) -> dict[str, Any]:
        if isinstance(decision, plan.Excluded | plan.Archive):
            return {"words": (decision.reason,)}
        rendered = self.desk.render(payload, link.record.key)
        words = decision.problems if isinstance(decision, UNDELIVERABLE) else rendered.parked
        return {
            "name": rendered.name,
            "cells": tuple(self._cells(link, payload, rendered)),
            "words": tuple(dict.fromkeys(problem.message for problem in words)),
        }

    def _cells(
        self, link: RecordLink, payload: dict[str, Any], rendered: Rendered
    ) -> Iterator[Cell]:
        before = link.delivered.get("cells", {})
        for column_id, cell in rendered.cells.items():
            column = self.columns.get(column_id) or Column(column_id, column_id, "text")
            path = self.desk.fields.get(column_id, "")
            known = self.entity.field(path) if path else None
            yield Cell(
                column=column.title,
                field=known.label if known else "Visma key",
                visma=told(payload, self.entity, path, self.say),
                before=shown(column, before.get(column_id), self.say),
                after=self._after(column, cell),
            )

    def _after(self, column: Column, cell: Any) -> str:
        """Links by the names of the items they lead to."""
        pairs = self.desk.render.rules.pairs
        target = next((p.link for p in pairs if p.column_id == column.id and p.link), None)
        book = self.desk.books.get(target) if target else None
        return names_of(cell, book) if book else shown(column, cell, self.say)
