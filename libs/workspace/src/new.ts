import { runScript, UsageError, type Given, type Script } from './command-line.js';
import { ChangeSet, type Change } from './new/change-set.js';
import { refusalsOf, rolesOf } from './new/command-options.js';
import { addCommand } from './new/new-command.js';
import { addService } from './new/new-service.js';
import { addSubject } from './new/new-subject.js';
import { readShape } from './new/subject-shape.js';
import { Name } from './new/words.js';
import { repositoryRoot } from './repository.js';

const script = {
  command: 'npm run new',
  summary:
    'Writes what a new command, subject or service consists of and lists what is left to do. The result builds and lints; its refusal table fails until the rules are written.',
  words: [
    { name: 'KIND', help: 'command, subject or service' },
    { name: 'SERVICE', help: 'a service, such as issuance' },
    { name: '[SUBJECT]', help: 'a folder of the service, such as account' },
    { name: '[COMMAND]', help: 'what is asked for, such as transfer-tokens' },
  ],
  options: {
    event: {
      type: 'string',
      value: 'NAME',
      help: 'what has happened then, such as tokens-transferred; a command needs it',
    },
    refusals: {
      type: 'string',
      value: 'CODES',
      help: 'why the command is refused, in check order; <subject>_unknown unless given',
    },
    roles: {
      type: 'string',
      value: 'ROLES',
      help: 'who may call the endpoint; auditor unless given, who owns nothing',
    },
  },
} as const satisfies Script;

async function main({ words, options }: Given<typeof script.options>): Promise<number> {
  const changes = new ChangeSet(repositoryRoot);
  const [kind] = words;
  if (kind === 'command') newCommand(changes, words, options);
  else if (kind === 'subject') newSubject(changes, words, options);
  else if (kind === 'service') newService(changes, words, options);
  else throw new UsageError('Name what to make: command, subject or service');
  const list = changes.list();
  await changes.write();
  report(list, kind === 'service' ? 'npm install, npm run docs' : 'npm run docs');
  return 0;
}

function newCommand(
  changes: ChangeSet,
  [, service, subject, command]: readonly string[],
  { event, refusals, roles = 'auditor' }: Given<typeof script.options>['options'],
): void {
  if (service === undefined || subject === undefined || command === undefined) {
    throw new UsageError('npm run new -- command SERVICE SUBJECT COMMAND --event EVENT');
  }
  if (event === undefined) {
    throw new UsageError(
      '--event: what has happened after the command, such as tokens-transferred',
    );
  }
  const shape = readShape(changes, new Name(service, 'SERVICE'), new Name(subject, 'SUBJECT'));
  addCommand(changes, {
    shape,
    command: new Name(command, 'COMMAND'),
    event: new Name(event, '--event'),
    refusals: refusalsOf(refusals ?? `${shape.subject.snake}_unknown`),
    roles: rolesOf(changes, roles),
  });
}

function newService(
  changes: ChangeSet,
  [kind, service, subject = service]: readonly string[],
  options: Given<typeof script.options>['options'],
): void {
  if (service === undefined) throw new UsageError('npm run new -- service SERVICE [SUBJECT]');
  addService(changes, new Name(service, 'SERVICE'));
  newSubject(changes, [kind ?? '', service, subject ?? ''], options);
}

function newSubject(
  changes: ChangeSet,
  [, service, word]: readonly string[],
  { event, refusals, roles = 'auditor' }: Given<typeof script.options>['options'],
): void {
  if (service === undefined || word === undefined) {
    throw new UsageError('npm run new -- subject SERVICE SUBJECT');
  }
  const subject = new Name(word, 'SUBJECT');
  addSubject(changes, {
    service: new Name(service, 'SERVICE'),
    subject,
    command: new Name(`register-${subject.kebab}`, 'COMMAND'),
    event: new Name(event ?? `${subject.kebab}-registered`, '--event'),
    refusals: refusalsOf(refusals ?? `${subject.snake}_registered_differently`),
    roles: rolesOf(changes, roles),
    timestamp: Date.now(),
  });
}

function report(list: readonly Change[], after: string): void {
  for (const { path, isNew, left } of list) {
    say(`${isNew ? 'new ' : 'edit'}  ${path}${left === null ? '' : `\n        ${left}`}`);
  }
  const open = list.filter(({ left }) => left !== null).length;
  say(`\n${open} of ${list.length} files are left to finish. Then: ${after}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runScript(script, main);
