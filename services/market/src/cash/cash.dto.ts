import { described, fields, named } from '@specie/contracts';
import { chosenId } from '@specie/nest-platform';
import { microMoney, microTokens } from '@specie/quantities';
import { z } from 'zod';
import type { CashRow, TokenRow } from '../shard/shard.table.js';

export const cashDepositRequest = z.strictObject({
  depositId: chosenId(named.depositId),
  partyId: named.partyId,
  currency: fields.currency,
  amount: described(fields.moneyQuantity, 'How much came in.', '10000.000000'),
});
export const cashWithdrawalRequest = z.strictObject({
  withdrawalId: chosenId(named.withdrawalId),
  currency: fields.currency,
  amount: described(fields.moneyQuantity, 'How much to take out.', '500.000000'),
});

export const balancesResponse = z.strictObject({
  partyId: named.partyId,
  cash: z
    .array(
      z.strictObject({
        currency: fields.currency,
        available: described(
          fields.moneyQuantity,
          'What can be spent or taken out.',
          '7949.900000',
        ),
        reserved: described(
          fields.moneyQuantity,
          'What is set aside for open orders.',
          '50.100000',
        ),
      }),
    )
    .max(1)
    .meta({ description: 'The cash of the account, by currency.' }),
  tokens: z
    .array(
      z.strictObject({
        seriesId: named.seriesId,
        available: described(fields.tokenQuantity, 'What can be sold or taken out.'),
        reserved: described(fields.tokenQuantity, 'What is set aside for open orders.', '5.000000'),
      }),
    )
    .max(10_000)
    .meta({ description: 'The tokens of the account, by series.' }),
});
export const feesResponse = z.strictObject({
  fees: z
    .array(
      z.strictObject({
        currency: fields.currency,
        earned: described(fields.moneyQuantity, 'All fees so far.', '5.355000'),
      }),
    )
    .max(8)
    .meta({ description: 'What the venue has earned, by currency.' }),
});

export function toBalancesResponse(
  partyId: string,
  cash: CashRow | null,
  tokens: readonly TokenRow[],
): z.output<typeof balancesResponse> {
  return {
    partyId,
    cash: cash
      ? [
          {
            currency: 'USD',
            available: microMoney(cash.available),
            reserved: microMoney(cash.reserved),
          },
        ]
      : [],
    tokens: tokens.map(({ seriesId, available, reserved }) => ({
      seriesId,
      available: microTokens(available),
      reserved: microTokens(reserved),
    })),
  };
}
