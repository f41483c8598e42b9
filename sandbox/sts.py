"""STS: role sessions, subject to the role's trust policy."""

import secrets
from datetime import UTC, datetime
from uuid import uuid4
from xml.sax.saxutils import escape

from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from sandbox import service_errors
from sandbox.clock import Clock
from sandbox.iam import policies, session_requests, tokens
from sandbox.iam.authorization import Authorizer
from sandbox.iam.policies import TrustedPrincipal
from sandbox.iam.principals import Principal, Principals, RoleSession, find_role
from sandbox.iam.session_requests import DEFAULT_SECONDS, AssumeRoleRequest, role_id
from sandbox.requests import IncomingRequest
from sandbox.responses import HttpResponse
from sandbox.service_errors import ServiceError

MAX_CHAINED_SECONDS = 3_600


class StsService:
    """AssumeRole, AssumeRoleWithWebIdentity and GetCallerIdentity; every other operation is refused.

    Args:
        principals: Keeps the sessions.
        authorizer: Tells whether trust policies count.
        clock: Gives the times of sessions.
    """

    def __init__(self, principals: Principals, authorizer: Authorizer, clock: Clock) -> None:
        self._principals = principals
        self._authorizer = authorizer
        self._clock = clock
        self._operations = {
            "AssumeRole": self._assume_role,
            "AssumeRoleWithWebIdentity": self._assume_role_with_web_identity,
            "GetCallerIdentity": self._get_caller_identity,
        }

    def answer(self, request: IncomingRequest, principal: Principal) -> HttpResponse:
        """Answer a request of the principal that signed it.

        Raises:
            ServiceError: STS's error answer, or the operation is not modelled.
        """
        operation = self._operations.get(request.operation)
        if operation is None:
            raise service_errors.not_in_sandbox(f"STS {request.operation}")
        return _xml(request.operation, operation(request, principal))

    def _assume_role(self, request: IncomingRequest, principal: Principal) -> str:
        params = session_requests.parse(request.form)
        context = {"sts:rolesessionname": [params.name]}
        if params.external_id:
            context["sts:externalid"] = [params.external_id]
        for key, value in params.tags.items():
            context[f"aws:requesttag/{key.lower()}"] = [value]
        refusal = ServiceError(
            "AccessDenied",
            f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: {params.role_arn}",
            403,
        )
        self._check_trust(
            params, "sts:AssumeRole", TrustedPrincipal(principal.names, principal.account), context, refusal
        )
        if principal.session and params.seconds > MAX_CHAINED_SECONDS:
            raise ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
            )
        return self._begin(params, request.region)

    def _assume_role_with_web_identity(self, request: IncomingRequest, _: Principal) -> str:
        params = session_requests.parse(request.form)
        if self._authorizer.is_open:
            return self._begin(params, request.region)
        bearer = tokens.read(request.form.get("WebIdentityToken", ""), self._clock.now())
        account = params.role_arn.split(":")[4]
        provider = TrustedPrincipal(provider=f"arn:aws:iam::{account}:oidc-provider/{bearer.issuer}")
        context = {f"{bearer.issuer}:aud".lower(): [bearer.audience], f"{bearer.issuer}:sub".lower(): [bearer.subject]}
        refusal = ServiceError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)
        self._check_trust(params, "sts:AssumeRoleWithWebIdentity", provider, context, refusal)
        return self._begin(params, request.region)

    def _get_caller_identity(self, _: IncomingRequest, principal: Principal) -> str:
        arn, unique_id = escape(principal.arn), escape(principal.unique_id)
        return f"<Arn>{arn}</Arn><UserId>{unique_id}</UserId><Account>{principal.account}</Account>"

    def _check_trust(
        self,
        params: AssumeRoleRequest,
        action: str,
        principal: TrustedPrincipal,
        context: dict[str, list[str]],
        refusal: ServiceError,
    ) -> None:
        if self._authorizer.is_open:
            return
        role = find_role(params.role_arn)
        if role is None or not policies.trusts(role.assume_role_policy_document, action, principal, context):
            raise refusal
        if params.seconds > int(role.max_session_duration or DEFAULT_SECONDS):
            raise ServiceError(
                "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )

    def _begin(self, params: AssumeRoleRequest, region: str) -> str:
        partition = get_partition(region)
        account = params.role_arn.split(":")[4]
        # Moto keeps the key too: its S3 and CloudWatch look up the account of a key.
        keys = sts_backends[account][partition].assume_role(
            region, params.name, params.role_arn, "", params.seconds, params.external_id or ""
        )
        now, role = self._clock.now(), find_role(params.role_arn)
        session = RoleSession(
            params.role_arn,
            params.name,
            secrets.token_urlsafe(96),
            now,
            now + params.seconds,
            params.policies,
            params.tags,
            role_id(params.role_arn, role.id if role else None),
        )
        principal = self._principals.add_session(keys.access_key_id, keys.secret_access_key, account, session)
        until = datetime.fromtimestamp(session.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (
            f"<Credentials><AccessKeyId>{keys.access_key_id}</AccessKeyId>"
            f"<SecretAccessKey>{keys.secret_access_key}</SecretAccessKey>"
            f"<SessionToken>{session.token}</SessionToken><Expiration>{until}</Expiration></Credentials>"
            f"<AssumedRoleUser><Arn>{escape(principal.arn)}</Arn><AssumedRoleId>{escape(principal.unique_id)}"
            "</AssumedRoleId></AssumedRoleUser><PackedPolicySize>6</PackedPolicySize>"
        )


def _xml(operation: str, content: str) -> HttpResponse:
    namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
    body = (
        f'<{operation}Response xmlns="{namespace}"><{operation}Result>{content}</{operation}Result>'
        f"<ResponseMetadata><RequestId>{uuid4()}</RequestId></ResponseMetadata></{operation}Response>"
    ).encode()
    return HttpResponse(200, body, [(b"content-type", b"text/xml"), (b"content-length", b"%d" % len(body))])
