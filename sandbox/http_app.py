"""The sandbox's ASGI application: parse, authenticate, count, inject faults, answer."""

import asyncio

from sandbox import copy_conditions, logs, post_policies, service_errors, tagging
from sandbox.asgi import Message, Receive, Send, drop_connection, read_request, send_response
from sandbox.call_log import AwsCall, CallLog
from sandbox.control_api import ControlApi
from sandbox.fault_injection import ConnectionDroppedError, FaultEffect, FaultInjection
from sandbox.iam.authorization import Authorizer
from sandbox.iam.principals import Principals
from sandbox.moto_services import SERVICES, MotoServices
from sandbox.requests import IncomingRequest
from sandbox.responses import HttpResponse, error_response, json_response
from sandbox.sagemaker.service import SageMakerService
from sandbox.sts import StsService

REPEATED_TOKEN = "c2FtZSBhZ2Fpbg=="  # noqa: S105 - a page's token, and no secret
"""The token of a listing that never ends."""


class SandboxApp:
    """The ASGI application.

    Args:
        sagemaker: The SageMaker that answers.
        calls: Logs every call.
        faults: Applied to every call.
        principals: Finds the caller of a request by its access key.
    """

    def __init__(
        self, sagemaker: SageMakerService, calls: CallLog, faults: FaultInjection, principals: Principals
    ) -> None:
        self.sagemaker = sagemaker
        self.calls = calls
        self.faults = faults
        self.principals = principals
        self.authorizer = Authorizer(principals, sagemaker.clock)
        self.moto = MotoServices()
        self._sts = StsService(principals, self.authorizer, sagemaker.clock)
        self._control = ControlApi(sagemaker.timeline, calls, faults, self.authorizer)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer the request of this ASGI scope."""
        request = await read_request(scope, receive)
        try:
            reply = self._control.answer(request) or await self._reply(request)
        except ConnectionDroppedError:
            await drop_connection(scope, receive)
            return
        await send_response(send, reply)

    def call(self, request: IncomingRequest) -> AwsCall:
        """The AWS call that a request's head describes."""
        access_key = request.credential[0] if request.credential else None
        principal = self.principals.find(access_key)
        return AwsCall(
            request.service,
            request.operation,
            principal.arn,
            principal.account,
            request.region,
            request.protocol,
            request.resource,
            access_key,
        )

    async def _reply(self, request: IncomingRequest) -> HttpResponse:
        call = self.call(request)
        with self.calls.record(call):
            effect = await self.faults.apply(call)
            reply = effect.reply or await self._checked(request, call, effect)
        if effect.loses:
            raise ConnectionDroppedError
        return reply

    async def _checked(self, request: IncomingRequest, call: AwsCall, effect: FaultEffect) -> HttpResponse:
        try:
            self.authorizer.check(request, call, self.sagemaker.account_region(call.account, call.region))
            return await self._answer(request, call, effect)
        except service_errors.ServiceError as error:
            return error_response(call.protocol, error.code, error.message, error.status)

    async def _answer(self, request: IncomingRequest, call: AwsCall, effect: FaultEffect) -> HttpResponse:
        if call.service == "sagemaker":
            return self._sagemaker(request, call, effect)
        if call.service == "tagging":
            account_region = self.sagemaker.account_region(call.account, call.region)
            return json_response(tagging.answer(call.operation, request.json, account_region))
        if call.service == "logs":
            return json_response(logs.answer(call.operation))
        if call.service == "sts":
            return self._sts.answer(request, self.principals.find(call.access_key))
        if call.service == "s3":
            post_policies.check(request)
            copy_conditions.check(request, self.sagemaker.objects)
        if call.service not in SERVICES:
            raise service_errors.not_in_sandbox(f"{call.service} {call.operation}")
        self.sagemaker.run_due()
        loop = asyncio.get_running_loop()
        host = request.headers.get("host", "127.0.0.1")
        return await loop.run_in_executor(self.moto.threads, self.moto.answer, request, host)

    def _sagemaker(self, request: IncomingRequest, call: AwsCall, effect: FaultEffect) -> HttpResponse:
        body = request.json
        if not isinstance(body, dict):
            raise service_errors.ServiceError("SerializationException", "The request body is not a JSON object.")
        if effect.repeats:
            body = {name: value for name, value in body.items() if name != "NextToken"}
        caller = self.principals.find(call.access_key)
        answer = self.sagemaker.answer(call.operation, body, call.account, call.region, effect.rows, caller)
        return json_response(answer | {"NextToken": REPEATED_TOKEN} if effect.repeats else answer)
