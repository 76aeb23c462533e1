import { serviceNames } from '@specie/contracts';
import { mergeSubjects, createServiceApp, type ServiceDefinition } from '@specie/nest-platform';
import { tableDifferences, type AnyTable } from '@specie/postgres-event-store';
import { describe, expect, it } from 'vitest';

interface Database {
  readonly url: string;
  drop(): Promise<void>;
}

/** Shows that the migrations of a service have made the tables that its subjects define. */
export function describeTables(
  service: ServiceDefinition,
  createDatabase: () => Promise<Database>,
): void {
  describe(`The tables of ${service.name}`, () => {
    it('are in the database as they are defined', async () => {
      const database = await createDatabase();
      try {
        // A service that consumes from the start must find a log of each peer; its own, empty one will do.
        const peers = Object.fromEntries(serviceNames.map((name) => [name, database.url]));
        const env = { PEER_DATABASE_URLS: JSON.stringify(peers) };
        const app = await createServiceApp(service, { databaseUrl: database.url, env });
        try {
          const differences: string[] = [];
          for (const table of mergeSubjects(service.subjects).tables) {
            if (isDefined(table)) {
              differences.push(...(await tableDifferences(app.dataSource, table)));
            }
          }
          expect(differences).toEqual([]);
        } finally {
          await app.close();
        }
      } finally {
        await database.drop();
      }
    });
  });
}

function isDefined(table: object): table is AnyTable {
  return 'createSql' in table;
}
