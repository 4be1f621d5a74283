"""What every screen is made of: lists in pages, words after an act, values as people read them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connector.sandbox.pages import render
from connector.sandbox.visma.tables import Payload, Table
from connector.sandbox.wire import Request, Response, redirect

PER_PAGE = 50
Act = Callable[[dict[str, str]], str]


@dataclass(frozen=True)
class Shelf:
    """One page of a list, newest first, and the links to the others."""

    rows: list[Payload]
    total: int
    number: int
    links: list[tuple[str, str]]


def shelf(table: Table, request: Request, words: Callable[[Payload], str]) -> Shelf:
    """``words`` is the text in which the search looks."""
    find, status = request.argument("find").casefold(), request.argument("status")

    def keep(row: Payload) -> bool:
        fits = not status or row["status"] == status
        return fits and find in words(row).casefold()

    chosen = keep if find or status else None
    total = table.page(chosen, None, start=0, size=0)[1]
    pages = max(-(-total // PER_PAGE), 1)
    asked = request.argument("page", "1")
    number = min(max(int(asked) if asked.isdecimal() else 1, 1), pages)
    end = total - (number - 1) * PER_PAGE
    start = max(end - PER_PAGE, 0)
    rows = table.page(chosen, None, start=start, size=end - start)[0][::-1]
    near = [n for n in range(1, pages + 1) if n in (1, pages) or abs(n - number) < 4]
    query = {"find": request.argument("find"), "status": status}
    links = [(str(n), "" if n == number else "?" + urlencode(query | {"page": n})) for n in near]
    return Shelf(rows, total, number, links)


def list_page(template: str, request: Request, found: Shelf, **context: Any) -> Response:
    return page(
        template,
        request,
        total=str(found.total),
        pages=found.links,
        find=request.argument("find"),
        status=request.argument("status"),
        **context,
    )


def page(template: str, request: Request, **context: Any) -> Response:
    said = {"said": request.argument("said"), "problem": request.argument("problem")}
    return render(f"company/{template}", {"place": "company", **said, **context})


def missing() -> Response:
    return render("missing.html", {"place": "company"}, 404)


def acted(act: Act, form: dict[str, str], *, back: str) -> Response:
    """Do it and go back with words; a mistake changes nothing and is told in red."""
    try:
        said = {"said": act(form)}
    except (ValueError, KeyError) as why:
        said = {"problem": str(why.args[0]) if why.args else str(why)}
    return redirect(f"{back}?{urlencode(said)}")


def day_of(text: str | None) -> str:
    """The day of a date field; empty when there is none."""
    return (text or "")[:10]


def moment_of(text: str) -> str:
    return text[:19].replace("T", " ")
