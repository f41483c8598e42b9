"""Authorize requests by signature and policy, with the error texts of the service."""

import re
import time
from datetime import UTC, datetime

from sandbox.call_log import AwsCall
from sandbox.clock import Clock
from sandbox.iam import policies, signatures
from sandbox.iam.actions import RequiredPermission, required_permissions
from sandbox.iam.policies import PolicyDecision
from sandbox.iam.principals import Principal, Principals
from sandbox.iam.principals import identity_policies as policies_of
from sandbox.requests import IncomingRequest
from sandbox.sagemaker.store import AccountRegion
from sandbox.service_errors import ServiceError

SKEW_SECONDS = 300.0
"""The largest difference between a request's date and the real time."""
UNSIGNED = ("AssumeRoleWithWebIdentity",)
ALWAYS_ALLOWED = ("GetCallerIdentity",)

# Code, message and status of a refusal in the protocol of SageMaker, of the query services, and of S3.
DENIAL_REASONS = {
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


class Authorizer:
    """Checks signatures and policies, unless `is_open`, which it is at first.

    Args:
        principals: Finds the caller by its access key.
        clock: Tells whether a session has expired.
    """

    def __init__(self, principals: Principals, clock: Clock) -> None:
        self.is_open = True
        self._principals = principals
        self._clock = clock

    def check(self, request: IncomingRequest, call: AwsCall, account_region: AccountRegion) -> None:
        """Authorize a request.

        Args:
            request: The signed request.
            call: The AWS call that the head of the request describes.
            account_region: The resources of the caller, whose tags are condition keys.

        Raises:
            ServiceError: The signature is wrong, or no policy allows the request.
        """
        if self.is_open or call.operation in UNSIGNED:
            return
        principal = self._principals.find(call.access_key)
        self._check_signature(request, call, principal)
        if call.operation not in ALWAYS_ALLOWED:
            for permission in required_permissions(request, call, account_region):
                self._check_allowed(principal, call, permission)

    def _check_signature(self, request: IncomingRequest, call: AwsCall, principal: Principal) -> None:
        if call.access_key is None:
            raise _denied("unsigned", call)
        if principal.secret is None:
            raise _denied("unknown", call)
        if principal.session is not None and _token(request) != principal.session.token:
            raise _denied("unknown", call)
        if principal.session is not None and self._clock.now() >= principal.session.expires:
            raise _denied("expired", call)
        _check_date(request, call)
        if not signatures.is_signed_with(request, principal.secret):
            raise _denied("signature", call, NOT_MATCHING)

    def _check_allowed(self, principal: Principal, call: AwsCall, permission: RequiredPermission) -> None:
        context = permission.context | self._request_context(principal, call)
        decision = policies.evaluate(policies_of(principal), permission.action, permission.resource, context)
        if decision is PolicyDecision.ALLOWED and principal.session and principal.session.policies:
            decision = policies.evaluate(principal.session.policies, permission.action, permission.resource, context)
        if decision is PolicyDecision.ALLOWED:
            return
        thing = f" on resource: {permission.resource}" if permission.resource != "*" else ""
        reason = decision.value.format(action=permission.action)
        raise _denied(
            "denied", call, f"User: {principal.arn} is not authorized to perform: {permission.action}{thing} {reason}"
        )

    def _request_context(self, principal: Principal, call: AwsCall) -> dict[str, list[str]]:
        known = {
            "aws:principalarn": [principal.session.role_arn if principal.session else principal.arn],
            "aws:principalaccount": [principal.account],
            "aws:requestedregion": [call.region],
            "aws:currenttime": [self._clock.at().isoformat()],
        }
        if principal.session:
            known["aws:tokenissuetime"] = [datetime.fromtimestamp(principal.session.issued, UTC).isoformat()]
            for key, value in principal.session.tags.items():
                known[f"aws:principaltag/{key.lower()}"] = [value]
        return known


def _denied(reason: str, call: AwsCall, message: str = "") -> ServiceError:
    family = call.protocol if call.protocol in ("json", "s3") else "query"
    code, usual, status = DENIAL_REASONS[reason][family]
    return ServiceError(code, message or usual, status)


def _token(request: IncomingRequest) -> str | None:
    return (
        request.headers.get("x-amz-security-token")
        or request.arguments.get("X-Amz-Security-Token")
        or request.upload_form.get("x-amz-security-token")
    )


def _check_date(request: IncomingRequest, call: AwsCall) -> None:
    if request.upload_form:
        return  # The policy of the form tells its expiration.
    when = request.headers.get("x-amz-date") or request.arguments.get("X-Amz-Date", "")
    try:
        signed = datetime.strptime(when, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _denied("signature", call, NOT_MATCHING) from None
    expires = request.arguments.get("X-Amz-Expires", str(SKEW_SECONDS))
    if not re.fullmatch(r"\d{1,6}(\.0)?", expires, re.ASCII):
        raise _denied("signature", call, "X-Amz-Expires should be a number of seconds.")
    lasts = float(expires)
    if not -SKEW_SECONDS <= time.time() - signed <= lasts:
        raise _denied("signature", call, f"Signature expired: {when} is not within the time that is allowed.")
