"""Suggests which Visma field belongs in which column of any board, with strength and reasons."""

import json
import sys
from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from connector.management.arguments import ExampleCommand
from mappings.catalog import DESCRIBED
from mappings.columns import Column
from mappings.suggest import Candidate, Suggestion, suggest
from mappings.suggest.judging import GOLDEN, Judged, column_of, judge

_GOOD = 0.95  # share of the golden table that must be right as first choice


class Command(ExampleCommand):
    help = __doc__
    example = "manage.py suggest supplier_invoice --columns board.json --json"
    requires_system_checks = ()  # it reads tables of words, no deployment

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("entity", nargs="?", help=", ".join(DESCRIBED))
        parser.add_argument(
            "--columns", metavar="FILE", help="[{id, title, type, labels}]; - stdin"
        )
        parser.add_argument("--samples", metavar="FILE", help="payloads of a few Visma records")
        parser.add_argument("--golden", action="store_true", help="score of the golden table")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["entity"] not in (None, *DESCRIBED):
            raise CommandError(
                f"There is no entity “{options['entity']}”. Choose: {', '.join(DESCRIBED)}.",
                returncode=2,
            )
        if options["golden"]:
            self._golden(options)
        elif options["entity"] and options["columns"]:
            self._suggest(options)
        else:
            raise CommandError("Give ENTITY and --columns FILE, or --golden.", returncode=2)

    def _suggest(self, options: dict[str, Any]) -> None:
        columns = _columns(_read(options["columns"]))
        samples = _read(options["samples"]) if options["samples"] else []
        found = suggest(DESCRIBED[options["entity"]], columns, samples)
        if options["json"]:
            self.stdout.write(json.dumps([as_dict(each) for each in found], ensure_ascii=False))
            return
        for each in found:
            self.stdout.write(_line(each))

    def _golden(self, options: dict[str, Any]) -> None:
        names = [options["entity"]] if options["entity"] else list(DESCRIBED)
        judged = {name: list(judge(name, _boards(name))) for name in names}
        scores = {name: _score(each) for name, each in judged.items() if each}
        if options["json"]:
            self.stdout.write(json.dumps(scores))
        else:
            self._tell(judged, scores)
        if any(not score["good"] for score in scores.values()):
            sys.exit(1)

    def _tell(self, judged: dict[str, list[Judged]], scores: dict[str, dict[str, Any]]) -> None:
        for name, score in scores.items():
            self.stdout.write(
                f"{name}: {score['right']} of {score['columns']} right ({score['share']:.1%}), "
                f"{score['wrong_at_high']} wrong at high strength"
            )
            for each in (one for one in judged[name] if not one.right):
                title = each.suggestion.column.title
                self.stdout.write(
                    f"  {each.board} · {title}: {each.found or 'nothing'}, "
                    f"should be {each.expected or 'nothing'}"
                )


def _score(judged: list[Judged]) -> dict[str, Any]:
    right, wrong = sum(each.right for each in judged), sum(each.wrong_at_high for each in judged)
    share = right / len(judged)
    return {
        "columns": len(judged),
        "right": right,
        "share": round(share, 4),
        "wrong_at_high": wrong,
        "good": share >= _GOOD and wrong == 0,
    }


def as_dict(each: Suggestion) -> dict[str, Any]:
    """One column's suggestion for programs; ``field`` null where nothing fits."""
    chosen = each.chosen
    return {
        "id": each.column.id,
        "title": each.column.title,
        "type": each.column.type,
        "field": chosen.field if chosen else None,
        "label": chosen.label if chosen else None,
        "strength": chosen.strength if chosen else 0,
        "level": chosen.level if chosen else "none",
        "reason": "; ".join(each.reasons),
        "reasons": list(each.reasons),
        "transform": chosen.transform if chosen else "",
        "runner_up": _short(each.runner_up),
        "taken_by": each.taken_by,
    }


def _short(candidate: Candidate | None) -> dict[str, Any] | None:
    if candidate is None:
        return None
    return {
        "field": candidate.field,
        "label": candidate.label,
        "strength": candidate.strength,
        "reasons": list(candidate.reasons),
    }


def _line(each: Suggestion) -> str:
    place, reason = f"{each.column.title} ({each.column.type})", "; ".join(each.reasons)
    if each.chosen is None:
        return f"{place}: nothing. {reason}."
    transform = f", transform {each.chosen.transform}" if each.chosen.transform else ""
    best = f"{each.chosen.label} [{each.chosen.field}] {each.chosen.strength} {each.chosen.level}"
    other = each.runner_up
    second = f" Next best: {other.label} {other.strength}." if other else ""
    return f"{place}: {best}{transform}. {reason}.{second}"


def _boards(entity: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read(str(GOLDEN / f"{entity}.json"))
    return found


def _read(name: str) -> Any:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
        return json.loads(text, parse_float=Decimal)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from None
    except ValueError as error:
        raise CommandError(f"{name} is not JSON: {error}.", returncode=2) from None


def _columns(raw: Any) -> list[Column]:
    found = raw.get("columns") if isinstance(raw, dict) else raw
    if not isinstance(found, list):
        raise CommandError("The columns file must hold a list of columns.", returncode=2)
    columns = []
    for position, each in enumerate(found):
        if not isinstance(each, dict) or not each.get("title") or not each.get("type"):
            raise CommandError(f"Column {position + 1} needs a title and a type.", returncode=2)
        columns.append(column_of(each, position))
    return columns
