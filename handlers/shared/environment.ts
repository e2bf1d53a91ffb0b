/** Returns an environment variable that the deployment sets; see `environment` in serverless.yml. */
export function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set; serverless.yml sets it`);
  return value;
}
