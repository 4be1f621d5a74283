"""The wire: every request ends, and says whether it could have left."""

import datetime
import gzip
import ipaddress
import resource
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connector.http import NoAnswerError, NotReachedError, Reply, make_session
from connector.http.session import BODY_CAP

from .wire import Answering, RawServer, cut, http, reset, whole

Start = Callable[[Answering], RawServer]
SECRET = "a-secret-nobody-may-read"
SHORT = 1.0  # seconds; a deadline that a loaded machine still connects within


@pytest.fixture
def session() -> requests.Session:
    return make_session("ml-connector-test")


def test_a_whole_answer_comes_through(session: requests.Session, raw_server: Start) -> None:
    server = raw_server(whole(b'{"a": 1}', headers="X-Kind: test\r\n"))

    response = session.post(server.url, data=b"x", timeout=5)

    assert (response.status_code, response.content) == (200, b'{"a": 1}')
    assert response.headers["X-Kind"] == "test"


def test_one_connection_serves_many_requests(session: requests.Session, raw_server: Start) -> None:
    server = raw_server(whole(b"ok"))

    for _ in range(5):
        session.get(server.url, timeout=5)

    assert server.connections == 1


def test_a_refused_connection_is_not_reached(session: requests.Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(NotReachedError, match="Connection refused"):
        session.post(f"http://127.0.0.1:{port}", data=b"x", timeout=5)


def test_an_unknown_host_is_not_reached(session: requests.Session) -> None:
    with pytest.raises(NotReachedError):
        session.post("http://no-such-host.invalid", data=b"x", timeout=5)


def test_a_wrong_certificate_is_not_reached_and_nothing_was_sent(
    session: requests.Session, tmp_path: Path
) -> None:
    received: list[bytes] = []
    port = _tls_server(tmp_path, received)

    with pytest.raises(NotReachedError, match=r"(?i)certificate"):
        session.post(
            f"https://127.0.0.1:{port}", headers={"Authorization": SECRET}, data=b"x", timeout=5
        )

    assert received == []


def test_a_reset_after_the_request_is_no_answer(
    session: requests.Session, raw_server: Start
) -> None:
    server = raw_server(reset)

    with pytest.raises(NoAnswerError):
        session.post(server.url, data=b"x", timeout=5)


def test_a_server_that_closes_without_an_answer_is_no_answer(
    session: requests.Session, raw_server: Start
) -> None:
    server = raw_server(lambda connection, request: connection.shutdown(socket.SHUT_RDWR))

    with pytest.raises(NoAnswerError):
        session.post(server.url, data=b"x", timeout=5)


def test_a_kept_connection_that_was_closed_meanwhile_never_repeats_a_request(
    session: requests.Session, raw_server: Start
) -> None:
    answers = iter([whole(b"first"), reset])
    server = raw_server(lambda connection, request: next(answers)(connection, request))
    session.post(server.url, data=b"1", timeout=5)

    with pytest.raises(NoAnswerError):
        session.post(server.url, data=b"2", timeout=5)

    assert len(server.requests) == 2


@pytest.mark.parametrize("length", [1, 20, 60, len(http(b"x" * 100)) - 1])
def test_a_cut_answer_is_no_answer(
    session: requests.Session, raw_server: Start, length: int
) -> None:
    server = raw_server(cut(http(b"x" * 100), length))

    with pytest.raises(NoAnswerError):
        session.post(server.url, data=b"x", timeout=5)


def test_a_cut_chunked_answer_is_no_answer(session: requests.Session, raw_server: Start) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nab"
    server = raw_server(cut(answer, len(answer)))

    with pytest.raises(NoAnswerError):
        session.post(server.url, data=b"x", timeout=5)


def _dripping(answer: bytes, sent: list[int] | None = None) -> Answering:
    def answering(connection: socket.socket, request: bytes) -> None:
        for byte in answer:
            connection.sendall(bytes([byte]))
            if sent is not None:
                sent.append(byte)
            time.sleep(0.02)

    return answering


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(b"x" * 500), id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 50, id="headers"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 500, id="body without a length"),
    ],
)
def test_a_slow_drip_ends_at_the_deadline(
    session: requests.Session, raw_server: Start, answer: bytes
) -> None:
    sent: list[int] = []
    server = raw_server(_dripping(answer, sent))

    with pytest.raises(NoAnswerError, match="deadline"):
        session.post(server.url, data=b"x", timeout=SHORT)

    assert len(sent) < len(answer)


def test_silence_ends_at_the_deadline(session: requests.Session, raw_server: Start) -> None:
    server = raw_server(lambda connection, request: time.sleep(5))

    with pytest.raises(NoAnswerError, match="deadline"):
        session.post(server.url, data=b"x", timeout=SHORT)


def test_a_server_that_does_not_read_ends_at_the_deadline(session: requests.Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"

        with pytest.raises(NoAnswerError):
            session.post(url, data=b"x" * 50_000_000, timeout=SHORT)


def test_a_deadline_that_passes_while_looking_up_the_name_sends_nothing(
    session: requests.Session, raw_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = raw_server(whole(b"ok"))
    look_up = socket.getaddrinfo

    def slow_look_up(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.6)
        return look_up(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)

    with pytest.raises(NotReachedError, match="deadline"):
        session.post(server.url, data=b"x", timeout=0.2)

    assert server.requests == []


def test_a_session_works_again_after_a_deadline(
    session: requests.Session, raw_server: Start
) -> None:
    answers = iter([_dripping(http(b"x" * 2000)), whole(b"well")])
    server = raw_server(lambda connection, request: next(answers)(connection, request))
    with pytest.raises(NoAnswerError):
        session.post(server.url, data=b"x", timeout=SHORT)

    assert session.post(server.url, data=b"x", timeout=5).content == b"well"


def test_no_thread_is_left_behind(session: requests.Session, raw_server: Start) -> None:
    server = raw_server(whole(b"ok"))
    session.get(server.url, timeout=5)

    for _ in range(20):
        session.get(server.url, timeout=5)
    for timer in timers():
        timer.join(SHORT)

    assert timers() == []


def timers() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if isinstance(each, threading.Timer)]


def test_a_compressed_answer_is_unpacked(session: requests.Session, raw_server: Start) -> None:
    body = gzip.compress(b'{"a": 1}')
    server = raw_server(whole(body, headers="Content-Encoding: gzip\r\n"))

    assert session.get(server.url, timeout=5).content == b'{"a": 1}'


def test_a_gzip_bomb_is_cut_at_the_cap_and_costs_little_memory(
    session: requests.Session, raw_server: Start
) -> None:
    bomb = gzip.compress(b"\0" * (1024 * 1024)) * 1024  # 1 MiB on the wire, 1 GiB unpacked
    server = raw_server(whole(bomb, headers="Content-Encoding: gzip\r\n"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(NoAnswerError, match="larger than"):
        session.post(server.url, data=b"x", timeout=30)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 2 * BODY_CAP / 1024  # ru_maxrss counts KiB


def test_an_answer_that_only_claims_to_be_compressed_is_no_answer(
    session: requests.Session, raw_server: Start
) -> None:
    server = raw_server(whole(b"not gzip", headers="Content-Encoding: gzip\r\n"))

    with pytest.raises(NoAnswerError):
        session.post(server.url, data=b"x", timeout=5)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 T", "308 P"])
def test_a_redirect_is_not_followed_and_the_credential_stays_here(
    session: requests.Session, raw_server: Start, status: str
) -> None:
    elsewhere = raw_server(whole(b"elsewhere"))
    server = raw_server(whole(b"", status, f"Location: {elsewhere.url}/\r\n"))

    response = session.get(server.url, headers={"Authorization": SECRET}, timeout=5)

    assert response.status_code == int(status[:3])
    assert elsewhere.requests == []


@pytest.mark.parametrize("status", ["429 Slow", "500 Error", "502 Bad", "503 Busy"])
def test_nothing_is_sent_twice_by_itself(
    session: requests.Session, raw_server: Start, status: str
) -> None:
    server = raw_server(whole(b"", status, "Retry-After: 0\r\n"))

    session.get(server.url, timeout=5)

    assert len(server.requests) == 1


def test_cookies_are_not_kept(session: requests.Session, raw_server: Start) -> None:
    server = raw_server(whole(b"ok", headers="Set-Cookie: who=me; Path=/\r\n"))
    session.get(server.url, timeout=5)

    session.get(server.url, timeout=5)

    assert b"cookie" not in server.requests[1].lower()


def test_a_proxy_of_the_environment_is_not_used(
    session: requests.Session, raw_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = raw_server(whole(b"from the proxy"))
    server = raw_server(whole(b"direct"))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)

    assert session.get(server.url, timeout=5).content == b"direct"


def test_a_password_file_of_the_environment_does_not_replace_the_credential(
    session: requests.Session,
    raw_server: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = raw_server(whole(b"ok"))

    session.get(server.url, headers={"Authorization": SECRET}, timeout=5)

    assert f"Authorization: {SECRET}".encode() in server.requests[0]


def test_a_wire_error_tells_no_secret(session: requests.Session, raw_server: Start) -> None:
    server = raw_server(reset)

    with pytest.raises(NoAnswerError) as caught:
        session.post(server.url, headers={"Authorization": SECRET}, data=SECRET, timeout=5)

    assert SECRET not in repr(caught.value) + str(caught.value) + str(vars(caught.value))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": " 7 "}, 7.0),
        ({}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, None),
        (
            {
                "Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT",
                "Date": "Mon, 23 Nov 2026 12:00:00 GMT",
            },
            30.0,
        ),
        ({"Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT"}, None),
    ],
)
def test_retry_after_is_read_as_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert Reply(429, headers, b"").retry_after == seconds


def test_a_quote_is_short_single_lined_and_free_of_secrets() -> None:
    reply = Reply(400, {}, b"", (SECRET, ""))

    quoted = reply.quote(f"first\r\n\x00second {SECRET} \ud800 " + "x" * 1000)

    assert quoted.startswith("first second ••• xxx")
    assert len(quoted) == 500


def test_a_snippet_of_a_page_is_its_text() -> None:
    page = b"<html><style>p {}</style><h1>502 Bad&nbsp;Gateway</h1><script>x<y</script></html>"

    assert Reply(502, {}, page).snippet() == "HTTP 502: 502 Bad Gateway"


def _tls_server(folder: Path, received: list[bytes]) -> int:
    """A TLS server with a certificate nobody has signed; notes what gets through to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(folder))
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            connection, _ = listener.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    received.append(secured.recv(1024))
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
