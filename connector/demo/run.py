"""The demo's order of steps, from an empty folder to Ctrl-C."""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from connector.demo.folder import Addresses, DemoFolder, free_port
from connector.demo.portal import enter_webhook
from connector.demo.services import (
    Interrupted,
    Service,
    foreground,
    interrupt,
    on_signals,
    start,
    stop,
)

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
TENANT_FILE = Path(__file__).with_name("tenant.json")
TENANT = "nordlys"
LOGIN = "owner@nordlys.example"
ANSWER_SECONDS = 30.0  # a server that is silent for this long will not answer at all

Say = Callable[[str], None]


class DemoProblem(Exception):
    """The demo cannot go on; the text is for the person in front of it."""


class Demo:
    """``run`` stays in the foreground until it is told to stop."""

    def __init__(self, folder: DemoFolder, *, say: Say, web_port: int, sandbox_port: int) -> None:
        self.folder = folder
        self.say = say
        self.services: list[Service] = []
        self.steps: list[Service] = []
        self.addresses = Addresses(free_port(web_port), free_port(sandbox_port))
        self.env = folder.environment(self.addresses)
        if self.addresses.web_port != web_port:
            say(f"Port {web_port} is taken; this demo uses {self.addresses.web_port}.")

    def run(self) -> None:
        try:
            with on_signals(interrupt):
                self._open()
                self._watch()
        except Interrupted:
            self.say("Stopping …")
        finally:
            stop([*self.services, *self.steps])
        self.say("Everything has ended. `make demo` goes on where this one stopped.")

    def _open(self) -> None:
        self._start_sandbox()
        files = self._begin("collectstatic", "--no-input", "--verbosity", "0")
        self.say("Preparing the database …")
        self._finish(self._begin("migrate", "--verbosity", "0"))
        self._answers("sandbox", f"{self.addresses.sandbox}/")
        self.say("Configuring the demo tenant …")
        # What a visitor broke on purpose must not keep the demo from starting again.
        self._finish(self._begin("tenant_import", str(TENANT_FILE), "--new-only"))
        addresses = self._begin("webhooks", TENANT, "--json")
        self._finish(files)
        self._start_web()
        self._sync()
        self._start("workers", [*MANAGE, "qcluster"])
        self._answers("web", f"{self.addresses.web}/")
        self._connect_webhook(self._finish(addresses))
        self._announce()

    def _start_sandbox(self) -> None:
        port, state = str(self.addresses.sandbox_port), str(self.folder.sandbox_state)
        self._start("sandbox", [*MANAGE, "sandbox", "--port", port, "--state", state])

    def _start_web(self) -> None:
        bind = f"127.0.0.1:{self.addresses.web_port}"
        gunicorn = [sys.executable, "-m", "gunicorn", "connector.wsgi", "--bind", bind]
        options = ["--threads", "4", "--graceful-timeout", "3", "--no-control-socket"]
        self._start("web", [*gunicorn, *options])

    def _start(self, name: str, command: Sequence[str]) -> None:
        self.services.append(start(name, command, log=self.folder.log(name), env=self.env))

    def _begin(self, *command: str) -> Service:
        """One command that ends by itself; ``_finish`` waits for it."""
        log = self.folder.log(command[0])
        self.steps.append(start(command[0], [*MANAGE, *command], log=log, env=self.env))
        return self.steps[-1]

    def _finish(self, step: Service) -> str:
        """Wait for its end, which must be a success; returns what it said."""
        code = step.process.wait()
        self.steps.remove(step)
        if code != 0:
            raise DemoProblem(f"{step.name} failed. {step.log} ends:\n{step.last_lines()}")
        return step.log.read_text(errors="replace")

    def _connect_webhook(self, addresses: str) -> None:
        try:
            enter_webhook(self.addresses.sandbox, addresses, self.env["DEMO_WEBHOOK_KEY"])
        except OSError as error:
            raise DemoProblem(f"The sandbox does not take the webhook: {error}") from None

    def _sync(self) -> None:
        """In the foreground, so that its bar and its account are the first thing to see."""
        self.say("The first sync:")
        foreground([*MANAGE, "sync", TENANT], env=self.env)

    def _answers(self, name: str, url: str) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS
        while not _answered(url):
            self._require_alive()
            if time.monotonic() > deadline:
                raise DemoProblem(f"{name} does not answer at {url}; see {self.folder.log(name)}.")
            time.sleep(0.1)

    def _watch(self) -> None:
        while True:
            self._require_alive()
            time.sleep(0.3)

    def _require_alive(self) -> None:
        for service in self.services:
            if service.ended():
                code = service.process.returncode
                raise DemoProblem(
                    f"{service.name} ended by itself (code {code}). {service.log} ends:\n"
                    f"{service.last_lines()}"
                )

    def _announce(self) -> None:
        self.say(
            f"""
  ml-connector   {self.addresses.web}/
  login          {LOGIN}
  password       {self.env["DEMO_PASSWORD"]}
  sandbox        {self.addresses.sandbox}/   (the Visma company and both boards)
  logs           {self.folder.path}

Change something in the company: it is on its board within three seconds.
The sandbox tells of every change. Visma.net tells of an invoice only when its status changes;
other changes come with the next poll.
Ctrl-C ends everything."""
        )


def _answered(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own http address
            return True
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
