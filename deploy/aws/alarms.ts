type Alarm = {
  description: string;
  namespace: string;
  metric: string;
  dimensions: Readonly<Record<string, unknown>>;
  statistic: 'Sum' | 'Maximum';
  threshold: number;
};

/** The logical ids that osls derives from the names of the functions. */
const FUNCTION_IDS: Readonly<Record<string, string>> = {
  'daily-report': 'DailyDashreportLambdaFunction',
  'generate-report': 'GenerateDashreportLambdaFunction',
  'on-demand': 'OnDashdemandLambdaFunction',
  'email-digest': 'EmailDashdigestLambdaFunction',
};

/** An alarm starts and ends at most this late. */
const PERIOD_SECONDS = 300;

/** Twelve time-outs of generate-report. A hundred clusters, five at a time and one minute each, take 20 minutes. */
const LATE_SECONDS = 3600;

const ALARMS: Readonly<Record<string, Alarm>> = {
  DeadLetterAlarm: {
    description:
      'Reports could not be made; the messages in the dead-letter queue give the reason. Fix it, then redrive the queue.',
    ...{ namespace: 'AWS/SQS', metric: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
    dimensions: { QueueName: { 'Fn::GetAtt': ['DeadLetterQueue', 'QueueName'] } },
    threshold: 1,
  },
  LateJobsAlarm: {
    description: 'A report has been waiting for an hour: generate-report does not keep up or does not run.',
    ...{ namespace: 'AWS/SQS', metric: 'ApproximateAgeOfOldestMessage', statistic: 'Maximum' },
    dimensions: { QueueName: { 'Fn::GetAtt': ['JobQueue', 'QueueName'] } },
    threshold: LATE_SECONDS,
  },
  ScheduleAlarm: {
    description:
      'A schedule could not call its function, so reports or digests are missing. Request the reports with POST /reports.',
    ...{ namespace: 'AWS/Scheduler', metric: 'InvocationDroppedCount', statistic: 'Sum' },
    dimensions: { ScheduleGroup: { Ref: 'ScheduleGroup' } },
    threshold: 1,
  },
  HttpApiAlarm: {
    description: 'The HTTP API answered with a status of 5xx; see its access log and the log of on-demand.',
    ...{ namespace: 'AWS/ApiGateway', metric: '5xx', statistic: 'Sum' },
    dimensions: { ApiId: { Ref: 'HttpApi' } },
    threshold: 1,
  },
  ...Object.fromEntries(Object.entries(FUNCTION_IDS).flatMap(([name, id]) => alarmsOfFunction(name, id))),
};

function alarmsOfFunction(name: string, id: string): [string, Alarm][] {
  const common = { namespace: 'AWS/Lambda', statistic: 'Sum', threshold: 1 } as const;
  const dimensions = { FunctionName: { Ref: id } };
  return [
    [
      `${id}ErrorAlarm`,
      {
        ...common,
        dimensions,
        metric: 'Errors',
        description: `${name} failed or ran out of time; see its log.`,
      },
    ],
    [
      `${id}ThrottleAlarm`,
      {
        ...{ ...common, dimensions, metric: 'Throttles' },
        description: `${name} was throttled: the account has reached its limit of concurrent functions.`,
      },
    ],
  ];
}

/**
 * Returns the alarms as CloudFormation resources.
 * @param topicArn the SNS topic to notify; without one, the alarms show only in the console
 */
export function alarmsOf(topicArn: string | undefined): Record<string, unknown> {
  const actions = topicArn === undefined ? [] : [topicArn];
  return Object.fromEntries(
    Object.entries(ALARMS).map(([id, alarm]) => [
      id,
      {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmDescription: alarm.description,
          Namespace: alarm.namespace,
          MetricName: alarm.metric,
          Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
          Statistic: alarm.statistic,
          Period: PERIOD_SECONDS,
          EvaluationPeriods: 1,
          Threshold: alarm.threshold,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          // No data means that nothing happened.
          TreatMissingData: 'notBreaching',
          AlarmActions: actions,
          OKActions: actions,
        },
      },
    ]),
  );
}
