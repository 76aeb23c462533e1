/** The oldest release that `engines` of the workspace allows. */
export const oldestNode = '20.19.0';

/** One line for the operator when `version` is too old; null when it will do. */
export function refusalOf(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split('.').map(Number);
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld
    ? `Specie needs Node ${oldestNode} or newer, this is ${version}: install a newer Node, or start through npm, which brings its own`
    : null;
}
