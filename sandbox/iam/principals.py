"""Principals: IAM users as moto keeps them, and role sessions that the sandbox's STS created."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import Role, User, iam_backends

from sandbox.iam.session_requests import user_id


@dataclass(frozen=True)
class RoleSession:
    """A role session: temporary keys of a role.

    Attributes:
        role_arn: The role.
        name: The RoleSessionName.
        token: The session token.
        issued: Epoch seconds, by the sandbox's clock.
        expires: Epoch seconds, by the sandbox's clock.
        policies: Session policies (JSON): the session may do only what both they and the role's policies allow.
        tags: Session tags.
        role_id: The role's unique id (AROA…).
    """

    role_arn: str
    name: str
    token: str = field(repr=False)
    issued: float
    expires: float
    policies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    role_id: str = ""


@dataclass(frozen=True)
class Principal:
    """A caller: a user, a role's session, or an unknown caller.

    Attributes:
        arn: ARN of the user or the session; ``anonymous`` for an unsigned request.
        account: Its account.
        secret: The secret of its access key; None for an unknown caller.
        user_name: Name of a user; None for any other caller.
        session: The session of a role; None for any other caller.
        user_id: A user's unique id (AIDA…).
    """

    arn: str
    account: str
    secret: str | None = field(default=None, repr=False)
    user_name: str | None = None
    session: RoleSession | None = None
    user_id: str = ""

    @property
    def unique_id(self) -> str:
        """The UserId of GetCallerIdentity: a user's id, or the role's id and the session's name."""
        return f"{self.session.role_id}:{self.session.name}" if self.session else self.user_id

    @property
    def names(self) -> tuple[str, ...]:
        """The ARNs by which a trust policy may mean this caller."""
        return (self.arn, self.session.role_arn) if self.session else (self.arn,)


ANONYMOUS = Principal("anonymous", DEFAULT_ACCOUNT_ID)


class Principals:
    """Looks up keys: a session's among those that STS has begun, a user's in moto's IAM."""

    def __init__(self) -> None:
        self._sessions: dict[str, Principal] = {}

    def find(self, access_key: str | None) -> Principal:
        """The owner of an access key; an unknown key belongs to moto's default account, under its own name."""
        if access_key is None:
            return ANONYMOUS
        principal = self._sessions.get(access_key) or _user(access_key)
        if principal is not None:
            return principal
        arn = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:user/{access_key}"
        return Principal(arn, DEFAULT_ACCOUNT_ID, user_id=user_id(arn))

    def add_session(self, access_key: str, secret: str, account: str, session: RoleSession) -> Principal:
        """Remember a session and its keys.

        Args:
            access_key: Key that the session signs with.
            secret: Secret of that key.
            account: The role's account.
            session: The session.
        """
        partition = session.role_arn.split(":")[1]
        role_name = session.role_arn.rsplit("/", 1)[-1]
        arn = f"arn:{partition}:sts::{account}:assumed-role/{role_name}/{session.name}"
        principal = self._sessions[access_key] = Principal(arn, account, secret, session=session)
        return principal

    def clear(self) -> None:
        """Forget all sessions."""
        self._sessions.clear()


def find_role(role_arn: str) -> Role | None:
    """The role of this ARN; None if it does not exist."""
    parts = role_arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("role/"):
        return None
    roles = iam_backends[parts[4]][parts[1]].get_roles()
    return next((r for r in roles if r.arn == role_arn), None)


def identity_policies(principal: Principal) -> list[str]:
    """The identity-based policies (JSON) of a principal: its own, and those attached to it."""
    if principal.session:
        holder: Role | User | None = find_role(principal.session.role_arn)
    else:
        holder = iam_backends[principal.account]["aws"].users.get(principal.user_name or "")
    if holder is None:
        return []
    attached = [v.document for p in holder.managed_policies.values() for v in p.versions if v.is_default]
    return [*holder.policies.values(), *attached]


def _user(access_key: str) -> Principal | None:
    for account, partition in _backends(iam_backends):
        iam = iam_backends[account][partition]
        key = iam.access_keys.get(access_key)
        user = iam.users.get(key.user_name or "") if key is not None and key.status == "Active" else None
        if key is not None and user is not None:
            known = user_id(user.arn, user.id)
            return Principal(user.arn, account, key.secret_access_key, user_name=user.name, user_id=known)
    return None


def _backends(backends: BackendDict[Any]) -> list[tuple[str, str]]:
    return [(account, partition) for account, partition, _ in list(backends.iter_backends())]


def add_user(
    account: str, name: str, access_key_id: str, secret_access_key: str, *statements: Mapping[str, Any]
) -> None:
    """Make a user with an access key and one policy.

    Args:
        account: The user's account.
        name: The user's name.
        access_key_id: The user's only access key.
        secret_access_key: Secret of that key.
        *statements: The policy's statements; without any, the policy allows everything.
    """
    iam = iam_backends[account]["aws"]
    iam.create_user("us-east-1", name)
    key = iam.create_access_key(name)
    iam.access_keys.pop(key.access_key_id)
    key.access_key_id, key.secret_access_key = access_key_id, secret_access_key
    iam.access_keys[access_key_id] = key
    text = list(statements) or [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    iam.put_user_policy(name, "may", json.dumps({"Version": "2012-10-17", "Statement": text}))
