export interface Interruption {
  /** Resolves at the first SIGINT or SIGTERM. */
  readonly promise: Promise<void>;
  happened(): boolean;
  dispose(): void;
}

/** Turns Ctrl-C into something to wait for; a second one ends the process at once. */
export function untilInterrupted(): Interruption {
  let happened = false;
  let resolvePromise: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (resolvePromise = resolve));
  const onSignal = (): void => {
    if (happened) process.exit(130);
    happened = true;
    resolvePromise();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    promise,
    happened: () => happened,
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
