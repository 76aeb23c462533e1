import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { SourceEdit } from './source-edit.js';

/** A file of a change, and what a person still has to do in it; null where it is complete as it was generated. */
export interface Change {
  readonly path: string;
  readonly isNew: boolean;
  readonly left: string | null;
}

/** Files as they will be, kept in memory until everything is known to be possible. */
export class ChangeSet {
  private readonly changed = new Map<string, { text: string; left: string | null }>();

  /** @param root the repository that is changed */
  constructor(readonly root: string) {}

  has(path: string): boolean {
    return this.changed.has(path) || existsSync(join(this.root, path));
  }

  read(path: string): string {
    return this.changed.get(path)?.text ?? readFileSync(join(this.root, path), 'utf8');
  }

  /** The files in a folder and in those below it. */
  filesIn(folder: string): readonly string[] {
    const path = join(this.root, folder);
    const there = existsSync(path)
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`)
      : [];
    const made = [...this.changed.keys()].filter((file) => file.startsWith(`${folder}/`));
    return [...new Set([...there, ...made])].sort();
  }

  source(path: string): SourceEdit {
    return new SourceEdit(path, this.read(path));
  }

  put(path: string, text: string, left: string | null = null): void {
    this.changed.set(path, { text, left: left ?? this.changed.get(path)?.left ?? null });
  }

  /** Changes a source file; one that stays as it is does not count as changed. */
  edit(path: string, change: (source: SourceEdit) => void, left: string | null = null): void {
    const source = this.source(path);
    const before = source.text;
    change(source);
    if (source.text !== before) this.put(path, source.text, left);
  }

  list(): readonly Change[] {
    return [...this.changed]
      .map(([path, { left }]) => ({ path, isNew: !existsSync(join(this.root, path)), left }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Writes every file, formatted. */
  async write(): Promise<void> {
    const config = await resolveConfig(join(this.root, 'package.json'));
    for (const [path, { text }] of this.changed) {
      const target = join(this.root, path);
      mkdirSync(dirname(target), { recursive: true });
      const isFormatted = /\.(ts|json|md|yml)$/.test(path);
      writeFileSync(
        target,
        isFormatted ? await format(text, { ...config, filepath: target }) : text,
      );
    }
  }
}
