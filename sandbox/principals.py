"""Who signed a request, as moto's STS and IAM know them."""

from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends


@dataclass(frozen=True)
class Principal:
    """A caller: a user, a role's session, or nobody that the sandbox knows."""

    arn: str
    account: str
    role_arn: str | None = None
    session_name: str | None = None
    user_name: str | None = None
    partition: str = "aws"


ANONYMOUS = Principal("anonymous", DEFAULT_ACCOUNT_ID)


class Principals:
    """Looks keys up, and remembers what it found: moto would search every account each time."""

    def __init__(self) -> None:
        self._found: dict[str, Principal] = {}

    def of(self, access_key: str | None) -> Principal:
        """Whose key this is; one that nobody made belongs to moto's default account, under its own name."""
        if access_key is None:
            return ANONYMOUS
        found = self._found.get(access_key)
        if found is None:
            found = _session(access_key) or _user(access_key)
            if found is None:
                return Principal(f"unknown/{access_key}", DEFAULT_ACCOUNT_ID)
            self._found[access_key] = found
        return found

    def clear(self) -> None:
        """Forget what was found."""
        self._found.clear()


def _session(access_key: str) -> Principal | None:
    for account, partition in _backends(sts_backends):
        role = sts_backends[account][partition].get_assumed_role_from_access_key(access_key)
        if role is not None:
            return Principal(
                role.arn, account, role_arn=role.role_arn, session_name=role.session_name, partition=partition
            )
    return None


def _user(access_key: str) -> Principal | None:
    for account, partition in _backends(iam_backends):
        user = iam_backends[account][partition].get_user_from_access_key_id(access_key)
        if user is not None:
            return Principal(user.arn, account, user_name=user.name, partition=partition)
    return None


def _backends(backends: BackendDict[Any]) -> list[tuple[str, str]]:
    return [(account, partition) for account, partition, _ in list(backends.iter_backends())]
