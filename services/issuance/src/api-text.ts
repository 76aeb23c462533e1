import type { ApiText } from '@specie/nest-platform';

/** What the API document says of the service as a whole. */
export const apiText: ApiText = {
  description:
    'Issues compute tokens against attested GPU capacity and keeps the token accounts. A provider registers, commits capacity, has it attested by an auditor, opens a series and mints within coverage. One token is one H100-equivalent GPU-hour.',
  tags: {
    providers: 'Compute providers and what their capacity covers.',
    capacity: 'Promised GPUs; attested capacity backs tokens.',
    series: 'Series of tokens and their mints.',
    accounts: 'Token accounts: balances, lots, holds, movements.',
    movements: 'Move tokens: to another party, or into the market.',
  },
};
