"""A token issuer: real keys and a real key server, with every way of getting either wrong."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurve, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER = "https://login.example.com/"
AUDIENCE = "sagegraph"
SIGNER = "arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/app/gateway/50dc6c495c0c9188"
KID = "12345678-90ab-cdef-1234-567890abcdef"
OTHER_KID = "aaaaaaaa-90ab-cdef-1234-567890abcdef"

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey


@dataclass(frozen=True)
class SigningKey:
    """A private key under the id that its public half is published with."""

    key_id: str
    algorithm: str
    key: PrivateKey

    @property
    def public(self) -> dict[str, Any]:
        """The public half as a JSON web key, with its id and without anything that is optional."""
        key = self.key
        if isinstance(key, RSAPrivateKey):
            jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        elif isinstance(key, EllipticCurvePrivateKey):
            jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        else:
            jwk = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {"kid": self.key_id, **{name: value for name, value in jwk.items() if name != "key_ops"}}

    @property
    def pem(self) -> bytes:
        """The public half as a load balancer's keys are published."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, claims: Mapping[str, Any], algorithm: str | None = None, **header: Any) -> str:
        """A token of these claims; `header` is added to its own, where None takes `kid` out."""
        text = {"kid": self.key_id, **header}
        shown = {name: value for name, value in text.items() if value is not None}
        return jwt.encode(dict(claims), self.key, algorithm=algorithm or self.algorithm, headers=shown)


def rsa(key_id: str = "rsa-1", bits: int = 2048) -> SigningKey:
    return SigningKey(key_id, "RS256", generate_rsa(public_exponent=65537, key_size=bits))


def ec(key_id: str = "ec-1", curve: EllipticCurve | None = None, algorithm: str = "ES256") -> SigningKey:
    return SigningKey(key_id, algorithm, generate_ec(curve or SECP256R1()))


def claims(**changed: Any) -> dict[str, Any]:
    """What a good token says; None takes a claim out."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "alice",
        "groups": ["risk", "mlops"],
        "iat": now,
        "nbf": now,
        "exp": now + 300,
    }
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def padded(token: str) -> str:
    """The token as load balancers write it: every part with its padding."""
    return ".".join(part + "=" * (-len(part) % 4) for part in token.split("."))


def published(*jwks: Any) -> bytes:
    """A key set of these."""
    return json.dumps({"keys": jwks}).encode()


class KeyServer:
    """Serves public keys over HTTP, counts what is asked of it, and fails as it is told to.

    Attributes:
        documents: What it has, by path.
        status: What it answers instead, if not None.
        location: Where it sends who asks, with a status that redirects.
        is_held: While it is set, answers wait for `released`.
    """

    def __init__(self) -> None:
        self.url = ""
        self.documents: dict[str, bytes] = {}
        self.status: int | None = None
        self.location: str | None = None
        self.is_held = False
        self.asking = asyncio.Event()
        self.released = asyncio.Event()
        self.asked: list[str] = []

    def publish(self, *keys: SigningKey, **more: Any) -> None:
        """Put these keys, with `more` in each, and no other into the key set."""
        self.documents["/jwks"] = published(*({**key.public, **more} for key in keys))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.asking.set()
        if self.is_held:
            await self.released.wait()
        headers = {} if self.location is None else {"Location": self.location}
        if self.status is not None:
            return web.Response(status=self.status, headers=headers, body=self.documents.get(request.path))
        document = self.documents.get(request.path)
        return web.Response(status=404) if document is None else web.Response(body=document)


@asynccontextmanager
async def serving() -> AsyncIterator[KeyServer]:
    """A server of keys on this loop."""
    server = KeyServer()
    application = web.Application()
    application.router.add_get("/{path:.*}", server.handle)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield server
    server.released.set()
    await runner.cleanup()


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds
