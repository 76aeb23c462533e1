/** A fault that specs must notice: a snippet of a file of a project, and what stands there instead. */
export interface Mutation {
  readonly name: string;
  readonly project: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly search: string;
  readonly replace: string;
  readonly specs: readonly string[];
  /** Why no spec notices, where that is as it should be. */
  readonly survives?: string;
}

/** As listed: with the project and file of its list. */
export type Fault = readonly [name: string, search: string, replace: string, survives?: string];

export function faultsIn(
  project: string,
  file: string,
  specs: readonly string[],
  faults: readonly Fault[],
): readonly Mutation[] {
  return faults.map(([name, search, replace, survives]) => ({
    ...{
      name: `${project.split('/')[1] ?? project}: ${name}`,
      project,
      file,
      search,
      replace,
      specs,
    },
    ...(survives === undefined ? {} : { survives }),
  }));
}
