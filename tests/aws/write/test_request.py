"""aws.write.request: members know their fields, and nothing secret is repeated."""

import pytest
from botocore.model import StructureShape

from aws.kinds.resource import Tag
from aws.write.errors import InputFault, InvalidInputError, MissingTargetError, MultipleFaultsError, QuotaExceededError
from aws.write.inputs import KeyValuePair
from aws.write.request import WriteRequest, contract_name
from tests.aws.service_model import service_model


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        ("name", "name"),
        ("input_s3_uri", "inputS3Uri"),
        ("max_payload_in_mb", "maxPayloadInMB"),
        ("volume_size_in_gb", "volumeSizeInGB"),
        ("security_group_ids", "securityGroupIds"),
        ("output_kms_key_id", "outputKmsKeyId"),
    ],
)
def test_fields_are_spelled_as_in_the_contract(attribute: str, name: str) -> None:
    assert contract_name(attribute) == name


def test_members_are_set_by_path() -> None:
    request = WriteRequest({"A": {"Kept": 1}})
    request.put("A.B.C", 2, "c")
    request.put("L.0.X", 3, "l", "0", "x")
    request.put("L.1.X", 4, "l", "1", "x")
    request.put("Nothing", None, "nothing")
    assert request.parameters == {"A": {"Kept": 1, "B": {"C": 2}}, "L": [{"X": 3}, {"X": 4}]}


def test_a_member_is_found_by_its_own_field_or_the_nearest() -> None:
    request = WriteRequest()
    request.put("Top", None, "top")
    request.put("Deep.Within", None, "within")
    request.put("List", ["a", "b"], "things", "names")
    assert request.field_of(("Top",)) == ("top",)
    assert request.field_of(("Top", "Below")) == ("top",)
    assert request.field_of(("Deep",)) == ("within",)
    assert request.field_of(("List", "1")) == ("things", "names", "1")
    assert request.field_of(("Elsewhere",)) == ()


def test_all_faults_are_raised_at_once_with_their_fields() -> None:
    request = WriteRequest()
    request.put("EndpointName", "-", "name")
    request.put("EndpointConfigName", None, "snapshotName")
    request.put("DeploymentConfig", {"RollingUpdatePolicy": {}})
    request.add_fault("is odd", "a", "0")
    with pytest.raises(InvalidInputError) as caught:
        request.check(service_model().operation_model("CreateEndpoint").input_shape)
    assert [(fault.field, fault.message) for fault in caught.value.faults] == [
        (("a", "0"), "`a.0` is odd."),
        (("name",), "`name` must have letters, digits and hyphens, and no hyphen at either end."),
        (("snapshotName",), "`snapshotName` is required."),
        ((), "`DeploymentConfig.RollingUpdatePolicy.MaximumBatchSize` is required."),
        ((), "`DeploymentConfig.RollingUpdatePolicy.WaitIntervalInSeconds` is required."),
    ]
    assert caught.value.code == "INVALID"


def test_what_else_is_noted_is_told_beside_faults_of_form() -> None:
    shape = service_model().operation_model("CreateEndpoint").input_shape
    missing, beyond = (
        MissingTargetError([InputFault("None.", ("b",))]),
        QuotaExceededError([InputFault("Too many.", ("c",))]),
    )
    request = WriteRequest({"EndpointName": "one"})
    request.add_error(None)
    request.add_error(missing)
    request.add_error(beyond)
    with pytest.raises(MultipleFaultsError) as caught:
        request.check(shape)
    assert [part.code for part in caught.value.parts] == ["INVALID", "NOT_FOUND", "QUOTA_EXCEEDED"]
    assert caught.value.parts[1:] == (missing, beyond)
    assert str(caught.value) == "`EndpointConfigName` is required. None. Too many."


def test_a_single_error_is_raised_as_it_is_and_in_part_of_a_request_nothing_is_missed() -> None:
    missing = MissingTargetError([InputFault("None.", ("b",))])
    request = WriteRequest({}, whole=False)
    request.add_error(missing)
    with pytest.raises(MissingTargetError) as caught:
        request.check(service_model().operation_model("CreateEndpoint").input_shape)
    assert caught.value.parts == (missing,)


def test_pairs_lie_over_what_is_there_and_a_key_stands_once() -> None:
    request = WriteRequest({"Environment": {"A": "old", "B": "kept"}})
    request.put_pairs("Environment", [KeyValuePair("A", "new"), KeyValuePair("A", "again")], "environment")
    assert request.parameters == {"Environment": {"A": "new", "B": "kept"}}
    assert [(fault.field, fault.message) for fault in request.faults] == [
        (("environment", "1", "key"), "`environment.1.key` is given twice: `A`.")
    ]


def test_pairs_have_their_places_in_the_list() -> None:
    request = WriteRequest()
    request.put_pairs("Environment", [KeyValuePair("A", "1"), KeyValuePair("b.c", "2")], "environment")
    assert request.field_of(("Environment", "b.c")) == ("environment", "1", "value")
    assert request.field_of(("Environment", "b.c", "key")) == ("environment", "1", "key")
    assert request.field_of(("Environment",)) == ("environment",)


@pytest.mark.parametrize("key", ["0", "7", "²"])
def test_a_key_may_be_a_number(key: str) -> None:
    request = WriteRequest()
    request.put_pairs("HyperParameters", [KeyValuePair(key, "1")], "hyperParameters")
    assert request.parameters == {"HyperParameters": {key: "1"}}
    assert request.field_of(("HyperParameters", key)) == ("hyperParameters", "0", "value")


def test_no_pairs_set_nothing() -> None:
    request = WriteRequest()
    request.put_pairs("Environment", None, "environment")
    assert request.parameters == {}


def test_tags_that_were_asked_for_come_first() -> None:
    request = WriteRequest()
    request.put_tags([Tag("a", "1")], [Tag("ours", "2")])
    assert request.parameters["Tags"] == [{"Key": "a", "Value": "1"}, {"Key": "ours", "Value": "2"}]
    assert request.field_of(("Tags", "0", "Value")) == ("tags", "0", "value")
    bare = WriteRequest()
    bare.put_tags([], [Tag("ours", "2")])
    assert bare.parameters["Tags"] == [{"Key": "ours", "Value": "2"}]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ('Could not find model "arn:aws:sagemaker:eu-west-1:123456789012:model/scorer".', ("modelName",)),
        ("Model 'Scorer' is bad.", ("modelName",)),
        ('No S3 objects found under S3 URL "s3://b/in/" given in input data source.', ("inputS3Uri",)),
        ("Something else.", ()),
        ('"secret" is bad', ("environment", "0", "value")),
    ],
)
def test_the_field_that_aws_speaks_of(words: str, field: tuple[str, ...]) -> None:
    request = WriteRequest()
    request.put("ModelName", "Scorer", "modelName")
    request.put("TransformInput.S3Uri", "s3://b/in/", "inputS3Uri")
    request.put("EnableCapture", value=True)
    request.put_pairs("Environment", [KeyValuePair("A", "secret")], "environment")
    assert request.field_quoted_in(words) == field


def test_what_may_be_secret_is_not_shown() -> None:
    request = WriteRequest({"HyperParameters": {"short": "7", "long": "hunter2"}})
    request.put_pairs("Environment", [KeyValuePair("A", "secret")], "environment")
    request.add_secrets(["copied-secret", "no"])
    assert request.redact("7 of secret, hunter2 and copied-secret; no.") == "7 of …, … and …; no."
    assert request.redact("Value '{x=y}' at 'environment' failed; Value 'z' at 'name' failed") == (
        "A value at 'environment' failed; A value at 'name' failed"
    )


@pytest.mark.parametrize(
    ("secret", "words", "shown"),
    [
        ('a"very"\nsecret', 'bad {"A": "a\\"very\\"\\nsecret"}', 'bad {"A": "…"}'),
        ("pässword", 'bad {"A": "p\\u00e4ssword"}, {"A": "pässword"}', 'bad {"A": "…"}, {"A": "…"}'),
        (
            "begins' at 'the end",
            "Value '{A=begins' at 'the end}' at 'environment' failed",
            "A value at 'environment' failed",
        ),
    ],
)
def test_nor_is_it_shown_as_json_spells_it_or_in_parts(secret: str, words: str, shown: str) -> None:
    request = WriteRequest()
    request.put_pairs("Environment", [KeyValuePair("A", secret[:5]), KeyValuePair("B", secret)], "environment")
    assert request.redact(words) == shown


def test_of_very_many_faults_the_first_are_told_and_the_others_counted() -> None:
    request = WriteRequest()
    for number in range(1000):
        request.add_fault("is wrong", "tags", str(number))
    with pytest.raises(InvalidInputError) as exception_info:
        request.check(StructureShape("Nothing", {"type": "structure", "members": {}}))
    assert [fault.field for fault in exception_info.value.faults] == [
        *(("tags", str(number)) for number in range(100)),
        (),
    ]
    assert exception_info.value.faults[-1].message == "There are 900 more faults like these."
