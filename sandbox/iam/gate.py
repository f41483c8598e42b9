"""Lets a request in or turns it away, in the words of the service that it is for."""

import time
from datetime import UTC, datetime

from sandbox.calls import Call
from sandbox.clock import Clock
from sandbox.faults import AWSError
from sandbox.iam import policies, signatures
from sandbox.iam.actions import Need, needs
from sandbox.iam.policies import Verdict
from sandbox.iam.principals import Principal, Principals
from sandbox.iam.principals import policies as policies_of
from sandbox.requests import Request
from sandbox.sagemaker.store import Place

SKEW_SECONDS = 300.0
"""How far a request's date may be from the real time."""
UNSIGNED = ("AssumeRoleWithWebIdentity",)
ALWAYS_ALLOWED = ("GetCallerIdentity",)

# How each kind of service words the same refusal: SageMaker, the query services, S3.
WORDS = {
    "unknown": {
        "json": ("UnrecognizedClientException", "The security token included in the request is invalid.", 400),
        "query": ("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
        "s3": ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
    },
    "expired": {
        "json": ("ExpiredTokenException", "The security token included in the request is expired", 400),
        "query": ("ExpiredToken", "The security token included in the request is expired", 403),
        "s3": ("ExpiredToken", "The provided token has expired.", 400),
    },
    "signature": {
        "json": ("InvalidSignatureException", "", 400),
        "query": ("SignatureDoesNotMatch", "", 403),
        "s3": ("SignatureDoesNotMatch", "", 403),
    },
    "unsigned": {
        "json": ("MissingAuthenticationTokenException", "Missing Authentication Token", 400),
        "query": ("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
        "s3": ("AccessDenied", "Access Denied", 403),
    },
    "denied": {
        "json": ("AccessDeniedException", "", 400),
        "query": ("AccessDenied", "", 403),
        "s3": ("AccessDenied", "", 403),
    },
}
NOT_MATCHING = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


class Gate:
    """Checks requests; does nothing while it is open, which it is to begin with."""

    def __init__(self, principals: Principals, clock: Clock) -> None:
        self.is_open = True
        self._principals = principals
        self._clock = clock

    def check(self, request: Request, call: Call, place: Place) -> None:
        """Let this request in.

        Raises:
            AWSError: where it is not signed rightly, or not allowed.
        """
        if self.is_open or call.operation in UNSIGNED:
            return
        who = self._principals.of(call.access_key)
        self._check_signature(request, call, who)
        if call.operation not in ALWAYS_ALLOWED:
            for need in needs(request, call, place):
                self._check_allowed(who, call, need)

    def _check_signature(self, request: Request, call: Call, who: Principal) -> None:
        if call.access_key is None:
            raise _refusal("unsigned", call)
        if who.secret is None:
            raise _refusal("unknown", call)
        if who.session is not None and _token(request) != who.session.token:
            raise _refusal("unknown", call)
        if who.session is not None and self._clock.now() >= who.session.expires:
            raise _refusal("expired", call)
        _check_date(request, call)
        if not signatures.is_signed_with(request, who.secret):
            raise _refusal("signature", call, NOT_MATCHING)

    def _check_allowed(self, who: Principal, call: Call, need: Need) -> None:
        context = need.context | self._circumstances(who, call)
        said = policies.verdict(policies_of(who), need.action, need.resource, context)
        if said is Verdict.ALLOWED and who.session and who.session.policy:
            said = policies.verdict([who.session.policy], need.action, need.resource, context)
        if said is Verdict.ALLOWED:
            return
        thing = f" on resource: {need.resource}" if need.resource != "*" else ""
        why = said.value.format(action=need.action)
        raise _refusal("denied", call, f"User: {who.arn} is not authorized to perform: {need.action}{thing} {why}")

    def _circumstances(self, who: Principal, call: Call) -> dict[str, list[str]]:
        known = {
            "aws:principalarn": [who.session.role_arn if who.session else who.arn],
            "aws:principalaccount": [who.account],
            "aws:requestedregion": [call.region],
            "aws:currenttime": [self._clock.at().isoformat()],
        }
        if who.session:
            known["aws:tokenissuetime"] = [datetime.fromtimestamp(who.session.issued, UTC).isoformat()]
            for key, value in who.session.tags.items():
                known[f"aws:principaltag/{key.lower()}"] = [value]
        return known


def _refusal(why: str, call: Call, message: str = "") -> AWSError:
    family = call.protocol if call.protocol in ("json", "s3") else "query"
    code, usual, status = WORDS[why][family]
    return AWSError(code, message or usual, status)


def _token(request: Request) -> str | None:
    return (
        request.headers.get("x-amz-security-token")
        or request.arguments.get("X-Amz-Security-Token")
        or request.upload_form.get("x-amz-security-token")
    )


def _check_date(request: Request, call: Call) -> None:
    if request.upload_form:
        return  # A form's own policy says how long it is good for.
    when = request.headers.get("x-amz-date") or request.arguments.get("X-Amz-Date", "")
    try:
        signed = datetime.strptime(when, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _refusal("signature", call, NOT_MATCHING) from None
    lasts = float(request.arguments.get("X-Amz-Expires", SKEW_SECONDS))
    if not -SKEW_SECONDS <= time.time() - signed <= lasts:
        raise _refusal("signature", call, f"Signature expired: {when} is not within the time that is allowed.")
