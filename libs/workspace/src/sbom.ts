import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { runScript } from './command-line.js';
import { shippedPart, type Bom } from './bom.js';
import { projectFolders, readPackage, repositoryRoot } from './repository.js';

await runScript(
  {
    command: 'npm run sbom',
    summary:
      'Writes the bill of materials of the service image, as CycloneDX JSON: everything that package-lock.json gives the six services.',
    options: {
      output: { type: 'string', value: 'FILE', help: 'where to; tmp/sbom.cdx.json unless given' },
    },
  },
  ({ options }) => {
    const file = resolve(repositoryRoot, options.output ?? 'tmp/sbom.cdx.json');
    const services = projectFolders().filter((folder) => folder.startsWith('services/'));
    const ownPackages = projectFolders().map(readPackage);
    const bom = shippedPart(wholeBom(), services.map(readPackage), ownPackages);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
    console.log(`${bom.components.length} components in ${file}`);
    return 0;
  },
);

/** `--omit dev` of npm leaves out packages that something needs for development too, so all are asked for. */
function wholeBom(): Bom {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const text = execFileSync('npm', args, {
    cwd: repositoryRoot,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text) as Bom;
}
