import { Controller, Get, Inject, Post } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '@specie/testing';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  BadRequest,
  createServiceApp,
  defineService,
  Forbidden,
  Input,
  openApiOf,
  Operation,
  writeResponse,
  type ServiceApp,
} from '../src/index.js';
import { conformanceChecks, unexplained, wrongExamples } from '@specie/service-testing';

class CreateNotes1732000000000 implements MigrationInterface {
  readonly name = 'CreateNotes1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table notes (note_id serial primary key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notes');
  }
}

const noteInput = { body: z.strictObject({ noteId: z.uuid() }) };
const written = { id: '0d9c2c5e-6a3b-4f43-9d0e-5a8b7c6d1e2f', streamVersion: 1 };

/** Every route has one fault that the conformance suite must find. */
@Controller('faulty')
class FaultyController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Post('loose')
  @Operation({
    summary: 'Takes unknown fields',
    roles: ['founder'],
    body: z.looseObject({ noteId: z.uuid().meta({ examples: ['note 7'] }) }),
    response: writeResponse,
  })
  loose() {
    return written;
  }

  @Post('unbounded')
  @Operation({
    summary: 'Takes text without end',
    roles: ['founder'],
    body: z.strictObject({ note: z.string() }),
    response: writeResponse,
  })
  unbounded() {
    return written;
  }

  @Post('echo')
  @Operation({
    summary: 'Repeats what was sent',
    roles: ['founder'],
    body: z.strictObject({ note: z.string().max(600) }),
    response: writeResponse,
  })
  echo(@Input() { body }: { readonly body: { readonly note: string } }): never {
    throw new BadRequest('request_invalid', [{ path: 'body', code: 'wrong', message: body.note }]);
  }

  @Get('crash/:noteId')
  @Operation({
    summary: 'Crashes on an unknown id',
    roles: 'authenticated',
    params: z.strictObject({ noteId: z.uuid() }),
    response: writeResponse,
  })
  crash(): never {
    throw new TypeError('no row');
  }

  @Post('forgetful')
  @Operation({
    summary: 'Does it again on a repeat',
    roles: ['founder'],
    ...noteInput,
    response: writeResponse,
  })
  async forgetful() {
    await this.dataSource.query('insert into notes default values');
    return written;
  }

  @Get('writes/:noteId')
  @Operation({
    summary: 'Writes before it refuses',
    roles: 'authenticated',
    params: z.strictObject({ noteId: z.uuid() }),
    response: writeResponse,
  })
  async writes(): Promise<never> {
    await this.dataSource.query('insert into notes default values');
    throw new Forbidden('not_yours');
  }
}

const definition = defineService({
  name: 'deals',
  port: 7103,
  subjects: [
    { name: 'notes', migrations: [CreateNotes1732000000000], controllers: [FaultyController] },
  ],
});

let database: TestDatabase;
let service: ServiceApp;

beforeAll(async () => {
  database = await createTestDatabase();
  service = await createServiceApp(definition, { databaseUrl: database.url });
});

afterAll(async () => {
  await service?.close();
  await database?.drop();
});

describe('the conformance suite', () => {
  const checks = conformanceChecks(definition, () => service, {});

  it.each([
    ['POST /faulty/loose', 'refuses every wrong, missing, unknown and oversized field'],
    ['POST /faulty/unbounded', 'declares limits for every text and list'],
    ['POST /faulty/echo', 'refuses every wrong, missing, unknown and oversized field'],
    ['GET /faulty/crash/{noteId}', 'says that an unknown id is unknown'],
    ['POST /faulty/forgetful', 'keeps to the idempotency key'],
    ['GET /faulty/writes/{noteId}', 'says that an unknown id is unknown'],
  ])('finds the fault of %s', async (operation, name) => {
    const check = checks.find((one) => one.operation === operation && one.name === name);
    await expect(Promise.resolve().then(() => check?.run())).rejects.toThrow();
  });

  it('finds what is not explained', () => {
    expect(unexplained(openApiOf(definition))).toEqual(
      expect.arrayContaining([
        'tag faulty',
        'POST /faulty/unbounded: body.note (no description)',
        'POST /faulty/unbounded: body.note (no example)',
        'GET /faulty/crash/{noteId}: parameter noteId',
      ]),
    );
  });

  it('finds examples that are missing or do not fit', () => {
    expect(wrongExamples(definition)).toEqual(
      expect.arrayContaining([
        'POST /faulty/loose: example of body, noteId: Invalid UUID',
        'GET /faulty/crash/{noteId}: parameter noteId has no example',
      ]),
    );
  });
});
