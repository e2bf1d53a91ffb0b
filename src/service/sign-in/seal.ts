import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, type JWTPayload, jwtDecrypt } from 'jose';
import { ConfigError } from '../../config/errors.ts';

/** Encrypts and authenticates what cookies contain: JWE with AES-256-GCM and a key derived from a secret (RFC 7516). */
export type Seal = {
  /** @throws UserError when no key can be read */
  close(content: JWTPayload): Promise<string>;
  /** Returns the content; null when it was not sealed with one of the keys, has expired, or is older than allowed. */
  open(text: string): Promise<JWTPayload | null>;
};

export type SealOptions = {
  /** Returns the secrets: the first closes, all open. They are read each time, so that they can be replaced. */
  readSecrets: () => Promise<readonly string[]>;
  /** Whatever differs in it gets another key: what is sealed for one purpose or issuer opens for no other. */
  purpose: readonly string[];
  seconds: number;
  now: () => Date;
};

/** As many as the derived key; fewer could be guessed. In bytes. */
const SHORTEST_SECRET = 32;

/** @throws ConfigError that names the key of the configuration */
export function checkSecrets(secrets: readonly string[]): void {
  for (const [index, secret] of secrets.entries())
    if (Buffer.byteLength(secret) < SHORTEST_SECRET)
      throw new ConfigError(
        `signIn.sessionKeys.${index}: has fewer than ${SHORTEST_SECRET} bytes; make one with "openssl rand -base64 48"`,
      );
}

export function openSeal({ readSecrets, purpose, seconds, now }: SealOptions): Seal {
  const info = JSON.stringify(['antrea-health', ...purpose]);
  const derived = new Map<string, Uint8Array>();
  const keyOf = (secret: string): Uint8Array => {
    const key = derived.get(secret) ?? new Uint8Array(hkdfSync('sha256', secret, '', info, SHORTEST_SECRET));
    derived.set(secret, key);
    return key;
  };
  const readKeys = async () => {
    const secrets = await readSecrets();
    checkSecrets(secrets);
    // Secrets that were replaced are forgotten.
    for (const secret of derived.keys()) if (!secrets.includes(secret)) derived.delete(secret);
    return secrets.map(keyOf);
  };
  return {
    async close(content) {
      const [key = new Uint8Array()] = await readKeys();
      const issued = Math.floor(now().getTime() / 1000);
      return new EncryptJWT(content)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setIssuedAt(issued)
        .setExpirationTime(issued + seconds)
        .encrypt(key);
    },
    async open(text) {
      for (const key of await readKeys()) {
        const content = await openWith(key, text, { seconds, now: now() });
        if (content !== null) return content;
      }
      return null;
    },
  };
}

/** Clocks of two servers differ by less. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** Also refuses what was sealed while a session was longer than now. */
async function openWith(
  key: Uint8Array,
  text: string,
  { seconds, now }: { seconds: number; now: Date },
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtDecrypt(text, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp', 'iat'],
      maxTokenAge: seconds,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
    throw error;
  }
}
