"""What can be wrong with who is asking, what they may do, and the credentials that they are given."""


class AuthError(Exception):
    """Any fault of this folder; its message is safe to show to the caller and holds no secret."""


class MalformedIdentityError(AuthError):
    """Identity headers that no honest proxy sends: repeated, underscored, or with control characters (400)."""


class InvalidIdentityError(AuthError):
    """An identity that is given and not to be believed: wrong peer, wrong secret, bad token (401)."""


class UnauthenticatedError(AuthError):
    """Nobody is asking, and this needs somebody (UNAUTHENTICATED)."""


class ForbiddenError(AuthError):
    """The caller is known and may not do this: not in the group, no permission, no role (FORBIDDEN)."""


class UnknownRegionError(AuthError):
    """A region that the group's entry does not name (BAD_USER_INPUT)."""


class CredentialsError(AuthError):
    """No usable AWS credentials could be had.

    Attributes:
        role: The ARN of the role that was asked for, if one was.
        operation: The STS operation that failed, if one was called.
        request_id: AWS's id of that call, if it answered.
    """

    def __init__(
        self, message: str, *, role: str | None = None, operation: str | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.role = role
        self.operation = operation
        self.request_id = request_id


class RoleRefusedError(CredentialsError):
    """STS refused the role: trust policy, external id, or the base's own rights (FORBIDDEN)."""


class CredentialsExpiredError(CredentialsError):
    """Keys or a token that have expired or were revoked (FORBIDDEN); a new one must be supplied."""


class CredentialsUnavailableError(CredentialsError):
    """STS or the token file could not be reached; asking again later may work (UPSTREAM_UNAVAILABLE)."""


class NobodySigningError(AuthError):
    """A call to AWS was about to be signed on nobody's behalf. A defect of the gateway, never the caller's fault."""
