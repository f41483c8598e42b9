"""Clients: made once for each service, never signing with other keys, and closed."""

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from auth.credentials.signing import new_data_loader
from aws.client.errors import UnavailableError
from aws.client.service_clients import AwsEndpoint, ServiceClients, load_services
from sandbox.server import Sandbox
from tests.aws.sandbox_account import REGION, StaticCredentials


async def test_a_client_is_made_once_however_many_ask(clients: ServiceClients) -> None:
    first, *rest = await asyncio.gather(*(clients.get("sagemaker") for _ in range(5)))
    assert all(other is first for other in rest)
    assert await clients.get("sagemaker") is first
    assert await clients.get("s3") is not first


async def test_keys_of_the_environment_are_never_used(
    sandbox: Sandbox, clients: ServiceClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "theirs")
    await (await clients.get("sagemaker")).list_models()
    assert [call.access_key for call in sandbox.calls.recent()] == ["AKIATESTSOFAWS"]


async def test_each_call_asks_for_the_keys_of_its_moment(sandbox: Sandbox, connection: AwsEndpoint) -> None:
    credentials = StaticCredentials("AKIAFIRST")
    clients = ServiceClients(connection, credentials)
    client = await clients.get("sagemaker")
    await client.list_models()
    credentials.keys = credentials.keys._replace(access_key="AKIASECOND")
    await client.list_models()
    await clients.close()
    assert [call.access_key for call in sandbox.calls.recent()] == ["AKIAFIRST", "AKIASECOND"]


async def test_no_client_is_made_once_they_are_closed(connection: AwsEndpoint) -> None:
    """Whoever still asks has outlived the scope: the answer of a sibling has ended the request."""
    clients = ServiceClients(connection, StaticCredentials())
    await clients.get("sagemaker")
    await clients.close()
    for service in ("sagemaker", "s3"):
        with pytest.raises(UnavailableError):
            await clients.get(service)


async def test_one_that_is_being_made_is_closed_with_the_others(sandbox: Sandbox, connection: AwsEndpoint) -> None:
    clients = ServiceClients(connection, StaticCredentials())
    making = asyncio.create_task(clients.get("sagemaker"))
    await asyncio.sleep(0)
    await clients.close()
    with pytest.raises(Exception, match="NoneType"):
        await (await making).list_models()
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure"])
async def test_botocore_itself_never_tries_again(sandbox: Sandbox, clients: ServiceClients, code: str) -> None:
    sandbox.faults.fail("ListModels", code=code)
    with pytest.raises(ClientError):
        await (await clients.get("sagemaker")).list_models()
    assert sandbox.calls.count("ListModels") == 1


async def test_without_an_address_awss_own_is_called(loader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    clients = ServiceClients(AwsEndpoint("cn-north-1", None, loader), StaticCredentials())
    client = await clients.get("sagemaker")
    assert client.meta.endpoint_url == "https://api.sagemaker.cn-north-1.amazonaws.com.cn"
    assert client.meta.region_name == "cn-north-1"
    assert client.meta.config.user_agent.startswith("sagegraph")
    await clients.close()


async def test_service_models_are_read_through_the_shared_loader(sandbox: Sandbox, loader: Any) -> None:
    class CountingLoader:
        def __init__(self) -> None:
            self.loaded: list[str] = []

        def load_service_model(self, service: str, *arguments: Any, **options: Any) -> Any:
            self.loaded.append(service)
            return loader.load_service_model(service, *arguments, **options)

        def __getattr__(self, name: str) -> Any:
            return getattr(loader, name)

    counting = CountingLoader()
    for _ in range(2):
        clients = ServiceClients(AwsEndpoint(REGION, sandbox.url, counting), StaticCredentials())
        await clients.get("sagemaker")
        await clients.close()
    assert set(counting.loaded) == {"sagemaker"}


async def test_closing_closes_connections_and_can_be_done_twice(sandbox: Sandbox, connection: AwsEndpoint) -> None:
    clients = ServiceClients(connection, StaticCredentials())
    client = await clients.get("sagemaker")
    await client.list_models()
    await clients.close()
    await clients.close()
    assert sandbox.calls.count() == 1


async def test_when_the_keys_of_the_moment_end(connection: AwsEndpoint) -> None:
    ends = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
    credentials = StaticCredentials()
    clients = ServiceClients(connection, credentials)
    assert await clients.expires_at() is None
    credentials.keys = SimpleNamespace(expires_at=ends)
    assert await clients.expires_at() == ends


async def test_forms_for_s3_are_signed_with_version_4(connection: AwsEndpoint) -> None:
    clients = ServiceClients(connection, StaticCredentials())
    form = await (await clients.get("s3")).generate_presigned_post("bucket", "key")
    assert form["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    await clients.close()


async def test_forms_for_s3_go_to_the_bucket_s_own_region(loader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    clients = ServiceClients(AwsEndpoint("eu-west-1", None, loader), StaticCredentials())
    form = await (await clients.get("s3")).generate_presigned_post("bucket", "key")
    assert form["url"] == "https://bucket.s3.eu-west-1.amazonaws.com/"
    await clients.close()


async def test_services_are_described_once_for_all_scopes(
    sandbox: Sandbox, connection: AwsEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first request: a scope that is opened later reads no file, no certificate either; nothing is asked."""
    prepared = replace(connection, data_loader=new_data_loader())
    await load_services(prepared)
    assert sandbox.calls.count() == 0
    monkeypatch.setattr(prepared.data_loader, "file_loader", None)
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", None)
    clients = ServiceClients(prepared, StaticCredentials("AKIALATER"))
    await (await clients.get("sagemaker")).list_models()
    await (await clients.get("sts")).get_caller_identity()
    await clients.close()
    assert sandbox.calls.count("ListModels") == 1
