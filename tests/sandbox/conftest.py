"""Clients of the sandbox: real boto3 ones, over HTTP, without retries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sandbox.estate import Estate, Group
from sandbox.iam import principals
from sandbox.server import Sandbox

ACCOUNT, REGION = "222222222222", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sagemaker-execution"


@dataclass(frozen=True)
class Keys:
    id: str = "AKIAANYKEYWILLDO0000"
    secret: str = "any"
    token: str | None = None


TESTER = Keys("AKIATESTSTESTSTESTS0", "tests")
Connect = Callable[..., Any]


@pytest.fixture(scope="session")
def clients(sandbox_server: Sandbox) -> Iterator[Connect]:
    """Makes clients, and keeps them: making one takes longer than most tests."""
    session = boto3.Session()
    made: dict[tuple[str, Keys, str], Any] = {}

    def connected(service: str, keys: Keys = Keys(), region: str = REGION) -> Any:
        result = made.get((service, keys, region))
        if result is None:
            result = made[service, keys, region] = session.client(
                service,
                endpoint_url=sandbox_server.url,
                region_name=region,
                aws_access_key_id=keys.id,
                aws_secret_access_key=keys.secret,
                aws_session_token=keys.token,
                config=Config(
                    retries={"total_max_attempts": 1},
                    read_timeout=10,
                    signature_version="s3v4" if service == "s3" else None,
                ),
            )
        return result

    yield connected
    for client in made.values():
        client.close()


@pytest.fixture
def connect(sandbox: Sandbox, clients: Connect) -> Connect:
    """Clients of an empty sandbox."""
    return clients


@pytest.fixture
def assume(connect: Connect) -> Callable[[Estate, Group], Keys]:
    """The keys of a group's role."""

    def assumed(estate: Estate, group: Group, name: str = "someone") -> Keys:
        base = Keys(estate.access_key_id, estate.secret_access_key)
        external = {"ExternalId": group.external_id} if group.external_id else {}
        answer = connect("sts", base).assume_role(RoleArn=group.role_arn, RoleSessionName=name, **external)
        result = answer["Credentials"]
        return Keys(result["AccessKeyId"], result["SecretAccessKey"], result["SessionToken"])

    return assumed


@pytest.fixture
def sagemaker(connect: Connect) -> Any:
    """A client of a user who may do everything in an account of its own."""
    principals.add_user(ACCOUNT, "tests", TESTER.id, TESTER.secret)
    return connect("sagemaker", TESTER)
