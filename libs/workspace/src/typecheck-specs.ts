import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from './command-line.js';
import { projectFolders, repositoryRoot } from './repository.js';

await runScript(
  {
    command: 'npm run typecheck',
    summary: "Type-checks every project's specs; their sources are checked by the build.",
    options: {},
  },
  () => {
    const failing = projectFolders()
      .map((folder) => join(folder, 'tsconfig.spec.json'))
      .filter((path) => existsSync(join(repositoryRoot, path)))
      .filter((path) => !passes(path));
    return failing.length === 0 ? 0 : 1;
  },
);

function passes(project: string): boolean {
  const compiler = 'node_modules/typescript-native/bin/tsc';
  const { status } = spawnSync(process.execPath, [compiler, '-p', project, '--noEmit'], {
    cwd: repositoryRoot,
    stdio: 'inherit',
  });
  return status === 0;
}
