import { keepPublishedQueue } from './published-queue.js';

// Loaded into a service by `--import`, before its own code.
keepPublishedQueue();
