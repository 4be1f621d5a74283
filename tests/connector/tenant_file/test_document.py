"""docs/tenant-file.md tells what the import reads."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from connector.tenant_file import parse
from connector.tenant_file.plan import plan_import
from tenants.models import Tenant

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "tenant-file.md"
SECRETS = ("KARI_PASSWORD", "VISMA_SECRET", "VISMA_WEBHOOK_KEY", "MONDAY_TOKEN")


def example() -> str:
    found = re.search(r"```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.django_db
def test_the_example_is_a_tenant_file() -> None:
    environ = dict.fromkeys(SECRETS, "four plain words together")
    plan = plan_import(example().encode(), environ=environ, outside=None)

    assert [step.verb for step in plan.steps()] == ["create"] * 5


def test_every_key_is_documented() -> None:
    asked = re.findall(
        r'\.(?:text|secret|flag|number|choice|digits|object|objects)\("(\w+)"',
        Path(parse.__file__).read_text(),
    )
    table = DOCUMENT.read_text().split("## Keys")[1]
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", table))))

    assert len(asked) > 20
    assert set(asked) <= told


@pytest.mark.django_db
def test_the_example_can_be_imported_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "four plain words together")
    file = tmp_path / "example.json"
    file.write_text(json.dumps(json.loads(example())))
    call_command("tenant_import", str(file), "--offline", verbosity=0)

    assert Tenant.objects.get().slug == "nordlys"
