"""ARNs, and the patterns of names, regions and accounts."""

import re

# SageMaker's rule for most names; its pattern alone would allow any number of hyphens.
NAME_PATTERN = re.compile(r"(?=.{1,63}\Z)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
TUNING_NAME_PATTERN = re.compile(r"(?=.{1,32}\Z)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}")
# The name of a model package: of a version, its group and number; of an unversioned package, its name.
PACKAGE_NAME_PATTERN = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}(?:/[0-9]{1,9})?")
PACKAGE_ARN_PATTERN = re.compile(
    r"arn:aws[a-z-]*:sagemaker:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):model-package/"
    rf"(?P<name>{PACKAGE_NAME_PATTERN.pattern})"
)
PIPELINE_NAME_PATTERN = re.compile(r"(?=.{1,256}\Z)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")
# The name of a pipeline execution: its pipeline and its id.
EXECUTION_NAME_PATTERN = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,255}/execution/[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,63}")
# The pattern of NameContains in list operations.
NAME_PART_PATTERN = re.compile(r"[a-zA-Z0-9-]{1,63}")
# The European Sovereign Cloud's regions begin with four letters (eusc-de-east-1).
REGION_PATTERN = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
ACCOUNT_PATTERN = re.compile(r"[0-9]{12}")


def split_arn(arn: str) -> tuple[str, str, str]:
    """Give the partition, region and account of an ARN; empty strings for missing parts."""
    parts = arn.split(":", 5)
    return (parts[1], parts[3], parts[4]) if len(parts) == 6 else ("", "", "")
