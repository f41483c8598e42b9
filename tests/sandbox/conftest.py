"""Clients of the sandbox: real boto3 ones, over HTTP, without retries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sandbox.estate import Estate, Group
from sandbox.server import Sandbox

ACCOUNT, REGION = "222222222222", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sagemaker-execution"


@dataclass(frozen=True)
class Keys:
    id: str = "AKIAANYKEYWILLDO0000"
    secret: str = "any"
    token: str | None = None


Connect = Callable[..., Any]


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """One for all: it loads the service models once."""
    return boto3.Session()


@pytest.fixture
def connect(sandbox: Sandbox, session: boto3.Session) -> Iterator[Connect]:
    clients = []

    def connected(service: str, keys: Keys | None = None, region: str = REGION) -> Any:
        with_keys = keys or Keys()
        client = session.client(
            service,
            endpoint_url=sandbox.url,
            region_name=region,
            aws_access_key_id=with_keys.id,
            aws_secret_access_key=with_keys.secret,
            aws_session_token=with_keys.token,
            config=Config(
                retries={"total_max_attempts": 1},
                read_timeout=10,
                signature_version="s3v4" if service == "s3" else None,
            ),
        )
        clients.append(client)
        return client

    yield connected
    for client in clients:
        client.close()


@pytest.fixture
def assume(connect: Connect) -> Callable[[Estate, Group], Keys]:
    """The keys of a group's role."""

    def assumed(estate: Estate, group: Group, name: str = "someone") -> Keys:
        base = Keys(estate.access_key_id, estate.secret_access_key)
        external = {"ExternalId": group.external_id} if group.external_id else {}
        answer = connect("sts", base).assume_role(RoleArn=group.role_arn, RoleSessionName=name, **external)
        found = answer["Credentials"]
        return Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

    return assumed


@pytest.fixture
def sagemaker(connect: Connect, sandbox: Sandbox) -> Any:
    """A client in an account of its own, into which a role was assumed."""
    answer = connect("sts").assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/tests", RoleSessionName="tests")
    found = answer["Credentials"]
    sandbox.calls.clear()
    return connect("sagemaker", Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]))
