"""Print a complete environment with new random keys, as lines of NAME=value.

``make setup`` writes it to ``.env`` once. With an address it is a deployment's start::

    python -m connector.environment https://connector.example.com
"""

import secrets
import sys
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

DEVELOPMENT_URL = "http://localhost:8000"


def environment(public_url: str = DEVELOPMENT_URL) -> dict[str, str]:
    """``DEBUG`` is on only for the development address."""
    development = public_url == DEVELOPMENT_URL
    return {
        "DEBUG": str(development).lower(),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "PUBLIC_URL": public_url,
        "ALLOWED_HOSTS": "localhost,127.0.0.1"
        if development
        else urlsplit(public_url).hostname or "",
    }


def lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


if __name__ == "__main__":
    sys.stdout.write(lines(environment(*sys.argv[1:2])))
