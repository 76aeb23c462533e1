import { freePort, serviceNames } from '@specie/local-platform';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const minutes = 60_000;
/** Above the ports that systems give to connections by themselves. */
const unusedPort = '61100';
const startEntry = join(root, 'libs/demo/dist/start.js');
const demoEntry = join(root, 'libs/demo/dist/main.js');

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script that is not to start anything, or fails where it hangs. */
function runScript(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Finished {
  return spawnSync(process.execPath, [entry, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, KAFKA_BROKERS: '', DATABASE_URL: '', ...env },
    timeout: 30_000,
  });
}

/** The first of `count` ports that are free beside each other. */
async function freeRange(count: number): Promise<number> {
  for (;;) {
    const first = await freePort();
    const others: number[] = [];
    while (others.length < count - 1) others.push(await freePort());
    if (others.at(-1) === first + count - 1) return first;
  }
}

interface Started {
  /** Waits until the output matches. */
  says(pattern: RegExp): Promise<void>;
  /** Ctrl-C; the whole output and the exit code. */
  interrupt(): Promise<{ readonly code: number | null; readonly output: string }>;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [startEntry, ...args], {
    cwd: root,
    env: { ...process.env, KAFKA_BROKERS: '', DATABASE_URL: '', ...env },
  });
  let output = '';
  let look = (): void => undefined;
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
    look();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<number | null>((end) =>
    child.once('close', (code) => {
      end(code);
      look();
    }),
  );
  return {
    says: (pattern) =>
      new Promise((found, fail) => {
        look = () => {
          if (pattern.test(output)) found();
          else if (child.exitCode !== null) fail(new Error(`it ended:\n${output}`));
        };
        look();
      }),
    interrupt: async () => {
      child.kill('SIGINT');
      return { code: await ended, output };
    },
  };
}

async function listen(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, port: (server.address() as AddressInfo).port };
}

let folder: string;
beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  folder = mkdtempSync(join(tmpdir(), 'specie-start-'));
}, 5 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scripts = {
  'npm start': startEntry,
  'npm run demo': demoEntry,
  'npm run bench': join(root, 'libs/bench/dist/main.js'),
  'npm run docs': join(root, 'libs/workspace/dist/generate-docs.js'),
  'npm run fuzz': join(root, 'libs/workspace/dist/fuzz.js'),
  'npm run mutate': join(root, 'libs/workspace/dist/mutate.js'),
  'npm run new': join(root, 'libs/workspace/dist/new.js'),
  'npm run sbom': join(root, 'libs/workspace/dist/sbom.js'),
  'npm run typecheck': join(root, 'libs/workspace/dist/typecheck-specs.js'),
};

describe.each(Object.entries(scripts))('%s', (command, entry) => {
  it('explains itself and does nothing else', () => {
    const { status, stdout, stderr } = runScript(entry, ['--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^${command} --`));
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('refuses an option that it does not have, with the explanation', () => {
    const { status, stdout, stderr } = runScript(entry, ['--bogus']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^Unknown option '--bogus'\\n\\n${command} --`));
  });
});

it('npm test explains itself, too, and passes on what it does not know', () => {
  const entry = join(root, 'libs/workspace/dist/test.js');
  expect(runScript(entry, ['--help']).stdout).toMatch(/^npm test --.*--unit/s);
  expect(runScript(entry, ['--bogus']).stderr).toContain('Unknown option `--bogus`');
});

describe('npm start', () => {
  it(
    'says what it does and where everything is, and refuses a second one in its folder at once',
    async () => {
      const home = join(folder, 'home');
      const first = await freeRange(serviceNames.length + 1);
      const env = { SPECIE_PORT: String(first), SPECIE_HOME: home };
      const postgresPort = String(first + serviceNames.length);
      const started = start(['--postgres-port', postgresPort], env);
      await started.says(/Ctrl-C stops everything/);

      const second = runScript(startEntry, [], env);
      expect(second.status).toBe(1);
      expect(second.stderr).toContain(`Specie already runs with the data in ${home}, as process`);
      expect(second.stderr).toContain(`http://127.0.0.1:${first}\n`);

      const elsewhere = runScript(startEntry, ['--home', join(folder, 'elsewhere')], env);
      expect(elsewhere.status).toBe(1);
      expect(elsewhere.stderr).toContain(`port ${first + 2}, for deals, is taken`);
      expect(elsewhere.stderr).toContain('--port or SPECIE_PORT');

      const demo = runScript(demoEntry, ['--attach', '--port', String(first), '--json']);
      expect(demo.status, demo.stderr).toBe(0);
      expect(demo.stdout.split('\n').filter((line) => !line.startsWith('{'))).toSatisfy(
        (lines: string[]) => lines.every((line) => line.length <= 80),
      );

      const { code, output } = await started.interrupt();
      expect(code).toBe(0);
      for (const service of serviceNames) expect(output).toMatch(new RegExp(`${service} is ready`));
      expect(output).toContain(`deals       http://127.0.0.1:${first + 2}/docs`);
      expect(output).toContain(
        `database    postgresql://specie@127.0.0.1:${postgresPort}/specie_audit`,
      );
      expect(output).toContain(`stopped, data kept in ${home}\n`);
      expect(output).toContain('`npm start` with the same options goes on with it');

      const again = start(['--reset'], env);
      await again.says(/Ctrl-C stops everything/);
      expect((await again.interrupt()).code).toBe(0);
    },
    5 * minutes,
  );

  it('names DATABASE_URL where its server does not answer, never its password', async () => {
    const { server, port } = await listen();
    await new Promise((closed) => server.close(closed));
    for (const [databaseUrl, reason] of [
      [`postgresql://specie:s3cret@127.0.0.1:${port}/specie`, 'ECONNREFUSED'],
      ['not a url with s3cret', 'is not a URL'],
      [
        inject('databaseUrl').replace(/\/\w+$/, '/no_such_database'),
        'database "no_such_database" does not exist',
      ],
    ] as const) {
      const run = runScript(startEntry, ['--fresh', '--port', unusedPort], {
        DATABASE_URL: databaseUrl,
      });
      expect(run.status).toBe(1);
      expect(run.stderr).toMatch(/^DATABASE_URL/);
      expect(run.stderr).toContain(reason);
      expect(run.stderr).toContain('unset it');
      expect(run.stdout + run.stderr).not.toContain('s3cret');
    }
  });

  it('names KAFKA_BROKERS where none of them answers', async () => {
    const { server, port } = await listen();
    await new Promise((closed) => server.close(closed));
    const run = runScript(startEntry, ['--fresh', '--port', unusedPort], {
      KAFKA_BROKERS: `127.0.0.1:${port}`,
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('KAFKA_BROKERS: no broker can be reached');
  });

  it.skipIf(process.platform !== 'linux')(
    'says it and goes on where a log cannot be written because the disk is full',
    async () => {
      const home = join(folder, 'full');
      mkdirSync(join(home, 'logs'), { recursive: true });
      for (const service of serviceNames)
        symlinkSync('/dev/full', join(home, 'logs', `${service}.log`));
      const first = await freeRange(serviceNames.length);
      const started = start(['--home', home, '--port', String(first)]);
      await started.says(/Ctrl-C stops everything/);
      const { code, output } = await started.interrupt();
      expect(code).toBe(0);
      expect(output.match(/the log \S+deals\.log cannot be written: ENOSPC/g)).toHaveLength(1);
      expect(output).toContain('The disk is full');
    },
    2 * minutes,
  );

  it('refuses what is no port', () => {
    const { status, stderr } = runScript(startEntry, [], { SPECIE_PORT: '70000' });
    expect(status).toBe(2);
    expect(stderr).toContain("--port (or SPECIE_PORT): a port from 1 to 65530, not '70000'");
  });
});

describe('npm run demo -- --attach', () => {
  it('says at once what to start where nothing runs', async () => {
    const first = await freeRange(serviceNames.length);
    const { status, stderr } = runScript(demoEntry, ['--attach', '--port', String(first)]);
    expect(status).toBe(1);
    expect(stderr).toContain(`nothing answers at http://127.0.0.1:${first + 5} (audit)`);
    expect(stderr).toContain('`npm start`');
  });
});

it('the README tells the options that scripts have', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const { stdout } = runScript(demoEntry, ['--help']);
  for (const [, option = ''] of readme.matchAll(/npm run demo -- (--[a-z-]+)/g)) {
    expect(stdout).toContain(option);
  }
});
