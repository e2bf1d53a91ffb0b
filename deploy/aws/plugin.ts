import { ConfigError } from '../../src/config/errors.ts';
import { BUILD_FOLDER, bundleAll } from './bundle.ts';
import {
  type Configuration,
  checkForAws,
  packedConfiguration,
  readConfiguration,
  warnOfLinks,
} from './configuration.ts';
import { checkRoleSizes } from './role-size.ts';
import { rolesOf } from './roles.ts';
import { valuesOf } from './values.ts';

/** The part of osls that this plugin uses. */
type Serverless = {
  classes: { Error: new (message: string) => Error };
  configurationInput: { params?: Record<string, Record<string, unknown> | undefined> };
  service: { functions: Record<string, { environment?: Record<string, unknown> }> };
  processedInput: { commands: string[]; options: { param?: string[]; stage?: string } };
};

/** Where Lambda unpacks a zip; https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const LAMBDA_FOLDER = '/var/task/build';

/**
 * An osls plugin. It first reads and checks the configuration file that the stage parameter `config` names. It resolves
 * ${settings:…} in serverless.yml, and makes the bundles before osls packages the service or starts it on this machine.
 */
export default function deployment(serverless: Serverless): unknown {
  const { commands } = serverless.processedInput;
  const isLocal = commands[0] === 'offline';
  let configuration: Configuration;
  let values: ReturnType<typeof valuesOf>;

  /** Shows configuration errors in one line, without a stack. */
  const withPlainErrors = async <T>(work: () => Promise<T>): Promise<T> => {
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

  /** References to CloudFormation resources do not resolve here; the environment of the process has their values. */
  const prepareLocally = async () => {
    await makeBundles(BUILD_FOLDER)();
    for (const { environment = {} } of Object.values(serverless.service.functions)) {
      for (const [name, value] of Object.entries(environment))
        if (typeof value === 'object') environment[name] = process.env[name] ?? '';
    }
  };

  return {
    asyncInit: () =>
      withPlainErrors(async () => {
        configuration = await readConfiguration(findParameter(serverless, 'config'));
        if (!isLocal) checkForAws(configuration);
        if (configuration.isExample && commands[0] === 'deploy')
          throw new ConfigError(`antrea-health.yaml is missing; see ${configuration.name} for an example`);
        if (configuration.isExample)
          process.stderr.write(`antrea-health.yaml is missing: using ${configuration.name} instead\n`);
        const warning = isLocal ? null : warnOfLinks(configuration);
        if (warning !== null) process.stderr.write(`${warning}\n`);
        values = valuesOf(configuration);
        if (!isLocal) checkRoleSizes(rolesOf(configuration), configuration.name);
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

/**
 * Returns a stage parameter from the command line, the stage or the defaults. osls looks it up in the same order, but too
 * late for this plugin.
 */
function findParameter({ configurationInput, processedInput }: Serverless, name: string): string {
  const { param = [], stage = 'dev' } = processedInput.options;
  const given = param.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const { params = {} } = configurationInput;
  return String(given ?? params[stage]?.[name] ?? params['default']?.[name]);
}
