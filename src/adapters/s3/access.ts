import type { Environment } from '../../config/environment.ts';
import { readCertificates, readSecret, type SecretSources } from '../secrets/secrets.ts';
import type { S3Config } from './schema.ts';
import type { S3StoreOptions } from './store.ts';

/** Servers other than AWS's rarely have regions. MinIO and Ceph accept this one by default. */
const REGION_OF_OTHER_SERVERS = 'us-east-1';

/**
 * Reads the keys and certificates that a configuration names. The key is secret; never print it.
 * @throws UserError that names the key of the configuration and contains no secret
 */
export async function readS3Access(
  { bucket, endpoint, region, accessKeyId, secretAccessKey, caFile }: S3Config,
  secrets: SecretSources,
): Promise<S3StoreOptions> {
  const { environment } = secrets;
  // The SDK would read this variable, too, but would give it a host name for every bucket.
  const address = endpoint ?? (environment['AWS_ENDPOINT_URL_S3'] || undefined);
  return {
    bucket,
    endpoint: address,
    region:
      region ?? (endpoint === undefined || hasRegion(environment) ? undefined : REGION_OF_OTHER_SERVERS),
    credentials: accessKeyId &&
      secretAccessKey && {
        accessKeyId: await readSecret(accessKeyId, secrets, 'archive.s3.accessKeyId'),
        secretAccessKey: await readSecret(secretAccessKey, secrets, 'archive.s3.secretAccessKey'),
      },
    certificateAuthority: await readCertificates(caFile, 'archive.s3.caFile'),
  };
}

function hasRegion(environment: Environment): boolean {
  return Boolean(environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION']);
}
