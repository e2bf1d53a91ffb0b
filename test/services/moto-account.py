"""Prints what exists in the account of moto as JSON.

    python3 -S moto-account.py FOLDER ADDRESS

The clients of boto3 have the age of moto; newer clients use protocols that this moto does not know.
"""

import json
import os
import sys

folder, address = sys.argv[1:]
sys.path.insert(0, folder)
os.environ.update(AWS_ACCESS_KEY_ID="any", AWS_SECRET_ACCESS_KEY="any", AWS_DEFAULT_REGION="eu-central-1")

import boto3  # noqa: E402

apis, iam, scheduler, sqs = (
    boto3.client(name, endpoint_url=address) for name in ("apigatewayv2", "iam", "scheduler", "sqs")
)
alarms, functions, logs, s3 = (
    boto3.client(name, endpoint_url=address) for name in ("cloudwatch", "lambda", "logs", "s3")
)


def read_bucket(name):
    if "reportbucket" not in name:
        return {"name": name}
    return {
        "name": name,
        "encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"],
        "publicAccessBlock": s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"],
        "ownership": s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"],
        "lifecycle": s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"],
        "policy": json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"],
        "objects": [each["Key"] for each in s3.list_objects_v2(Bucket=name).get("Contents", [])],
    }


account = {
    "buckets": [read_bucket(bucket["Name"]) for bucket in s3.list_buckets()["Buckets"]],
    "queues": [
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        for url in sqs.list_queues().get("QueueUrls", [])
    ],
    "functions": functions.list_functions()["Functions"],
    "eventSources": functions.list_event_source_mappings()["EventSourceMappings"],
    "schedules": [
        scheduler.get_schedule(Name=each["Name"], GroupName=each["GroupName"]) | {"ResponseMetadata": None}
        for each in scheduler.list_schedules()["Schedules"]
    ],
    # Every account has the group "default".
    "scheduleGroups": [
        each["Name"] for each in scheduler.list_schedule_groups()["ScheduleGroups"] if each["Name"] != "default"
    ],
    "routes": [
        route for api in apis.get_apis()["Items"] for route in apis.get_routes(ApiId=api["ApiId"])["Items"]
    ],
    "roles": [
        {
            "arn": role["Arn"],
            "statements": iam.get_role_policy(RoleName=role["RoleName"], PolicyName="service")["PolicyDocument"][
                "Statement"
            ],
        }
        for role in iam.list_roles()["Roles"]
    ],
    "alarms": alarms.describe_alarms()["MetricAlarms"],
    "logGroups": logs.describe_log_groups()["logGroups"],
}
print(json.dumps(account, default=str))
