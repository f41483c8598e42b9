"""HTTP sessions of AWS's clients that share a TLS context: reading the authorities' certificates takes 24 ms."""

import os
from contextlib import suppress
from functools import lru_cache
from ssl import SSLContext
from typing import Any, Final

from aiobotocore.httpsession import AIOHTTPSession
from botocore.httpsession import get_cert_path

MAX_CONTEXTS: Final = 4
"""The most bundles of certificates whose contexts are kept, some 1 MB each; nearly every process has one."""


class SharedTlsSession(AIOHTTPSession):  # type: ignore[misc]  # aiobotocore has no types.
    """A session that shares its TLS context with all sessions that trust the same authorities.

    Sessions with a client certificate or a proxy get a context of their own. A bundle that has changed is read again by
    the next session.
    """

    def _build_ssl_contexts(self, proxy_url: str | None) -> tuple[SSLContext, SSLContext | None]:
        """Give the context of the connection, and that of a proxy; aiobotocore calls it in a thread."""
        if proxy_url or self._cert_file or not self._verify:
            own: tuple[SSLContext, SSLContext | None] = super()._build_ssl_contexts(proxy_url)
            return own
        bundle = get_cert_path(self._verify)
        changed = os.stat(bundle)
        return _context(bundle, (changed.st_mtime_ns, changed.st_size)), None

    def prepare(self) -> None:
        """Read the certificates, so that no request waits for it; if they cannot be read, the first call reports it."""
        with suppress(OSError):
            self._build_ssl_contexts(None)


@lru_cache(maxsize=MAX_CONTEXTS)
def _context(bundle: str, _version: tuple[int, int]) -> Any:
    context, _ = AIOHTTPSession(verify=bundle)._build_ssl_contexts(None)
    return context
