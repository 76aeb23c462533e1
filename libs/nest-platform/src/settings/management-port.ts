export const portMax = 65_535;
const distance = 1_000;

/** Where something is listened for. */
export interface Endpoint {
  readonly port: number;
  readonly host: string;
}

/** The port for operators: beside that of the API unless one is set; null in development, where the API's serves for both. */
export function managementOf(
  settings: {
    readonly AUTH_MODE: 'development' | 'oidc';
    readonly MANAGEMENT_PORT?: number | undefined;
    readonly MANAGEMENT_HOST?: string | undefined;
  },
  api: Endpoint,
): Endpoint | null {
  const { AUTH_MODE: mode, MANAGEMENT_PORT: chosen, MANAGEMENT_HOST: host = api.host } = settings;
  const beside = api.port === 0 ? 0 : api.port + distance;
  return mode === 'development' && chosen === undefined ? null : { port: chosen ?? beside, host };
}

/** Whether the operators' port fits in beside this one. */
export function hasPortAbove(port: number): boolean {
  return port <= portMax - distance;
}
