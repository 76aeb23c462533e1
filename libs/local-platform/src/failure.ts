const fullDisk = /ENOSPC|No space left on device/;
const stillRuns = /lock file "postmaster.pid" already exists[\s\S]*?PID (\d+)/;

/** What went wrong, and what to do about it where that is known. */
export function describeFailure(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  if (fullDisk.test(message)) {
    return `${message}\nThe disk is full: free some space and start again; an empty platform takes about 100 MB.`;
  }
  const [, pid] = stillRuns.exec(message) ?? [];
  return pid === undefined
    ? message
    : `${message}\nIt was left behind by a start that was killed. End it: kill -INT ${pid}`;
}
