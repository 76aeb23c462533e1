import { refusalOf } from './node-version.js';

// Imported first by every service: nothing else is loaded on a Node that lacks what the code uses.
const refusal = refusalOf(process.versions.node);
if (refusal !== null) {
  process.stderr.write(`${refusal}\n`);
  process.exit(1);
}
