import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time that a process with all its threads has used, from Linux's scheduler. */
export function processorMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
    .reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0);
}

/** The same of a process and its children together. */
export function treeProcessorMs(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + (tryProcessorMs(each) ?? 0), 0);
}

function childrenOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** A child may end between its listing and its reading. */
function tryProcessorMs(pid: number): number | null {
  try {
    return processorMs(pid);
  } catch {
    return null;
  }
}
