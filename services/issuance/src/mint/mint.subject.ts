import { defineSubject } from '@specie/nest-platform';
import { MintTokensHandler } from './mint-tokens.handler.js';
import { SeriesController } from './mint.controller.js';

/** Mints: tokens of a series, within coverage. */
export const mintSubject = defineSubject({
  name: 'mint',
  controllers: [SeriesController],
  providers: [MintTokensHandler],
});
