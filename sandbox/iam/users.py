"""Users with keys that are known beforehand: moto makes keys up."""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam.models import iam_backends


def add_user(
    account: str, name: str, access_key_id: str, secret_access_key: str, *statements: Mapping[str, Any]
) -> None:
    """Make a user who may do what the statements say (without any: everything)."""
    iam = iam_backends[account]["aws"]
    iam.create_user("us-east-1", name)
    key = iam.create_access_key(name)
    iam.access_keys.pop(key.access_key_id)
    key.access_key_id, key.secret_access_key = access_key_id, secret_access_key
    iam.access_keys[access_key_id] = key
    said = list(statements) or [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    iam.put_user_policy(name, "may", json.dumps({"Version": "2012-10-17", "Statement": said}))
