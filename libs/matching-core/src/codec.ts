import { COMMAND_KINDS, EVENT_TYPES } from './codes.js';
import {
  COMMAND_FIELDS,
  CONFIG_FIELDS,
  EVENT_FIELDS,
  EXTENSION,
  NEW_ORDER,
  commandLength,
  eventLength,
} from './fields.js';
import type { Field } from './fields.js';
import { TERMS, areTerms } from './terms.js';
import type { BitField } from './terms.js';
import type { BookConfig, Command, MatchingEvent } from './types.js';

type Values = Readonly<Record<string, unknown>>;

/** Not a number, so the engine refuses it as malformed whatever the field. */
const MALFORMED = NaN;

/** A map, because an object would also know the kinds 'constructor' and 'toString'. */
const CODE_OF_KIND: ReadonlyMap<string, number> = new Map(
  COMMAND_KINDS.map((kind, code) => [kind, code]),
);

/** Writes a command in its binary form; what cannot be expressed becomes a value the engine refuses. */
export function encodeCommand(command: Command, into: Float64Array, offset = 0): void {
  const code = CODE_OF_KIND.get(command.kind);
  into[offset] = code ?? MALFORMED;
  if (code === undefined) return;
  const values: Values =
    command.kind === 'configure_book'
      ? { ...command.config, book: command.book }
      : (command as unknown as Values);
  COMMAND_FIELDS[command.kind].forEach((field, index) => {
    into[offset + index + 1] = field.bits
      ? encodeBits(field.bits, values)
      : encodeField(field, values[field.name]);
  });
  if (
    command.kind === 'new_order' &&
    EXTENSION.some((name) => into[offset + NEW_ORDER[name]] !== 0)
  )
    into[offset + NEW_ORDER.terms] = (into[offset + NEW_ORDER.terms] as number) + TERMS.EXTENDED;
}

function encodeBits(bits: readonly BitField[], values: Values): number {
  return bits.reduce(
    (sum, field) => sum + encodeField(field, values[field.name]) * 2 ** field.shift,
    0,
  );
}

function encodeField(field: Pick<Field, 'name' | 'names'>, value: unknown): number {
  if (value === undefined) return OPTIONAL.has(field.name) ? 0 : MALFORMED;
  if (field.names !== undefined) {
    const index = field.names.indexOf(value as string | boolean);
    return index < 0 ? MALFORMED : index;
  }
  return typeof value === 'number' ? value : MALFORMED;
}

const OPTIONAL: ReadonlySet<string> = new Set([...EXTENSION, 'postOnly', 'feeTier']);

/** Reads a command back from its binary form. */
export function decodeCommand(from: Float64Array, offset = 0): Command {
  const kind = COMMAND_KINDS[from[offset] as number];
  if (kind === undefined) throw new RangeError(`unknown command code ${from[offset]}`);
  const values = decodeFields(COMMAND_FIELDS[kind], from, offset, commandLength(from, offset));
  if (kind === 'configure_book') return { kind, ...nestConfig(values) };
  return { kind, ...values } as unknown as Command;
}

/** Reads every event in `values[start..end)`. */
export function decodeEvents(values: Float64Array, start: number, end: number): MatchingEvent[] {
  const events: MatchingEvent[] = [];
  for (let at = start; at < end;) {
    events.push(decodeEvent(values, at));
    at += eventLength(values, at);
  }
  return events;
}

export function decodeEvent(values: Float64Array, at: number): MatchingEvent {
  const type = EVENT_TYPES[values[at] as number];
  if (type === undefined) throw new RangeError(`unknown event code ${values[at]}`);
  const fields = decodeFields(EVENT_FIELDS[type], values, at, eventLength(values, at));
  if (type === 'book_configured') return { type, ...nestConfig(fields) };
  return { type, ...fields } as unknown as MatchingEvent;
}

/** Fields beyond the length, those of an extension that is not there, are 0. */
function decodeFields(
  fields: readonly Field[],
  values: Float64Array,
  at: number,
  length: number,
): Values {
  return Object.fromEntries(
    fields.flatMap(({ name, names, bits }, index): (readonly [string, unknown])[] => {
      const value = index + 1 < length ? (values[at + index + 1] as number) : 0;
      if (bits) return bits.map((field) => [field.name, nameIn(field, value)]);
      return [[name, names === undefined ? value : names[value]]];
    }),
  );
}

const nameIn = ({ names, shift, width }: BitField, terms: number): string | undefined =>
  areTerms(terms) ? names[(terms >>> shift) & (2 ** width - 1)] : undefined;

function nestConfig(values: Values): { book: number; config: BookConfig } {
  const config = Object.fromEntries(CONFIG_FIELDS.map(({ name }) => [name, values[name]]));
  return { book: values['book'] as number, config: config as unknown as BookConfig };
}
