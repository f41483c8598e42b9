"""Identity headers as requests bring them, and the rules that they are read by."""

from ipaddress import ip_network

from auth.caller import Caller
from auth.headers import (
    HeaderIdentityConfig,
    identify,
)

PROXY = "127.0.0.1"
STRANGER = "203.0.113.9"
NETWORKS = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
RULES = HeaderIdentityConfig(trusted_peers=NETWORKS)
SECRET_RULES = HeaderIdentityConfig(trusted_peers=NETWORKS, secret_header="X-Gateway-Secret", secret_value="hush-é")
SECRET = (b"x-gateway-secret", "hush-é".encode())
ALICE = (b"x-forwarded-user", b"alice")


def asked(
    *headers: tuple[bytes, bytes], peer: str | None = PROXY, rules: HeaderIdentityConfig = RULES
) -> Caller | None:
    return identify(headers, peer, rules)
