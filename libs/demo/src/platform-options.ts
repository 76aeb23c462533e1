import { defaultFirstPort, serviceNames, type PlatformPorts } from '@specie/local-platform';
import { UsageError, type ScriptOption } from '@specie/workspace';

/** Options of every script that starts or looks for a platform. */
export const portOptions = {
  port: {
    type: 'string',
    value: 'N',
    variable: 'SPECIE_PORT',
    help: `port of compliance; the other services follow: N+1 to N+${serviceNames.length - 1}; ${defaultFirstPort} unless given`,
  },
  'postgres-port': {
    type: 'string',
    value: 'N',
    variable: 'SPECIE_POSTGRES_PORT',
    help: 'port of PostgreSQL; any free one unless given',
  },
  'kafka-port': {
    type: 'string',
    value: 'N',
    variable: 'SPECIE_KAFKA_PORT',
    help: 'port of Kafka; any free one unless given',
  },
} as const satisfies Readonly<Record<string, ScriptOption>>;

/** @throws UsageError naming the option, or the variable that stands for it. */
export function portsOf(
  options: Readonly<Record<keyof typeof portOptions, string | undefined>>,
): PlatformPorts {
  const read = (name: keyof typeof portOptions, max = 65_535): number | undefined => {
    const text = options[name];
    if (text === undefined) return undefined;
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port < 1 || port > max) {
      const { variable } = portOptions[name];
      throw new UsageError(`--${name} (or ${variable}): a port from 1 to ${max}, not '${text}'`);
    }
    return port;
  };
  const [postgres, kafka] = [read('postgres-port'), read('kafka-port')];
  return {
    first: read('port', 65_535 - serviceNames.length + 1) ?? defaultFirstPort,
    ...(postgres === undefined ? {} : { postgres }),
    ...(kafka === undefined ? {} : { kafka }),
  };
}
