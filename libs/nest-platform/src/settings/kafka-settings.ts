import { readFileSync } from 'node:fs';
import type { KafkaSecurity } from '@specie/event-bus';
import { z } from 'zod';

const file = z.string().min(1).max(4_096);

/** How a service gets to its brokers: in the clear, or by TLS and as whom. */
export const kafkaSecuritySchema = z.object({
  KAFKA_SSL: z.enum(['true', 'false']).default('false'),
  KAFKA_SSL_CA_FILE: file.optional(),
  KAFKA_SSL_CERT_FILE: file.optional(),
  KAFKA_SSL_KEY_FILE: file.optional(),
  KAFKA_SASL_MECHANISM: z.enum(['scram-sha-256', 'scram-sha-512', 'plain']).optional(),
  KAFKA_SASL_USERNAME: z.string().min(1).max(256).optional(),
  KAFKA_SASL_PASSWORD: z.string().min(1).max(1_024).optional(),
  KAFKA_SASL_PASSWORD_FILE: file.optional(),
});
export type KafkaSecuritySettings = z.output<typeof kafkaSecuritySchema>;

export const kafkaSecurityExpectations: Readonly<Record<string, string>> = {
  KAFKA_SSL: '"true" or "false"',
  KAFKA_SASL_MECHANISM: '"scram-sha-256", "scram-sha-512" or "plain"',
};

/** Reads the files. `problems` has one line for each variable that cannot be used, never a value. */
export function readKafkaSecurity(settings: KafkaSecuritySettings): {
  readonly security: KafkaSecurity;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const read = (name: keyof KafkaSecuritySettings): string | undefined => {
    const path = settings[name];
    try {
      return path === undefined ? undefined : readFileSync(path, 'utf8');
    } catch {
      problems.push(`${name}: the file cannot be read`);
      return undefined;
    }
  };
  const ca = read('KAFKA_SSL_CA_FILE');
  const cert = read('KAFKA_SSL_CERT_FILE');
  const key = read('KAFKA_SSL_KEY_FILE');
  const password = settings.KAFKA_SASL_PASSWORD ?? read('KAFKA_SASL_PASSWORD_FILE')?.trimEnd();
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = settings;
  const isEncrypted = settings.KAFKA_SSL === 'true';
  if (
    (settings.KAFKA_SSL_CERT_FILE === undefined) !==
    (settings.KAFKA_SSL_KEY_FILE === undefined)
  ) {
    problems.push(
      'KAFKA_SSL_CERT_FILE: a client certificate needs KAFKA_SSL_KEY_FILE, and the other way round',
    );
  }
  if (mechanism && !username) {
    problems.push('KAFKA_SASL_USERNAME: missing; KAFKA_SASL_MECHANISM needs it');
  }
  if (mechanism && !password) {
    problems.push(
      'KAFKA_SASL_PASSWORD: missing; KAFKA_SASL_MECHANISM needs it or KAFKA_SASL_PASSWORD_FILE',
    );
  }
  return {
    problems,
    security: {
      ssl: isEncrypted ? { ca, cert, key } : undefined,
      sasl: mechanism && username && password ? { mechanism, username, password } : undefined,
    },
  };
}
