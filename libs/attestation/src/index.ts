export { attestationSubject } from './attestation.subject.js';
export {
  digestOfCollection,
  digestOfState,
  readAttested,
  type AttestedCollection,
  type CollectionDigest,
  type StateDigest,
} from './digest.js';
