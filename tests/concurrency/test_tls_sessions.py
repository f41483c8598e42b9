"""TLS sessions: certificates are read once, and nobody is trusted for it who was not trusted before."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import SSLError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from concurrency.tls_sessions import SharedTlsSession

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that has signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("tls") / "bundle.pem"
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(certificate.public_bytes(encoding) + secret)
    return file


@pytest.fixture
async def https(bundle: Path) -> AsyncIterator[str]:
    """The address of a server that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def status(url: str, verify: bool | str = True) -> int:
    async with SharedTlsSession(verify=verify, timeout=(5, 5)) as session:
        prepared = AWSRequest("GET", url).prepare()
        prepared.stream_output = False
        code: int = (await session.send(prepared)).status_code
        return code


def contexts(*sessions: SharedTlsSession) -> list[Any]:
    return [session._build_ssl_contexts(None)[0] for session in sessions]


def test_sessions_that_trust_the_same_share_a_context() -> None:
    one, other = contexts(SharedTlsSession(), SharedTlsSession())
    assert one is other
    assert (one.verify_mode, one.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_bundle_of_its_own_has_a_context_of_its_own(bundle: Path) -> None:
    usual, own = contexts(SharedTlsSession(), SharedTlsSession(verify=str(bundle)))
    assert own is not usual
    assert [len(context.get_ca_certs()) for context in (own,)] == [1]


def test_a_bundle_that_has_changed_is_read_again(bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    file.write_bytes(bundle.read_bytes())
    (before,) = contexts(SharedTlsSession(verify=str(file)))
    file.write_bytes(bundle.read_bytes() + b"\n")
    (after,) = contexts(SharedTlsSession(verify=str(file)))
    assert after is not before


def test_a_session_with_a_certificate_a_proxy_or_no_check_shares_nothing(bundle: Path) -> None:
    """A certificate or key in a shared context would be shown to, or believed of, everyone."""
    (shared,) = contexts(SharedTlsSession())
    own = contexts(SharedTlsSession(client_cert=str(bundle)), SharedTlsSession(verify=False))
    through_proxy = SharedTlsSession()._build_ssl_contexts("http://127.0.0.1:9")
    assert all(context is not shared for context in (*own, *through_proxy))
    assert shared.verify_mode is ssl.CERT_REQUIRED


async def test_only_who_is_trusted_is_spoken_to(https: str, bundle: Path) -> None:
    with pytest.raises(SSLError):
        await status(https)
    assert await status(https, str(bundle)) == 200
    with pytest.raises(SSLError):
        await status(https)


def test_a_bundle_that_is_missing_is_told_by_the_first_call(tmp_path: Path) -> None:
    SharedTlsSession(verify=str(tmp_path / "missing.pem")).prepare()
    with pytest.raises(FileNotFoundError):
        contexts(SharedTlsSession(verify=str(tmp_path / "missing.pem")))


def test_a_prepared_session_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    SharedTlsSession().prepare()
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", None)
    assert len(contexts(SharedTlsSession())) == 1
