import type { SizeList } from './tidy.js';

/** Files over 400 lines. A listed size may only shrink. */
export const oversized: SizeList = {};
