"""Fingerprints of credentials: everything that AWS gets to issue them, except the session name."""

import hashlib

from auth.credential_entries import (
    AmbientBase,
    AmbientKeys,
    AssumedRole,
    BaseReference,
    CredentialEntry,
    GroupBase,
    PathBase,
    StoredKeys,
    WebIdentityRole,
)

CredentialFingerprint = tuple[str, ...]


def credential_fingerprint(entry: CredentialEntry) -> CredentialFingerprint:
    """Give the facts that decide which credentials `entry` yields; secrets are in it as digests.

    Raises:
        TypeError: The entry is of none of the kinds of `auth.credential_entries`.
    """
    match entry:
        case StoredKeys():
            # The secret too: a caller who knows the key id alone must not see data that the full keys have fetched.
            return ("keys", _digest(f"{entry.access_key_id}:{entry.secret_access_key}"))
        case AmbientKeys():
            return ("ambient", entry.profile or "")
        case WebIdentityRole():
            return ("web-identity", entry.role_arn, entry.token_file)
        case AssumedRole():
            external_id = "" if entry.external_id is None else _digest(entry.external_id)
            return ("role", entry.role_arn, external_id, *_base_fingerprint(entry.base))
        case _:
            raise TypeError(f"{type(entry).__name__} is not a kind of entry that has credentials.")


def scope_fingerprint(entry: CredentialEntry, subject: str | None = None) -> CredentialFingerprint:
    """Give the part of a scope's key that tells whose rights it reads with; account and region are not in it.

    Args:
        entry: The entry.
        subject: The caller, who is a part of it if the entry is `perCaller`.

    Raises:
        ValueError: The entry is `perCaller`, and `subject` is None.
    """
    identity = credential_fingerprint(entry)
    if not entry.per_caller:
        return identity
    if subject is None:
        raise ValueError(f"{entry.key} keeps one scope for each caller, so the caller must be given.")
    return (*identity, "caller", subject)


def _base_fingerprint(base: BaseReference) -> CredentialFingerprint:
    match base:
        case AmbientBase():
            return ("ambient",)
        case PathBase(path=path):
            return ("path", path)
        case GroupBase(group=group):
            return ("group", group)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
