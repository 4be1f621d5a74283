"""The house keeps its own rules: sizes, names, documents that agree with the code."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from tenants.fields import SecretTextField

ROOT = Path(__file__).resolve().parent.parent
OURS = ("connector", "mappings", "tenants")

# A file or function may be larger than the budget only if it stands here with its reason.
LARGER_FILES: dict[str, str] = {
    "tests/connector/sync/test_receipts.py": "one stage serves every step of the receipt's way",
}
LARGER_FUNCTIONS: dict[str, str] = {}
FILE_LINES = 300
TEST_FILE_LINES = 450  # a list of cases is read by its names, not from top to bottom
FUNCTION_LINES = 50

# Written in halves, so that this file does not break its own rule.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "js" + "delivr",
    "un" + "pkg.com",
    "cdn" + "js.",
    "docker" + ".io",
    "gh" + "cr.io",
]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "Not" + "ImplementedError"]
WORKPLACE = ["/wo" + "rk/"]
CONTRACTS = "../sha" + "red"  # outside this repository: only tests may look there


def files(pattern: str = "*") -> list[Path]:
    """Files of the repository, new ones included, ignored ones not."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", pattern],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [path for path in files("*.py") if "migrations" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name with its file, and length in lines, of every function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name(path)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def holders(words: list[str], paths: list[Path]) -> list[str]:
    """Which files hold which of the words."""
    texts = {path: path.read_bytes().decode(errors="replace") for path in paths}
    return [f"{name(path)}: {w}" for path, text in texts.items() for w in words if w in text]


def read_settings() -> set[str]:
    text = (ROOT / "connector" / "settings.py").read_text()
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', text))


def is_secret(field: object) -> bool:
    return isinstance(field, SecretTextField)


def is_island(path: Path) -> bool:
    return bool({"sandbox", "demo"} & set(path.parts))


def our_commands() -> list[str]:
    return sorted(command for command, app in get_commands().items() if app in OURS)


def test_no_import_goes_against_the_contracts() -> None:
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert lint.returncode == 0, lint.stdout


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)) == read_settings()


def test_a_secret_is_read_only_where_it_goes_out_or_proves_a_call() -> None:
    doors = {"connector/tokens.py", "connector/clients.py", "connector/webhooks/visma.py"}
    fields = {f.name for m in apps.get_models() for f in m._meta.concrete_fields if is_secret(f)}
    read = {
        name(path)
        for path in sources()
        if path.is_relative_to(ROOT / "connector") and not is_island(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in fields - {"token", "text"}
        if isinstance(node.ctx, ast.Load)
    }

    assert {"client_secret", "webhook_key", "refresh_token"} <= fields
    # These know the secret of our own app, and the proof of a sign-in that is under way.
    assert read - doors <= {"connector/monday/auth.py", "connector/sign_ins/connect.py"}


@pytest.mark.parametrize("command", our_commands())
def test_a_commands_help_shows_an_example(command: str) -> None:
    loaded = load_command_class(get_commands()[command], command)
    parser = loaded.create_parser("manage.py", command)

    assert f"example:\n  manage.py {command}" in str(parser.epilog)


def budget(path: Path) -> int:
    return TEST_FILE_LINES if "tests" in path.parts else FILE_LINES


def test_no_file_is_larger_than_its_budget() -> None:
    larger = {name(p) for p in sources() if p.read_text().count("\n") > budget(p)}

    assert larger == set(LARGER_FILES)


def test_no_function_is_larger_than_its_budget() -> None:
    lengths = [found for path in sources() for found in functions(path)]

    assert {n for n, length in lengths if length > FUNCTION_LINES} == set(LARGER_FUNCTIONS)


def test_every_module_says_what_it_is() -> None:
    modules = {path: ast.parse(path.read_text()) for path in sources()}

    assert [
        name(p) for p, tree in modules.items() if tree.body and not ast.get_docstring(tree)
    ] == []


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}

    assert [name(path) for path in sources() if drawers & {path.stem, path.parent.name}] == []


def test_no_file_names_a_package_registry() -> None:
    assert holders(REGISTRIES, files()) == []


def test_nothing_is_left_unfinished() -> None:
    assert holders(UNFINISHED, sources()) == []


def test_the_product_names_no_place_outside_itself() -> None:
    product = [path for path in files() if path.parts[len(ROOT.parts)] != "tests"]

    assert holders([*WORKPLACE, CONTRACTS], product) + holders(WORKPLACE, files()) == []


def test_no_source_of_others_is_kept_here() -> None:
    assert [name(p) for p in files() if re.search(r"\.min\.(js|css)$|(^|/)vendor/", name(p))] == []


def test_every_make_verb_in_the_documents_exists() -> None:
    verbs = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *files("docs/*.md")]
    named = {v for path in documents for v in re.findall(r"`make ([a-z]+)", path.read_text())}

    assert named - verbs == set()


def test_make_lists_at_most_ten_verbs() -> None:
    makefile = (ROOT / "Makefile").read_text()

    assert 6 <= len(re.findall(r"^[a-z]+:.*##", makefile, re.MULTILINE)) <= 10


def test_every_command_in_the_documents_exists() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *files("docs/*.md")]
    named = {c for p in documents for c in re.findall(r"manage\.py ([a-z_]+)", p.read_text())}

    assert named - set(get_commands()) == set()


def test_what_the_architecture_names_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    models = {model.__name__ for model in apps.get_models()}
    stages = {path.name for path in files("connector/sync/*.py")}

    assert set(re.findall(r"^\| `([A-Z]\w+)`", text, re.MULTILINE)) - models == set()
    assert set(re.findall(r"\*\*(\w+\.py)\*\*", text)) - stages == set()


@pytest.mark.parametrize("decision", files("docs/decisions/*.md"), ids=name)
def test_a_decision_is_short_and_complete(decision: Path) -> None:
    text = decision.read_text()

    assert all(word in text for word in ("Status:", "## Context", "## Decision", "## Consequences"))
    assert text.count("\n") <= 60
