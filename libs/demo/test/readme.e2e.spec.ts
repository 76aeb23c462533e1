import { startPlatform } from '@specie/local-platform';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const minutes = 60_000;

it(
  'answers the README’s commands as the README says',
  async () => {
    const [, block] =
      /```console\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const lines = (block ?? '').trim().split('\n');
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
    const platform = await startPlatform({ transport: 'postgres' });
    try {
      const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
      const script = commands
        .map((command) =>
          command.replaceAll('localhost:7101', platform.url('compliance').replace('http://', '')),
        )
        .join('; echo; ');
      const output = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
      const answers = output.split('\n').filter((line) => line !== '');
      const promised = lines.filter((line) => line.startsWith('{'));
      expect(commands).toHaveLength(4);
      expect(answers.map((line) => JSON.parse(line) as unknown)).toEqual(
        promised.map((line) => JSON.parse(line) as unknown),
      );
    } finally {
      await platform.stop();
    }
  },
  4 * minutes,
);
