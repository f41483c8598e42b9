"""Credential entries for the tests of auth."""

from pathlib import Path

from auth.credential_entries import (
    AmbientBase,
    AssumedRole,
    BaseReference,
    GroupBase,
    PathBase,
    StoredKeys,
    WebIdentityRole,
)

SECRET = "wJalr-the-secret-of-science"
EXTERNAL_ID = "the-external-id"
TOKEN = "eyJ-the-web-identity-token"

AMBIENT = AmbientBase()
PLATFORM = PathBase("platform")
SCIENCE = GroupBase("science")


def write_token_file(path: Path, content: bytes | str | None) -> None:
    """Make the file hold this; None takes it away."""
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def assumed_role_entry(
    group: str = "risk", base: BaseReference = SCIENCE, external_id: str | None = None
) -> AssumedRole:
    return AssumedRole(
        key="assumeRoleByGroup[0]",
        region="eu-west-1",
        regions=("eu-west-1", "eu-central-1"),
        group=group,
        role_arn=f"arn:aws:iam::222222222222:role/{group}",
        external_id=external_id,
        base=base,
    )


def stored_keys_entry(group: str = "science", access_key_id: str = "AKIASCIENCE") -> StoredKeys:
    return StoredKeys(
        key="storedCredentials[0]",
        region="us-east-2",
        regions=("us-east-2",),
        group=group,
        access_key_id=access_key_id,
        secret_access_key=SECRET,
    )


def web_identity_entry(
    token_file: str = "token", groups: tuple[str, ...] = (), path: str = "platform"
) -> WebIdentityRole:
    return WebIdentityRole(
        key="eksServiceAccountCredentials[0]",
        region="us-east-2",
        regions=("us-east-2",),
        path=path,
        role_arn="arn:aws:iam::111111111111:role/gateway",
        token_file=token_file,
        groups=groups,
    )
