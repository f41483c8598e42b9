"""The Resource Groups Tagging API, as far as this project calls it: the tags of many resources for one call.

Follows https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html: up to 100 ARNs,
and rows only for resources that exist and have tags. AWS also lists, without tags, resources that had tags once; the
sandbox does not.
"""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker.store import AccountRegion
from sandbox.sagemaker.tags import to_list

MAX_ARNS = 100
_KNOWN = frozenset({"ResourceARNList", "ResourcesPerPage"})


def answer(operation: str, body: Any, account_region: AccountRegion) -> dict[str, Any]:
    """Answer an operation.

    Args:
        operation: GetResources.
        body: The JSON body of the request.
        account_region: The resources of the caller.

    Raises:
        ServiceError: AWS's error answer, or the request is not modelled.
    """
    if operation != "GetResources":
        raise service_errors.not_in_sandbox(f"tagging {operation}")
    if not isinstance(body, dict) or not body.get("ResourceARNList") or set(body) - _KNOWN:
        raise service_errors.not_in_sandbox("GetResources by anything but ResourceARNList")
    arns = body["ResourceARNList"]
    if not isinstance(arns, list) or not all(isinstance(arn, str) for arn in arns):
        raise service_errors.ServiceError("InvalidParameterException", "ResourceARNList must be a list of strings.")
    if len(arns) > MAX_ARNS:
        raise service_errors.ServiceError(
            "InvalidParameterException", f"ResourceARNList must have length less than or equal to {MAX_ARNS}."
        )
    result = {arn: record.tags for arn in arns if (record := account_region.by_arn(arn)) is not None and record.tags}
    rows = [{"ResourceARN": arn, "Tags": to_list(tags)} for arn, tags in result.items()]
    return {"PaginationToken": "", "ResourceTagMappingList": rows}
