import { fields, named } from '@specie/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { validateInput } from '../src/http/validation.js';

const schema = z.strictObject({
  seriesId: named.seriesId,
  quantity: fields.tokenQuantity,
  at: fields.instant.transform((text) => text).optional(),
  lots: fields.lots.nullable(),
  reason: fields.reasonCode,
  skus: named.skus,
});
const right = {
  seriesId: '0192d1a0-7b5e-7c3d-8e4f-000000000001',
  quantity: '1',
  lots: 1,
  reason: 'court_order',
  skus: ['H200'],
};

function messageOf(changed: Readonly<Record<string, unknown>>): string | undefined {
  const validated = validateInput('body', schema, { ...right, ...changed });
  return validated.ok ? undefined : validated.violations[0]?.message;
}

describe('Validation', () => {
  it.each([
    ['a right value', {}, undefined],
    [
      'a day for an instant',
      { at: '2026-03-01' },
      'Expected a date and time in UTC, with a Z at the end. Example: "2026-03-01T12:00:00.000Z".',
    ],
    [
      'a field left out',
      { quantity: undefined },
      'This field is missing. Expected text. Example: "12.500000".',
    ],
    ['a fraction', { lots: 2.5 }, 'Expected a whole number. Example: 2000.'],
    [
      'words for a code',
      { reason: 'A court said so' },
      'Expected a code: 3 to 64 lower-case letters, digits and underscores, a letter first. Example: "party_ineligible".',
    ],
    [
      'an id that is none',
      { seriesId: '7' },
      'Expected a UUID in lower case. Example: "0192d1a0-7b5e-7c3d-8e4f-000000000022".',
    ],
    [
      'an amount out of range',
      { quantity: '1000000000001' },
      'Expected a decimal number as text, below 1000000000000, at most six digits after the point. Example: "12.500000".',
    ],
    ['a number out of range', { lots: -1 }, 'Expected at least 0.'],
    ['an empty list', { skus: [] }, 'Expected at least 1 item.'],
    [
      'a value that is not offered',
      { skus: ['TPU'] },
      'Expected "H100-SXM" or "H100-PCIE" or "H200" or "A100-80GB" or "B200" or "GB200" or "L40S" or "MI300X".',
    ],
  ])('says of %s what is expected', (_what, changed, message) => {
    expect(messageOf(changed)).toBe(message);
  });
});
