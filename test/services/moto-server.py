"""The server of moto, with the types of serverless.yml that its CloudFormation lacks.

    python3 -S moto-server.py FOLDER PORT

FOLDER has the packages. The option -S leaves out those of this machine, which have other versions.
"""

import importlib.abc
import importlib.machinery
import json
import os
import sys
import warnings
from unittest.mock import MagicMock

folder, port = sys.argv[1:]
sys.path.insert(0, folder)
# For calls of the server to itself.
os.environ.update(AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}", AWS_ACCESS_KEY_ID="moto", AWS_SECRET_ACCESS_KEY="moto")


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Packages that moto imports for what no test uses, such as certificates. Debian does not have them, or as machine
    code for its own Python."""

    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in ("cryptography", "openapi_spec_validator"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return MagicMock()

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Stubs())

import boto3  # noqa: E402
import moto.server  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from moto.cloudformation.models import CloudFormationBackend  # noqa: E402
from moto.core.common_models import CloudFormationModel  # noqa: E402
from moto.iam.access_control import PermissionResult  # noqa: E402
from moto.iam.models import Role  # noqa: E402
from moto.s3.models import FakeBucket  # noqa: E402

# The linter that moto uses is not a package of Debian.
CloudFormationBackend.validate_template = lambda *_: []
# moto ignores the conditions of bucket policies: a statement against requests without TLS would deny all requests.
FakeBucket.get_permission = lambda *_: PermissionResult.NEUTRAL


def complete(model, apply):
    """Makes CloudFormation apply also those properties that moto ignores when it creates or updates a resource."""

    def wrap(method):
        def run(*positional, **named):
            resource = method(*positional, **named)
            template = named["cloudformation_json"] if "cloudformation_json" in named else positional[1]
            apply(resource.name, template["Properties"])
            return resource

        return run

    for name in ("create_from_cloudformation_json", "update_from_cloudformation_json"):
        setattr(model, name, wrap(getattr(model, name)))


def apply_to_bucket(name, properties):
    client = boto3.client("s3", "eu-central-1")
    for key, call in [
        ("PublicAccessBlockConfiguration", client.put_public_access_block),
        ("OwnershipControls", client.put_bucket_ownership_controls),
    ]:
        if key in properties:
            call(Bucket=name, **{key: properties[key]})
    rules = [dict(rule) for rule in properties.get("LifecycleConfiguration", {}).get("Rules", [])]
    for rule in rules:
        rule.setdefault("Prefix", "")
        rule["ID"] = rule.pop("Id")
        if "ExpirationInDays" in rule:
            rule["Expiration"] = {"Days": rule.pop("ExpirationInDays")}
    if rules:
        client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})


def apply_to_role(name, properties):
    client = boto3.client("iam", "eu-central-1")
    for policy in properties.get("Policies", []):
        # This call checks the policy; the CloudFormation of moto does not.
        document = json.dumps(policy["PolicyDocument"])
        client.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=document)


complete(FakeBucket, apply_to_bucket)
complete(Role, apply_to_role)
# CloudFormation refuses types that it does not have; moto warns.
warnings.filterwarnings("error", message="Tried to parse")

# Type, service, its calls to create, update and delete, and the parameter or result that Ref returns.
TYPES = [
    *(
        (f"ApiGatewayV2::{name}", "apigatewayv2", f"create_{name.lower()}", f"update_{name.lower()}", f"delete_{name.lower()}", ref)
        for name, ref in [
            ("Api", "ApiId"),
            ("Authorizer", "AuthorizerId"),
            ("Integration", "IntegrationId"),
            ("Route", "RouteId"),
            ("Stage", "StageName"),
        ]
    ),
    ("CloudWatch::Alarm", "cloudwatch", "put_metric_alarm", "put_metric_alarm", "delete_alarms", "AlarmName"),
    (
        *("Lambda::EventInvokeConfig", "lambda", "put_function_event_invoke_config"),
        *("put_function_event_invoke_config", "delete_function_event_invoke_config", "FunctionName"),
    ),
    ("S3::BucketPolicy", "s3", "put_bucket_policy", "put_bucket_policy", "delete_bucket_policy", "Bucket"),
    ("SQS::QueuePolicy", "sqs", "set_queue_attributes", "set_queue_attributes", None, "QueueUrl"),
    ("Scheduler::Schedule", "scheduler", "create_schedule", "update_schedule", "delete_schedule", "Name"),
    ("Scheduler::ScheduleGroup", "scheduler", "create_schedule_group", None, "delete_schedule_group", "Name"),
]

# Names that CloudFormation makes up.
NAMES = ("AlarmName", "Name")


def to_parameters(properties, ref, name):
    """Returns the parameters of a call for the properties of a template."""
    if "PolicyDocument" not in properties:
        return {ref: name, **properties} if ref in NAMES else properties
    policy = json.dumps(properties["PolicyDocument"])
    if ref == "QueueUrl":
        return {"QueueUrl": properties["Queues"][0], "Attributes": {"Policy": policy}}
    return {"Bucket": properties["Bucket"], "Policy": policy}


def register(type_name, service, create, update, delete, ref):
    """Adds a type. moto finds it as a subclass."""

    def call(client, operation, parameters):
        """Calls an operation with those parameters that it has."""
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
        getattr(client, operation)(**{name: parameters[name] for name in shape.members if name in parameters})

    class Resource(CloudFormationModel):
        __module__ = "moto.types"
        cloudformation_type = staticmethod(lambda: f"AWS::{type_name}")
        cloudformation_name_type = staticmethod(lambda: ref if ref in NAMES else "")

        @classmethod
        def create_from_cloudformation_json(cls, name, template, account_id, region, **_):
            resource = cls()
            resource.client = boto3.client(service, region)
            parameters = to_parameters(template["Properties"], ref, name)
            # boto3 refuses parameters that the service does not have.
            result = getattr(resource.client, create)(**parameters)
            resource.parameters = {**parameters, **result}
            resource.physical_resource_id = resource.parameters[ref]
            return resource

        @classmethod
        def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, **_):
            name = original_resource.physical_resource_id
            original_resource.parameters.update(to_parameters(cloudformation_json["Properties"], ref, name))
            call(original_resource.client, update, original_resource.parameters)
            return original_resource

        def delete(self, account_id, region):
            if not delete:
                return
            try:
                call(self.client, delete, {**self.parameters, "AlarmNames": [self.physical_resource_id]})
            except ClientError as error:
                # It was deleted with what it belongs to: moto deletes in any order.
                if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                    raise

        def get_cfn_attribute(self, name):
            return self.parameters["ScheduleGroupArn" if name == "Arn" else name]

    registered.append(Resource)


registered = []
for row in TYPES:
    register(*row)

moto.server.main(["--host", "127.0.0.1", "--port", port])
