import type { StoryCommand, StoryEvent } from './log-writer.js';
import { id } from './story-parts.js';

type Commands = StoryCommand[];
type Data = StoryEvent['data'];

let commandNumber = 0;
function freshId(): string {
  commandNumber += 1;
  return id(700_000_000_000 - commandNumber * 100);
}

/** Every event of a type whose data has these values, with the index of its command. */
function find(commands: Commands, type: string, like: Data): readonly StoryEvent[] {
  const found = commands
    .flatMap(({ events }) => events)
    .filter(
      (event) =>
        event.type === type &&
        Object.entries(like).every(([key, value]) => event.data[key] === value),
    );
  if (found.length === 0) {
    throw new Error(`the story has no ${type} like ${JSON.stringify(like)}`);
  }
  return found;
}

function replaceEvents(
  commands: Commands,
  found: readonly StoryEvent[],
  by: (event: StoryEvent) => StoryEvent | null,
): void {
  for (const [index, command] of [...commands.entries()].reverse()) {
    const events = command.events.flatMap((event) =>
      found.includes(event) ? (by(event) ?? []) : event,
    );
    if (events.length === 0) {
      commands.splice(index, 1);
    } else {
      commands[index] = { ...command, events };
    }
  }
}

/** Changes the data of all events of a type that are like this. */
export function change(commands: Commands, type: string, data: Data, like: Data = {}): void {
  replaceEvents(commands, find(commands, type, like), (event) => ({
    ...event,
    data: { ...event.data, ...data },
  }));
}

/** Makes events of another type of them. */
export function retype(
  commands: Commands,
  [from, to]: readonly [from: string, to: string],
  like: Data,
  data: Data = {},
): void {
  replaceEvents(commands, find(commands, from, like), (event) => ({
    ...event,
    type: to,
    data: { ...event.data, ...data },
  }));
}

/** Leaves events out, with their command when nothing is left of it. */
export function drop(commands: Commands, type: string, like: Data = {}): void {
  replaceEvents(commands, find(commands, type, like), () => null);
}

/** Leaves out the whole command that has such an event. */
export function dropCommand(commands: Commands, type: string, like: Data = {}): void {
  const [found] = find(commands, type, like);
  const index = commands.findIndex(({ events }) => events.some((event) => event === found));
  commands.splice(index, 1);
}

/** Appends the whole command that has such an event once more, under another command id or the same. */
export function repeat(
  commands: Commands,
  type: string,
  like: Data = {},
  { keepsId }: { readonly keepsId: boolean } = { keepsId: false },
): void {
  const [found] = find(commands, type, like);
  const command = commands.find(({ events }) => events.some((event) => event === found));
  if (command !== undefined) {
    commands.push(keepsId ? command : { ...command, commandId: freshId() });
  }
}

/** Appends one more event like this, with other data. */
export function add(commands: Commands, type: string, like: Data, data: Data): void {
  const [found] = find(commands, type, like);
  const [first] = commands;
  if (found !== undefined && first !== undefined) {
    const event = { ...found, data: { ...found.data, ...data } };
    commands.push({ commandId: freshId(), at: first.at, events: [event] });
  }
}

/** Puts an event at the head of the last command. */
export function prepend(commands: Commands, event: StoryEvent): void {
  const last = commands.pop();
  if (last !== undefined) {
    commands.push({ ...last, events: [event, ...last.events] });
  }
}

/** Appends a command with these events. */
export function append(commands: Commands, ...events: readonly StoryEvent[]): void {
  const [first] = commands;
  if (first !== undefined) {
    commands.push({ commandId: freshId(), at: first.at, events });
  }
}
