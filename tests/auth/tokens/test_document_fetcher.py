"""auth.tokens.document_fetcher: small documents, bounded in time and size, from the address given and no other."""

import socket
import traceback

import pytest

from auth.errors import DocumentNotFoundError, VerificationKeysUnavailableError
from auth.tokens.document_fetcher import DocumentFetcher, url_without_query
from tests.auth.tokens.token_issuer import KeyServer


async def refused(fetcher: DocumentFetcher, url: str) -> str:
    with pytest.raises(VerificationKeysUnavailableError) as error:
        await fetcher.get(url)
    assert "geheim" not in "".join(traceback.format_exception(error.value))
    return str(error.value)


async def test_a_document(key_server: KeyServer, fetcher: DocumentFetcher) -> None:
    key_server.documents["/keys"] = b"some keys"
    assert await fetcher.get(f"{key_server.url}/keys?token=geheim") == b"some keys"
    assert key_server.asked == ["/keys"]


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_document_that_is_not_there(key_server: KeyServer, fetcher: DocumentFetcher, status: int) -> None:
    key_server.status = status
    with pytest.raises(DocumentNotFoundError, match=f"answers {status}"):
        await fetcher.get(f"{key_server.url}/keys?token=geheim")


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 308, 400, 401, 429, 500, 503])
async def test_any_other_status_and_no_redirect_is_followed(
    key_server: KeyServer, fetcher: DocumentFetcher, status: int
) -> None:
    key_server.documents["/elsewhere"] = b"keys"
    key_server.status, key_server.location = status, f"{key_server.url}/elsewhere"
    text = await refused(fetcher, f"{key_server.url}/keys?token=geheim")
    assert text == f"The keys' address, {key_server.url}/keys, answers {status}, not 200."
    assert key_server.asked == ["/keys"]


async def test_a_document_that_is_too_large(key_server: KeyServer) -> None:
    async with DocumentFetcher(max_bytes=100_000) as fetcher:
        key_server.documents["/keys"] = b"x" * 100_000
        assert len(await fetcher.get(f"{key_server.url}/keys")) == 100_000
        key_server.documents["/keys"] += b"x"
        text = await refused(fetcher, f"{key_server.url}/keys")
    assert text == f"The keys' address, {key_server.url}/keys, answers more than 100000 bytes."


async def test_a_server_that_does_not_answer(key_server: KeyServer) -> None:
    key_server.is_held = True
    async with DocumentFetcher(seconds=0.05) as fetcher:
        text = await refused(fetcher, f"{key_server.url}/keys?token=geheim")
    assert text == f"The keys' address, {key_server.url}/keys, did not answer within 0.05 seconds."


async def test_a_server_that_is_not_there(fetcher: DocumentFetcher) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/keys"
        assert await refused(fetcher, f"{url}?token=geheim") == f"The keys' address, {url}, cannot be reached."


async def test_a_server_without_encryption_where_it_should_have_it(
    key_server: KeyServer, fetcher: DocumentFetcher
) -> None:
    url = key_server.url.replace("http:", "https:")
    text = await refused(fetcher, f"{url}/keys")
    assert text == f"The keys' address, {url}/keys, shows no certificate that is trusted here."
    assert key_server.asked == []


async def test_only_while_it_is_open(key_server: KeyServer) -> None:
    fetcher = DocumentFetcher()
    assert await refused(fetcher, key_server.url) == "The gateway is not open, or is closing."
    async with fetcher:
        pass
    await refused(fetcher, key_server.url)
    await fetcher.__aexit__(None, None, None)
    assert key_server.asked == []


def test_addresses_are_shown_without_what_may_be_a_secret() -> None:
    assert url_without_query("https://login.example.com/keys?token=geheim#there") == "https://login.example.com/keys"
