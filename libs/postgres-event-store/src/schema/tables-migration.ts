import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { AnyTable } from './table.js';

/**
 * The migration that creates new tables, referenced ones first. It follows the definitions: once a released table changes,
 * its first form stands here as SQL, printed by `createSql`, and a migration of its own changes it.
 */
export function tablesMigration(
  timestamp: number,
  name: string,
  tables: readonly AnyTable[],
): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = `${name}${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of tables.flatMap((table) => table.createSql())) {
        await runner.query(statement);
      }
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`drop table ${tables.map((table) => table.name).join(', ')}`);
    }
  };
}
