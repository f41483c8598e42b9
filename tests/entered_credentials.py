"""Entered credentials for tests, and settings of gateways that accept them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.iam import principals
from sandbox.server import Sandbox
from tests.gateway_client import GATEWAY_KEYS, RISK
from tests.imports import IMPORT_SETTINGS

SECRET = "EnteredSecretThatIsNowhereElse/0123456789"
KEYS = {"accessKeyId": "AKIAENTEREDKEYS00001", "secretAccessKey": SECRET, "region": RISK.region}
MODEL = "credit-risk-scorer-v7"
ENTERED_CREDENTIALS_SETTINGS: Mapping[str, Any] = {**IMPORT_SETTINGS, "enterCredentials": {"enabled": True}}
GATEWAY_CREDENTIALS_ONLY = {"sagemaker-credentials": {"storedCredentials": [GATEWAY_KEYS]}}
"""Nobody but the gateway itself has credentials, so that the group risk has none of its own."""


@pytest.fixture
def person(estate: Estate, sandbox: Sandbox) -> dict[str, str]:
    """Keys of a user of the account of risk; IAM counts."""
    principals.add_user(RISK.account, "person", KEYS["accessKeyId"], SECRET)
    sandbox.enforce()
    return KEYS


def contains_secret(secrets: list[str], *where: Any) -> bool:
    return any(secret in json.dumps(item, default=str) for secret in secrets for item in where)
