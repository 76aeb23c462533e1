import { serviceNames, type Platform } from '@specie/local-platform';

/** Where everything of a running platform is, as lines to print. */
export function whereabouts(platform: Platform): readonly string[] {
  const { kafka } = platform;
  return [
    ...serviceNames.map((service) => `  ${service.padEnd(11)} ${platform.url(service)}/docs`),
    `  ${'database'.padEnd(11)} ${withoutPassword(platform.databaseUrl('audit'))} (one for each service)`,
    ...(kafka ? [`  ${'Kafka'.padEnd(11)} ${kafka.brokers}`] : []),
  ];
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (url.password !== '') url.password = '***';
  return url.toString();
}
