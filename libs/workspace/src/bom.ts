import type { PackageFile } from './repository.js';

/** The part of a CycloneDX document that matters here; the rest is passed on as it is. */
export interface Bom {
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * What `roots` need when they run, directly or not. The document also tells what our own packages need for
 * development. @throws Error when a root is not in the document.
 */
export function shippedPart(
  bom: Bom,
  roots: readonly PackageFile[],
  ownPackages: readonly PackageFile[],
): Bom {
  const development = new Map(
    ownPackages.map((own) => [refOf(own), Object.keys(own.devDependencies ?? {})]),
  );
  const dependsOn = new Map(
    bom.dependencies.map(({ ref, dependsOn: all }) => [
      ref,
      all.filter((needed) => !development.get(ref)?.includes(nameOf(needed))),
    ]),
  );
  const shipped = new Set<string>();
  const waiting = roots.map(refOf);
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (shipped.has(ref)) continue;
    const needed = dependsOn.get(ref);
    if (!needed) throw new Error(`the bill of materials lacks ${ref}`);
    shipped.add(ref);
    waiting.push(...needed);
  }
  return {
    ...bom,
    components: bom.components.filter((component) => shipped.has(component['bom-ref'])),
    dependencies: [...shipped].sort().map((ref) => ({ ref, dependsOn: dependsOn.get(ref) ?? [] })),
  };
}

function refOf({ name, version }: PackageFile): string {
  return `${name}@${version}`;
}

function nameOf(ref: string): string {
  return ref.slice(0, ref.lastIndexOf('@'));
}
