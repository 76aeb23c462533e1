import type { ApiText } from '@specie/nest-platform';

/** What the API document says of the service as a whole. */
export const apiText: ApiText = {
  description:
    'Knows who the parties are and decides who may do what, and until when. Begin here: `POST /parties`, evidence, a screening, and the approval by a second person; until then every other service refuses the party. Names stand in this service only; everywhere else a party is its id.',
  tags: {
    parties: 'Register parties, file their evidence, and ask what they may do.',
    cases: 'What officers do: screen, resolve alerts, approve, freeze.',
  },
};
