import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of the repository. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** The folders of all projects, listed from the directory so that none can be forgotten. */
export function projectFolders(): readonly string[] {
  return ['libs', 'services'].flatMap((parent) =>
    readdirSync(join(repositoryRoot, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${parent}/${entry.name}`)
      .sort(),
  );
}

export interface ProjectFile {
  readonly name: string;
  readonly projectType: 'application' | 'library';
  readonly tags: readonly string[];
}

/** The `project.json` of a project folder. */
export function readProject(folder: string): ProjectFile {
  return JSON.parse(
    readFileSync(join(repositoryRoot, folder, 'project.json'), 'utf8'),
  ) as ProjectFile;
}

export interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
}

/** The `package.json` of a folder. */
export function readPackage(folder: string): PackageFile {
  return JSON.parse(
    readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8'),
  ) as PackageFile;
}
