"""The chart of accounts, the dimensions and the people on the payroll."""

from connector.sandbox.visma.records.chart import CHART
from connector.sandbox.visma.records.ledger import (
    account,
    dimension,
    dimension_segment,
    dimension_value,
    employee,
    subaccount_record,
)
from connector.sandbox.visma.records.references import DEPARTMENTS, PLACES
from connector.sandbox.visma.records.supplier import Partner
from connector.sandbox.visma.seed.calendar import later, working_moment
from connector.sandbox.visma.seed.orders import Plot
from connector.sandbox.visma.seed.partners import FIRST_NAMES, LAST_NAMES, phone
from connector.sandbox.visma.stamps import version_text, written
from connector.sandbox.visma.tables import Payload

EMPLOYEES = 26
PROJECTS = (
    "Ny lagerreol Alnabru", "Butikk Tromsø, ombygging", "Nettbutikk 2027", "Messe Lillestrøm",
    "El-varebiler", "Solcelletak Åsane", "ERP-opplæring", "Sortiment kjøkken høst",
)  # fmt: skip


def plant_ledger(plot: Plot) -> None:
    for number, (kind, name) in CHART.items():
        plant_somewhen(plot, "account", account(number, kind, name))
    for department in DEPARTMENTS:
        for place in PLACES:
            plant_somewhen(plot, "subaccount", subaccount_record(f"{department}-{place}"))
    _plant_dimensions(plot)
    plant_employees(plot, EMPLOYEES)


def plant_employees(plot: Plot, count: int) -> None:
    random = plot.random
    for _ in range(count):
        number = plot.company.next_number("employee", 1)
        # Each number gives another pair of names, until all are used.
        place = int(number) * 7
        first = FIRST_NAMES[place % len(FIRST_NAMES)]
        last = LAST_NAMES[(place + int(number) // len(FIRST_NAMES)) % len(LAST_NAMES)]
        person = Partner(
            number=number,
            name=f"{first} {last}",
            street=f"Lillegata {number}",
            postal="0668",
            city="Oslo",
            country="NO",
            email=f"ansatt{number}@nordlys.example",
            phone=phone("NO", random),
            corporate_id="",
            vat_id="",
        )
        department = DEPARTMENTS[random.choice(tuple(DEPARTMENTS))]
        branch = random.choice(("1", "1", "2", "3"))
        plant_somewhen(
            plot, "employee", employee(person, department=department, home_branch=branch)
        )


def segment_values(
    plot: Plot, dimension_id: str, place: int, values: dict[str, str]
) -> list[Payload]:
    found = []
    for value, words in values.items():
        at = working_moment(plot.today, plot.random.uniform(20, 800), plot.random)
        stamp = version_text(int.from_bytes(words.encode()[:3], "big"))
        found.append(
            dimension_value(dimension_id, place, value, words)
            | {"lastModified": written(at), "timeStamp": stamp}
        )
    return found


def _plant_dimensions(plot: Plot) -> None:
    projects = {f"P{place:03d}": name for place, name in enumerate(PROJECTS, start=1)}
    parts = {
        "SUBACCOUNT": ("Underkonto", (("Avdeling", DEPARTMENTS, 3), ("Sted", PLACES, 2))),
        "PROJECT": ("Prosjekt", (("Prosjekt", projects, 10),)),
        "INVENTORY": ("Varenummer", (("Varenummer", {}, 30),)),
        "BIZACCT": ("Forretningskonto", (("Konto", {}, 10),)),
    }
    for name, (description, segments) in parts.items():
        built = [
            dimension_segment(
                name, place, title, segment_values(plot, name, place, values), length=length
            )
            for place, (title, values, length) in enumerate(segments, start=1)
        ]
        at = working_moment(plot.today, 800, plot.random)
        stamps = {"lastModified": written(at), "timeStamp": version_text(at.year)}
        plant_somewhen(plot, "dimension", dimension(name, description, [s | stamps for s in built]))


def plant_somewhen(plot: Plot, entity: str, payload: Payload) -> None:
    at = working_moment(plot.today, plot.random.uniform(30, 900), plot.random)
    plot.company.plant(entity, payload, later(at, plot.today, plot.random, days=20))
