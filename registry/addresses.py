"""Addresses of databases: taken apart, completed with a password, and never shown."""

import re
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from registry.errors import RegistryError

UNENCODED_ADDRESS_FAULT: Final = (
    "has a password with an unencoded `@`; give the password as it is in `database.password`, "
    "or percent-encode it (`@` is `%40`)"
)
"""The fault of an address whose password holds a plain `@`; messages put it behind the name of the setting."""

# The database's host in an address, as SQLAlchemy takes it apart; anything before an `@` is no part of a host.
_HOST: Final = re.compile(r"[\w+]+://(?:[^:/]*(?::[^@]*)?@)?(?P<host>[^/?]*)")
_REDACTIONS: Final = (
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s/?#]*@[^\s/?#'\"]*", re.IGNORECASE), r"\1…"),
    (re.compile(r"\b(postgresql(?:\+\w+)?://)[^\s/?#'\"]+", re.IGNORECASE), r"\1…"),
    (
        re.compile(r'connection to server (?:at|on socket) "[^"]*"(?: \([^)]*\))?(?:, port \d+)?'),
        "connection to server",
    ),
    (re.compile(r"(resolve host|translate host name) (['\"])[^'\"]*\2"), r"\1 …"),
    (
        re.compile(r'(authentication failed for user|role|no pg_hba\.conf entry for host|FATAL:\s+database) "[^"]*"'),
        r"\1 …",
    ),
)


def parse_url(url: str) -> URL:
    """Give the parts of `url`, SQLAlchemy's address of a database.

    Raises:
        RegistryError: It is not an address of SQLite or PostgreSQL, or its password is not encoded.
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        parts = URL.create("unknown")
    if parts.drivername == "sqlite+aiosqlite" and parts.database not in (None, "", ":memory:"):
        return parts
    if parts.drivername == "postgresql+psycopg" and has_unencoded_password(url):
        raise RegistryError(f"The address of the registry {UNENCODED_ADDRESS_FAULT}.")
    if parts.drivername == "postgresql+psycopg":
        return parts
    # The URL may hold a password, so it is neither shown nor chained.
    raise RegistryError("The registry is kept at sqlite+aiosqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.")


def has_unencoded_password(url: str) -> bool:
    """Tell whether a part of the password in `url` would be read as the host, because it has an `@`."""
    address = _HOST.match(url)
    return address is not None and "@" in address["host"]


def has_password(url: str) -> bool:
    """Tell whether `url` holds a password, in its authority or in its query.

    Raises:
        RegistryError: It is not an address of SQLite or PostgreSQL.
    """
    parts = parse_url(url)
    return parts.password is not None or "password" in parts.query


def with_password(url: str, password: str | None) -> str:
    """Give `url` with this password in it, encoded; unchanged if the password is None.

    Raises:
        RegistryError: It is not an address of SQLite or PostgreSQL.
    """
    return url if password is None else parse_url(url).set(password=password).render_as_string(hide_password=False)


def database_name(url: URL | str) -> str:
    """Give the product behind `url`, for messages, which must not show its host, port, name, path or user."""
    driver = url if isinstance(url, str) else url.drivername
    return "SQLite" if driver.startswith("sqlite") else "PostgreSQL"


def sqlite_file(url: URL) -> Path | None:
    """Give the file of the SQLite database at `url`; None for another database."""
    return Path(url.database) if url.drivername.startswith("sqlite") and url.database else None


def redacted(text: str) -> str:
    """Give `text` without hosts, ports, users and passwords of addresses, in the forms that libraries write."""
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text
