import type { Logger } from '@specie/nest-platform';
import type { DataSource, EntityManager } from 'typeorm';
import { ListRefusedError, textOfProblem } from '../domain/screening/list-file.js';
import {
  readOfacList,
  shrunkFiles,
  type ListCounts,
  type OfacList,
} from '../domain/screening/ofac-list.js';
import { ScreeningIndex } from '../domain/screening/screening-index.js';
import { textsOf, versionOf, type ListBytes, type ListSource } from './sanctions-list-source.js';

/** The list that parties are screened against. */
export interface ListInForce {
  readonly version: string;
  readonly index: ScreeningIndex;
}

/** A newer list that is not taken, and why; the one before it stays in force. */
export interface RefusedList {
  /** Null if the files could not even be read. */
  readonly version: string | null;
  /** Such as "sdn.csv line 2: quotes_unbalanced"; the first hundred. */
  readonly problems: readonly string[];
}

interface KnownList extends ListCounts {
  readonly version: string;
}

const problemsShownMax = 100;
const installLock = `select pg_advisory_xact_lock(hashtextextended('specie sanctions list', 0))`;

/**
 * Lists and which of them is in force. Accepted lists stand in the database, so a restart on damaged files goes
 * on with the last good one, and every instance screens against the same.
 */
export class SanctionsLists {
  private loaded: ListInForce | null = null;
  private refused: RefusedList | null = null;
  private lookedAt: string | null = null;

  constructor(
    private readonly options: {
      readonly dataSource: DataSource;
      readonly logger: Logger;
      readonly source: ListSource;
      /** A list that is taken although it is shorter, or older, than the one in force. */
      readonly acceptedVersion: string | undefined;
    },
  ) {}

  /** Why the files at hand are not in force; null if they are. */
  get refusal(): RefusedList | null {
    return this.refused;
  }

  /** Null while no list was ever accepted: nobody can be screened or approved then. */
  async inForce(): Promise<ListInForce | null> {
    const rows = await this.options.dataSource.query<{ version: string }[]>(
      'select version from sanctions_lists where in_force',
    );
    const version = rows[0]?.version;
    if (version === undefined) {
      return null;
    }
    if (this.loaded?.version !== version) {
      this.loaded = { version, index: new ScreeningIndex((await this.stored(version)).entries) };
    }
    return this.loaded;
  }

  /** Takes the files into force if they changed since they were last looked at, or says why not. */
  async refresh(): Promise<void> {
    const { source, logger } = this.options;
    const fingerprint = await source.fingerprint();
    if (fingerprint === this.lookedAt) {
      return;
    }
    try {
      this.refused = await this.take(await source.read());
    } catch (error) {
      if (!(error instanceof ListRefusedError)) {
        throw error;
      }
      this.refused = refusalOf(null, error);
    }
    // What changed while it was read is looked at again.
    this.lookedAt = (await source.fingerprint()) === fingerprint ? fingerprint : null;
    if (this.refused !== null) {
      logger.error(this.refused, 'sanctions list refused; the one before it stays in force');
    }
  }

  private async take(bytes: ListBytes): Promise<RefusedList | null> {
    const version = versionOf(bytes);
    const before = await this.known();
    const current = before.find(({ inForce }) => inForce);
    if (current?.version === version) {
      return null;
    }
    const isAccepted = version === this.options.acceptedVersion;
    if (!isAccepted && before.some((list) => list.version === version)) {
      return { version, problems: ['older than the list in force'] };
    }
    let list: OfacList;
    try {
      list = readOfacList(textsOf(bytes));
    } catch (error) {
      if (error instanceof ListRefusedError) {
        return refusalOf(version, error);
      }
      throw error;
    }
    const shrunk = current === undefined || isAccepted ? [] : shrunkFiles(current, list);
    if (shrunk.length > 0) {
      return refusalOf(version, new ListRefusedError(shrunk));
    }
    const isInstalled = await this.options.dataSource.transaction((manager) =>
      install(manager, { list, version, bytes, replaces: current?.version ?? null }),
    );
    if (!isInstalled) {
      return this.take(bytes);
    }
    const { entryCount, aliasCount } = list;
    this.options.logger.info({ version, entryCount, aliasCount }, 'sanctions list in force');
    return null;
  }

  private known(): Promise<(KnownList & { readonly inForce: boolean })[]> {
    return this.options.dataSource.query(
      `select version, in_force as "inForce", entry_count as "entryCount",
              alias_count as "aliasCount", address_count as "addressCount" from sanctions_lists`,
    );
  }

  private async stored(version: string): Promise<OfacList> {
    const rows = await this.options.dataSource.query<
      { sdn: Buffer; alt: Buffer; addresses: Buffer; comments: Buffer }[]
    >('select sdn, alt, addresses, comments from sanctions_lists where version = $1', [version]);
    const row = rows[0];
    if (row === undefined) {
      throw new Error('the sanctions list in force is gone');
    }
    return readOfacList(textsOf([row.sdn, row.alt, row.addresses, row.comments]));
  }
}

/** False if another instance was quicker: the files are to be judged against its list. */
async function install(
  manager: EntityManager,
  given: {
    readonly list: ListCounts;
    readonly version: string;
    readonly bytes: ListBytes;
    readonly replaces: string | null;
  },
): Promise<boolean> {
  const { list, version, bytes, replaces } = given;
  await manager.query(installLock);
  const rows = await manager.query<{ version: string }[]>(
    'select version from sanctions_lists where in_force',
  );
  if ((rows[0]?.version ?? null) !== replaces) {
    return false;
  }
  await manager.query('update sanctions_lists set in_force = false where in_force');
  await manager.query(
    `insert into sanctions_lists (version, sdn, alt, addresses, comments, entry_count, alias_count,
       address_count, in_force) values ($1, $2, $3, $4, $5, $6, $7, $8, true)
     on conflict (version) do update set in_force = true, accepted_at = now()`,
    [version, ...bytes, list.entryCount, list.aliasCount, list.addressCount],
  );
  return true;
}

function refusalOf(version: string | null, { problems }: ListRefusedError): RefusedList {
  return { version, problems: problems.slice(0, problemsShownMax).map(textOfProblem) };
}
