import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why no certificates can be made here; null when they can. */
export function opensslSkipReason(): string | null {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no openssl to make certificates';
  }
}

/** Certificates of an authority of this test's own, as PEM files in `folder`: `<name>.pem` and `<name>.key`. */
export class Certificates {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    this.authority('ca');
  }

  /** One that signs itself. */
  authority(name: string): void {
    const made = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
    this.openssl('req', '-x509', ...this.newKey(name), '-days', '2', ...made);
  }

  /** Signed by `ca`, for this machine. */
  issue(name: string): void {
    const { folder } = this;
    writeFileSync(join(folder, `${name}.ext`), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    this.openssl('req', ...this.newKey(name), '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
    const made = ['-extfile', `${name}.ext`, '-out', `${name}.pem`];
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...signer, ...made);
  }

  /**
   * Puts the certificate of `name` where a PostgreSQL server keeps its data; returns the settings that use it. The
   * server reads its key as its own user, and refuses one that others may read.
   */
  serveFrom(dataDir: string, name: string): Readonly<Record<string, string>> {
    const owner = statSync(dataDir);
    for (const file of [`${name}.key`, `${name}.pem`]) {
      const placed = join(dataDir, file);
      copyFileSync(this.path(file), placed);
      chownSync(placed, owner.uid, owner.gid);
      chmodSync(placed, 0o600);
    }
    return { ssl: 'on', ssl_cert_file: `${name}.pem`, ssl_key_file: `${name}.key` };
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  pem(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  private newKey(name: string): readonly string[] {
    return ['-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`];
  }

  private openssl(...args: readonly string[]): void {
    execFileSync('openssl', [...args], { cwd: this.folder, stdio: 'ignore' });
  }
}
