import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONFIG } from '@specie/nest-platform';
import type { ComplianceConfig } from '../compliance.config.js';
import { foldName } from '../matcher/fold-name.js';
import type { PersonalData } from './personal-data.table.js';

/** Keyed hashes of personal data: without the key nobody can try names against the log. */
@Injectable()
export class NameHash {
  private readonly key: Buffer;

  constructor(@Inject(SERVICE_CONFIG) { NAME_HASH_KEY }: ComplianceConfig) {
    this.key = Buffer.from(NAME_HASH_KEY, 'base64');
  }

  ofName(name: string): string {
    return createHmac('sha256', this.key).update(foldName(name)).digest('hex');
  }

  /** Of all of it as filed; the order of the aliases says nothing. */
  ofParticulars({ name, aliases, dateOfBirth, address }: PersonalData): string {
    const content = JSON.stringify([name, [...new Set(aliases)].sort(), dateOfBirth, address]);
    return createHmac('sha256', this.key).update('particulars\0').update(content).digest('hex');
  }
}
