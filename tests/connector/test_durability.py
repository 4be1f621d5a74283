"""What was committed is still known after a crash, so that nothing is sent and then forgotten."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_commit_waits_until_the_log_has_it_whatever_the_server_is_set_to() -> None:
    question = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
    full = {"sqlite": 2, "postgresql": "on"}  # the tests' own server is set to "off"

    with connection.cursor() as cursor:
        cursor.execute(question[connection.vendor])
        (level,) = cursor.fetchone()

    assert level == full[connection.vendor]
