// Type-checks every project's specs; their sources were checked by the build.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const compiler = 'node_modules/typescript-native/bin/tsc';
const projects = ['libs', 'services']
  .flatMap((parent) => readdirSync(parent).map((name) => `${parent}/${name}/tsconfig.spec.json`))
  .filter((path) => existsSync(path));

let failed = false;
for (const project of projects) {
  await new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiler, '-p', project, '--noEmit'],
      { maxBuffer: 1 << 26 },
      (error, output) => {
        if (error) {
          failed = true;
          process.stdout.write(output);
        }
        resolve();
      },
    );
  });
}
process.exit(failed ? 1 : 0);
