/** Checks what is deployed against AWS's own descriptions of resources, metrics and permissions. */
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import { describe, expect, it } from 'vitest';
import deployerPolicy from '../../deploy/aws/deployer-policy.json' with { type: 'json' };
import { DEPLOYMENTS } from '../fixtures/deployments.ts';
import { findPolicyFaults, findPolicyFaultsIn } from '../fixtures/policy-faults.ts';
import { resourceOf, resourcesOfType, statementsOf, type Template } from '../fixtures/template.ts';
import { findTemplateFaults } from '../fixtures/template-faults.ts';
import { templatesOf } from './packaged.ts';

const [schemas, templates] = await Promise.all([loadAwsServiceSpec(), templatesOf(DEPLOYMENTS)]);
const FULL: Template = templates['everything at once'];

const findFaults = async (template: Template): Promise<string[]> => [
  ...findTemplateFaults(template, schemas),
  ...(await findPolicyFaultsIn(template, schemas)),
];

describe('the template', () => {
  it.each(Object.keys(templates) as (keyof typeof templates)[])(
    'has only resources and permissions that AWS knows: %s',
    async (name) => {
      expect(await findFaults(templates[name])).toEqual([]);
    },
  );
});

describe('the routes of the HTTP API', () => {
  it.each(Object.keys(templates) as (keyof typeof templates)[])(
    'have an authorizer, unless the function itself signs people in: %s',
    (name) => {
      const routes = resourcesOfType(templates[name], 'AWS::ApiGatewayV2::Route');
      expect(routes.length).toBeGreaterThanOrEqual(5);
      const isOpen = routes.map(([, { Properties }]) => (Properties.AuthorizationType ?? 'NONE') === 'NONE');
      // test/services/sign-in.test.ts calls the function for each of these.
      expect(new Set(isOpen)).toEqual(new Set([name.startsWith('people who sign in')]));
    },
  );
});

describe('the policy for deployment', () => {
  it('has only permissions that AWS knows', async () => {
    expect(await findPolicyFaults(deployerPolicy, 'policy')).toEqual([
      // AWS demands them for tags of an HTTP API, but does not document them:
      // https://github.com/aws-amplify/amplify-cli/issues/12316
      'policy.Statement.8.Action: apigateway:TagResource is not an action',
      'policy.Statement.8.Action: apigateway:UntagResource is not an action',
    ]);
  });
});

type Mutation = [description: string, mutate: (template: Template) => void, fault: string];

const properties = (template: Template, id: string) => resourceOf(template, id).Properties;
const policyOf = (role: string) => `Resources.${role}.Properties.Policies.0.PolicyDocument`;
const indexOf = (role: string, action: string) =>
  statementsOf(resourceOf(FULL, role)).findIndex(({ Action }) => Action.includes(action));
const placeOf = (role: string, action: string) => `${policyOf(role)}.Statement.${indexOf(role, action)}`;
/** Returns the first statement of a role with an action. */
const statementWith = (template: Template, role: string, action: string) =>
  properties(template, role).Policies[0].PolicyDocument.Statement[indexOf(role, action)];

const FUNCTION = 'OnDashdemandLambdaFunction';
const AT_QUEUE = 'Resources.JobQueue.Properties';
const WORKER = 'GenerateReportRole';
const DIGEST = 'EmailDigestRole';

const IN_THE_TEMPLATE: Mutation[] = [
  [
    'a misspelt property',
    (template) => Object.assign(properties(template, 'JobQueue'), { VisibilityTimout: 360 }),
    `${AT_QUEUE}.VisibilityTimout: is not a property`,
  ],
  [
    'a misspelt property of a nested type',
    (template) => Object.assign(properties(template, FUNCTION).Environment, { Variable: {} }),
    `Resources.${FUNCTION}.Properties.Environment.Variable: is not a property`,
  ],
  [
    'a text instead of a number',
    (template) => Object.assign(properties(template, 'JobQueue'), { VisibilityTimeout: '360' }),
    `${AT_QUEUE}.VisibilityTimeout: "360" must be of type integer`,
  ],
  [
    'a text instead of a list',
    (template) => Object.assign(properties(template, 'QueuePolicy'), { Queues: 'JobQueue' }),
    'Resources.QueuePolicy.Properties.Queues: "JobQueue" must be a list',
  ],
  [
    'a list instead of a text',
    (template) => Object.assign(properties(template, FUNCTION), { Handler: ['index'] }),
    `Resources.${FUNCTION}.Properties.Handler: ["index"] must be of type string`,
  ],
  [
    'a value that is not one of those allowed',
    (template) =>
      Object.assign(properties(template, 'ReportBucket').LifecycleConfiguration.Rules[1], { Status: 'On' }),
    'Resources.ReportBucket.Properties.LifecycleConfiguration.Rules.1.Status: "On" must be one of Enabled, Disabled',
  ],
  [
    'a missing property',
    (template) => delete properties(template, FUNCTION).Role,
    `Resources.${FUNCTION}.Properties.Role: is required`,
  ],
  [
    'a missing property of a nested type',
    (template) => delete properties(template, 'ReportBucket').LifecycleConfiguration.Rules[1].Status,
    'Resources.ReportBucket.Properties.LifecycleConfiguration.Rules.1.Status: is required',
  ],
  [
    'an unknown type of resource',
    (template) => Object.assign(resourceOf(template, 'QueuePolicy'), { Type: 'AWS::SQS::Policy' }),
    'Resources.QueuePolicy.Type: AWS::SQS::Policy is not a type of resource',
  ],
  [
    'a misspelt key of a resource',
    (template) => Object.assign(resourceOf(template, 'JobQueue'), { DeletePolicy: 'Retain' }),
    'Resources.JobQueue.DeletePolicy: is not a key of a resource',
  ],
  [
    'an attribute that does not exist',
    (template) =>
      Object.assign(properties(template, FUNCTION), { Role: { 'Fn::GetAtt': ['OnDemandRole', 'ARN'] } }),
    `Resources.${FUNCTION}.Properties.Role: AWS::IAM::Role has no attribute ARN`,
  ],
  [
    'an attribute in a text that does not exist',
    (template) =>
      Object.assign(properties(template, FUNCTION), { Description: { 'Fn::Sub': '${JobQueue.Url}' } }),
    `Resources.${FUNCTION}.Properties.Description: AWS::SQS::Queue has no attribute Url`,
  ],
  [
    'a reference to nothing',
    (template) =>
      Object.assign(properties(template, FUNCTION).Environment.Variables, { BUCKET: { Ref: 'Bucket' } }),
    `Resources.${FUNCTION}.Properties.Environment.Variables.BUCKET: there is no resource Bucket`,
  ],
  [
    'a reference to nothing in a policy, where the schema allows anything',
    (template) =>
      Object.assign(properties(template, 'QueuePolicy').PolicyDocument.Statement[0], {
        Principal: { Ref: 'AWS::Account' },
      }),
    'Resources.QueuePolicy.Properties.PolicyDocument.Statement.0.Principal: there is no resource AWS::Account',
  ],
  [
    'an output of nothing',
    (template) => Object.assign(template.Outputs, { Queue: { Value: { Ref: 'Queue' } } }),
    'Outputs.Queue.Value: there is no resource Queue',
  ],
  [
    'a function that does not exist',
    (template) => Object.assign(properties(template, FUNCTION), { Description: { 'Fn::Substitute': 'a' } }),
    `Resources.${FUNCTION}.Properties.Description: Fn::Substitute with "a" is not known to this check`,
  ],
  [
    'a dependency on nothing',
    (template) => Object.assign(resourceOf(template, 'JobQueue'), { DependsOn: ['Queue'] }),
    'Resources.JobQueue.DependsOn: there is no resource Queue',
  ],
  [
    'resources that depend on each other',
    (template) => Object.assign(resourceOf(template, 'DeadLetterQueue'), { DependsOn: 'JobQueue' }),
    'Resources.JobQueue: depends on itself: JobQueue → DeadLetterQueue → JobQueue',
  ],
  [
    'a name where an ARN belongs',
    (template) => Object.assign(properties(template, FUNCTION), { Role: { Ref: 'OnDemandRole' } }),
    `Resources.${FUNCTION}.Properties.Role: is the RoleName of OnDemandRole, but must be its Arn`,
  ],
  [
    'null',
    (template) => Object.assign(properties(template, 'QueuePolicy').PolicyDocument, { Id: null }),
    'Resources.QueuePolicy.Properties.PolicyDocument.Id: templates cannot contain null',
  ],
  [
    'an alarm on a metric that does not exist',
    (template) => Object.assign(properties(template, 'HttpApiAlarm'), { MetricName: '5XX' }),
    'Resources.HttpApiAlarm.Properties.MetricName: AWS/ApiGateway has no metric 5XX',
  ],
  [
    'an alarm on another dimension',
    (template) => Object.assign(properties(template, 'LateJobsAlarm').Dimensions[0], { Name: 'Queue' }),
    'Resources.LateJobsAlarm.Properties.Dimensions: ApproximateAgeOfOldestMessage has no dimensions Queue',
  ],
];

const IN_PERMISSIONS: Mutation[] = [
  [
    'a misspelt action',
    (template) => statementWith(template, WORKER, 'sqs:ReceiveMessage').Action.push('sqs:RecieveMessage'),
    `${placeOf(WORKER, 'sqs:ReceiveMessage')}.Action: sqs:RecieveMessage is not an action`,
  ],
  [
    'an action of a service that does not exist',
    (template) => statementWith(template, WORKER, 'sqs:ReceiveMessage').Action.push('sqz:SendMessage'),
    `${placeOf(WORKER, 'sqs:ReceiveMessage')}.Action: sqz:SendMessage is not an action`,
  ],
  [
    'a misspelt wildcard',
    (template) =>
      Object.assign(properties(template, 'QueuePolicy').PolicyDocument.Statement[0], {
        Action: ['sqs:*', 'sqs:Recieve*'],
      }),
    'Resources.QueuePolicy.Properties.PolicyDocument.Statement.0.Action: sqs:Recieve* is not an action',
  ],
  [
    'an action for objects on a bucket',
    (template) => statementWith(template, WORKER, 's3:ListBucket').Action.push('s3:GetObject'),
    `${placeOf(WORKER, 's3:ListBucket')}.Action: s3:GetObject has no effect on arn:\${Partition}:s3:::\${BucketName}`,
  ],
  [
    'a resource that no action uses',
    (template) =>
      statementWith(template, WORKER, 's3:ListBucket').Resource.push({
        'Fn::GetAtt': ['JobQueue', 'Arn'],
      }),
    `${placeOf(WORKER, 's3:ListBucket')}.Resource: no action of the statement uses arn:\${Partition}:sqs:\${Region}:\${Account}:\${QueueName}`,
  ],
  [
    'an action without one of the resources that it needs',
    (template) => statementWith(template, WORKER, 'ec2:CreateNetworkInterface').Resource.shift(),
    `${policyOf(WORKER)}: ec2:CreateNetworkInterface also needs a resource of type subnet`,
  ],
  [
    'a resource for an action that has none',
    (template) =>
      Object.assign(statementWith(template, WORKER, 'ec2:DescribeSubnets'), {
        Action: ['ec2:DescribeSubnets', 'ec2:DeleteSubnet'],
        Resource: ['arn:aws:ec2:eu-central-1:111122223333:subnet/subnet-0a1'],
      }),
    `${placeOf(WORKER, 'ec2:DescribeSubnets')}.Action: ec2:DescribeSubnets has no effect on arn:aws:ec2:eu-central-1:111122223333:subnet/subnet-0a1`,
  ],
  [
    'a misspelt condition key',
    (template) =>
      Object.assign(statementWith(template, DIGEST, 'ses:SendEmail'), {
        Condition: { StringEqualsIgnoreCase: { 'ses:FromAdress': 'health@example.com' } },
      }),
    `${placeOf(DIGEST, 'ses:SendEmail')}.Condition: ses:FromAdress is not a key of these actions`,
  ],
  [
    'a condition operator that does not exist',
    (template) =>
      Object.assign(statementWith(template, DIGEST, 'ses:SendEmail'), {
        Condition: { StringIsIgnoreCase: { 'ses:FromAddress': 'health@example.com' } },
      }),
    `${placeOf(DIGEST, 'ses:SendEmail')}.Condition: StringIsIgnoreCase is not a known operator`,
  ],
];

describe('the check', () => {
  it.each([...IN_THE_TEMPLATE, ...IN_PERMISSIONS])('finds %s', async (_, mutate, fault) => {
    const template = structuredClone(FULL);
    mutate(template);
    const before = await findFaults(FULL);
    expect((await findFaults(template)).filter((one) => !before.includes(one))).toEqual([fault]);
  });
});
