import { basename } from 'node:path';
import ts from 'typescript';
import type { ChangeSet } from './change-set.js';
import { typeOf, writeHere, type NewCommand } from './command-texts.js';
import type { SourceEdit } from './source-edit.js';

/** Switches over a property (such as `.type`) that must be complete: without a default, or with `assertNever`. */
export function switchesOver(source: SourceEdit, property = ''): readonly ts.SwitchStatement[] {
  return source.all(ts.isSwitchStatement).filter(({ expression, caseBlock }) => {
    const other = caseBlock.clauses.find(ts.isDefaultClause);
    return (
      source.textOf(expression).endsWith(property) &&
      (!other || source.textOf(other).includes('assertNever'))
    );
  });
}

/** Adds a case at the end of a switch, before its default. */
export function addCase(
  source: SourceEdit,
  { caseBlock }: ts.SwitchStatement,
  label: string,
  body: string,
): void {
  if (labelsOf(source, caseBlock).includes(label)) return;
  const other = caseBlock.clauses.find(ts.isDefaultClause);
  source.insert(other ? other.getStart() : caseBlock.end - 1, `case ${label}:\n${body}\n`);
}

/** Cases for which nothing is done: a fold goes on, a question about the event is answered with nothing. */
const idleFold = /^(return|break);$/;
const idleAnswer = /^return (null|undefined|\[\]);$/;

/**
 * The new event and command in every other switch that is about all of them: folds of tests and of the audit, and what
 * a single writer asks of each command. They join the cases for which nothing is done.
 */
export function completeSwitches(changes: ChangeSet, made: NewCommand): void {
  const { shape, command } = made;
  const audit = `libs/ledger-audit/src/folds/${shape.service}.fold.ts`;
  const service = `services/${shape.service}`;
  const all = allEventsOf(changes, made);
  const kinds = shape.writer ? kindsIn(changes, made) : [];
  const files = ['src', 'test'].flatMap((folder) => changes.filesIn(`${service}/${folder}`));
  const sources = [...files.filter((path) => path.endsWith('.ts')), audit];
  for (const path of sources.filter((each) => changes.has(each))) {
    const source = changes.source(path);
    const before = source.text;
    const label = `'${typeOf(made)}'`;
    const folds = [shape.eventTypes, all].filter((events) => joinSwitches(source, events, label));
    joinSwitches(source, kinds, `'${command.kebab}'`);
    const isFold = folds.length > 0 && !path.startsWith(`${service}/src`);
    if (source.text !== before) {
      changes.put(path, source.text, isFold ? 'fold the event, unless it moves nothing' : null);
    }
  }
}

/**
 * Adds a label to the switches that name all of `others`, or handle what they lack before.
 *
 * @returns whether one of them is a fold
 */
function joinSwitches(source: SourceEdit, others: readonly string[], label: string): boolean {
  let isFold = false;
  if (others.length === 0) return isFold;
  for (let index = 0; index < switchesOver(source).length; index += 1) {
    const each = switchesOver(source)[index];
    const labels = each ? labelsOf(source, each.caseBlock) : [];
    if (!each || labels.includes(label) || !isComplete(source, each, others)) continue;
    const idle = each.caseBlock.clauses.findLast((clause) =>
      bodyMatches(source, clause, [idleFold, idleAnswer]),
    );
    isFold ||= !idle || bodyMatches(source, idle, [idleFold]);
    if (idle) source.insert(idle.getStart(), `case ${label}:\n`);
    else
      addCase(source, each, label, `throw new Error(\`${writeHere} what to do about ${label}\`);`);
  }
  return isFold;
}

function bodyMatches(
  source: SourceEdit,
  clause: ts.CaseOrDefaultClause,
  patterns: readonly RegExp[],
): boolean {
  const body = clause.statements.map((one) => source.textOf(one)).join('');
  return ts.isCaseClause(clause) && patterns.some((pattern) => pattern.test(body));
}

function isComplete(
  source: SourceEdit,
  each: ts.SwitchStatement,
  others: readonly string[],
): boolean {
  const labels = labelsOf(source, each.caseBlock);
  let scope: ts.Node = each;
  while (!ts.isFunctionLike(scope) && !ts.isSourceFile(scope)) scope = scope.parent;
  const text = source.textOf(scope);
  const missing = others.filter((other) => !labels.includes(`'${other}'`));
  return missing.length < others.length && missing.every((other) => text.includes(`'${other}'`));
}

function labelsOf(source: SourceEdit, { clauses }: ts.CaseBlock): readonly string[] {
  return clauses.filter(ts.isCaseClause).map(({ expression }) => source.textOf(expression));
}

/** The other events of the service. */
function allEventsOf(changes: ChangeSet, { shape, event }: NewCommand): readonly string[] {
  return changes
    .filesIn(`libs/contracts/src/${shape.service}`)
    .map((path) => basename(path))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts' && file !== `${event.kebab}.ts`)
    .map((file) => `${shape.service}.${file.slice(0, -'.ts'.length)}`);
}

/** The kinds of commands that a single writer knew before. */
function kindsIn(changes: ChangeSet, { shape, command }: NewCommand): readonly string[] {
  const source = changes.source(`${shape.folder}/${shape.subject.kebab}.decider.ts`);
  const [dispatch] = switchesOver(source, '.kind');
  return (dispatch ? labelsOf(source, dispatch.caseBlock) : [])
    .map((label) => label.slice(1, -1))
    .filter((kind) => kind !== command.kebab);
}
