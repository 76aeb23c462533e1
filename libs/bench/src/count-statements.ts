import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

// Loaded into a service by `--import`, before its own code: a byte in a file for every matching statement it sends.
const folder = process.env['BENCH_COUNT_FOLDER'] ?? '.';
const counted = new RegExp(process.env['BENCH_COUNT_PATTERN'] ?? '^', 'i');
const file = openSync(join(folder, String(process.pid)), 'a');

const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
const send = prototype.query;
prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
  const [first] = args as readonly (string | { readonly text?: string } | undefined)[];
  const text = typeof first === 'string' ? first : first?.text;
  if (text !== undefined && counted.test(text)) {
    writeSync(file, '.');
  }
  return send.apply(this, args);
};
