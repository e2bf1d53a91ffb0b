import { ConfigError } from '../../src/config/errors.ts';
import { BUILD_FOLDER, bundleAll } from './bundle.ts';
import { type Configuration, checkForAws, packedConfiguration, readConfiguration } from './configuration.ts';
import { valuesOf } from './values.ts';

/** What this plugin uses of osls. */
type Serverless = {
  classes: { Error: new (message: string) => Error };
  configurationInput: { params?: Record<string, Record<string, unknown> | undefined> };
  service: { functions: Record<string, { environment?: Record<string, unknown> }> };
  processedInput: { commands: string[]; options: { param?: string[]; stage?: string } };
};

/** Where Lambda unpacks a zip; https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const LAMBDA_FOLDER = '/var/task/build';

/**
 * A plugin of osls: reads and checks the configuration file, which the stage parameter `config` names, before anything
 * else; answers ${settings:…} in serverless.yml; makes the bundles before they are zipped or started on this machine.
 */
export default function deployment(serverless: Serverless): unknown {
  const { commands } = serverless.processedInput;
  const isLocal = commands[0] === 'offline';
  let configuration: Configuration;
  let values: ReturnType<typeof valuesOf>;

  /** Errors of the user's are said in their one line, without a stack. */
  const sayErrors = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof ConfigError ? new serverless.classes.Error(error.message) : error;
    }
  };

  const makeBundles = (folder: string) => async () => {
    const { file, certificates } = packedConfiguration(configuration, `${folder}/generate-report`);
    await bundleAll(file, certificates);
  };

  /** CloudFormation's references mean nothing here; whoever starts the service says what they stand for. */
  const prepareLocally = async () => {
    await makeBundles(BUILD_FOLDER)();
    for (const { environment = {} } of Object.values(serverless.service.functions)) {
      for (const [name, value] of Object.entries(environment))
        if (typeof value === 'object') environment[name] = process.env[name] ?? '';
    }
  };

  return {
    asyncInit: () =>
      sayErrors(async () => {
        configuration = await readConfiguration(parameter(serverless, 'config'));
        if (!isLocal) checkForAws(configuration);
        if (configuration.isExample && commands[0] === 'deploy')
          throw new ConfigError(
            `antrea-health.yaml is missing; ${configuration.name} shows what it looks like`,
          );
        if (configuration.isExample)
          process.stderr.write(`There is no antrea-health.yaml: using ${configuration.name} instead\n`);
        values = valuesOf(configuration);
      }),
    configurationVariablesSources: {
      settings: {
        resolve: async ({ address }: { address: string }) => {
          if (!(address in values)) throw new Error(`There is no \${settings:${address}}`);
          return { value: values[address] };
        },
      },
    },
    hooks: {
      'before:package:createDeploymentArtifacts': makeBundles(LAMBDA_FOLDER),
      // `osls offline` and `osls offline start`.
      'before:offline:start': prepareLocally,
      'before:offline:start:init': prepareLocally,
    },
  };
}

/** A stage parameter: of the command line, of the stage, or the default; as osls itself looks it up, only earlier. */
function parameter({ configurationInput, processedInput }: Serverless, name: string): string {
  const { param = [], stage = 'dev' } = processedInput.options;
  const given = param.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const { params = {} } = configurationInput;
  return String(given ?? params[stage]?.[name] ?? params['default']?.[name]);
}
