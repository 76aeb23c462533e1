import { UsageError } from '../command-line.js';
import type { ChangeSet } from './change-set.js';
import { stringsIn } from './source-edit.js';

/** The codes in a list such as `account_unknown,account_frozen`. @throws UsageError if one is no code */
export function refusalsOf(text: string): readonly string[] {
  const codes = text.split(',');
  const wrong = codes.find((code) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(code));
  if (wrong !== undefined) {
    throw new UsageError(
      `--refusals: codes such as account_unknown,account_frozen, not '${wrong}'`,
    );
  }
  return codes;
}

/** The roles in a list such as `founder,investor`. @throws UsageError if there is no such role */
export function rolesOf(changes: ChangeSet, text: string): readonly string[] {
  const known = stringsIn(
    changes.source('libs/nest-platform/src/auth/caller.ts').constant('roles'),
  );
  const roles = text.split(',');
  const wrong = roles.find((role) => !known.includes(role));
  if (wrong !== undefined) {
    throw new UsageError(`--roles: some of ${known.join(', ')}, not '${wrong}'`);
  }
  return roles;
}
