import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, LOGGER, SERVICE_CONFIG, type Logger } from '@specie/nest-platform';
import { DataSource, type EntityManager } from 'typeorm';
import type { ComplianceConfig } from '../compliance.config.js';
import { ListRefusedError } from './list-file.js';
import {
  LIST_SOURCE,
  textsOf,
  versionOf,
  type ListBytes,
  type ListSource,
} from './list-source.adapter.js';
import { readOfacList, type ListCounts } from './ofac-list.js';
import { decideOnList, refusalOf, type RefusedList } from './sanctions-list.decider.js';
import { SanctionsListQuery } from './sanctions-list.query.js';
import { sanctionsListTable } from './sanctions-list.table.js';

const installLock = `select pg_advisory_xact_lock(hashtextextended('specie sanctions list', 0))`;

/**
 * Takes lists into force. Accepted lists stand in the database and not in the log, so a restart on damaged files goes on
 * with the last good one, and every instance screens against the same.
 */
@Injectable()
export class ListInstaller implements OnModuleInit {
  private refused: RefusedList | null = null;
  private lookedAt: string | null = null;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
    @Inject(LIST_SOURCE) private readonly source: ListSource,
    @Inject(SERVICE_CONFIG) private readonly config: ComplianceConfig,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Why the files at hand are not in force; null if they are. */
  get refusal(): RefusedList | null {
    return this.refused;
  }

  /** The start waits for the first look. */
  onModuleInit(): Promise<void> {
    return this.install();
  }

  /** Whether the files changed since they were last looked at. */
  async haveFilesChanged(): Promise<boolean> {
    return (await this.source.fingerprint()) !== this.lookedAt;
  }

  /** Takes the files into force if they changed since they were last looked at, or notes why not. */
  async install(): Promise<void> {
    const fingerprint = await this.source.fingerprint();
    if (fingerprint === this.lookedAt) {
      return;
    }
    try {
      this.refused = await this.take(await this.source.read());
    } catch (error) {
      if (!(error instanceof ListRefusedError)) {
        throw error;
      }
      this.refused = refusalOf(null, error.problems);
    }
    // What changed while it was read is looked at again.
    this.lookedAt = (await this.source.fingerprint()) === fingerprint ? fingerprint : null;
    if (this.refused !== null) {
      this.logger.error(this.refused, 'sanctions list refused; the one before it stays in force');
    }
  }

  private async take(bytes: ListBytes): Promise<RefusedList | null> {
    const version = versionOf(bytes);
    const decision = decideOnList(
      { version, read: () => readOfacList(textsOf(bytes)) },
      {
        known: await this.lists.accepted(),
        acceptedVersion: this.config.SANCTIONS_ACCEPTED_VERSION,
      },
    );
    if (decision.outcome === 'refused') return decision.refusal;
    if (decision.outcome === 'in_force') return null;
    const { list, replaces } = decision;
    const { entryCount, aliasCount, addressCount } = list;
    const counts = { entryCount, aliasCount, addressCount };
    const isInstalled = await this.dataSource.transaction((manager) =>
      putInForce(manager, { version, bytes, counts, replaces, acceptedAt: this.clock.now() }),
    );
    if (!isInstalled) {
      return this.take(bytes);
    }
    this.logger.info({ version, entryCount, aliasCount }, 'sanctions list in force');
    return null;
  }
}

/** False if another instance was quicker: the files are to be judged against its list. */
async function putInForce(
  manager: EntityManager,
  given: {
    readonly version: string;
    readonly bytes: ListBytes;
    readonly counts: ListCounts;
    readonly replaces: string | null;
    readonly acceptedAt: string;
  },
): Promise<boolean> {
  const { version, bytes, counts, replaces, acceptedAt } = given;
  const [sdn, alt, addresses, comments] = bytes;
  await manager.query(installLock);
  const current = await manager.findOne(sanctionsListTable.entity, {
    select: { version: true },
    where: { inForce: true },
  });
  if ((current?.version ?? null) !== replaces) {
    return false;
  }
  if (replaces !== null) {
    await sanctionsListTable.set(manager, [{ version: replaces, inForce: false }]);
  }
  const isKnown = await manager.existsBy(sanctionsListTable.entity, { version });
  await (isKnown
    ? sanctionsListTable.set(manager, [{ version, inForce: true, acceptedAt }])
    : sanctionsListTable.insert(manager, [
        { version, sdn, alt, addresses, comments, ...counts, inForce: true, acceptedAt },
      ]));
  return true;
}
