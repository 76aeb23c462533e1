import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Two listeners: SASL (SCRAM-SHA-512) over TLS, and mTLS, where the name of a client's certificate is its user. */
export interface KafkaServerSecurity {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** Who signed the certificates of the broker and of its clients. */
  readonly caPem: string;
  /** The one user whom no ACL binds; the broker itself is this one. */
  readonly admin: string;
  /** Password by user name. */
  readonly users: Readonly<Record<string, string>>;
}

/** One node, every replication factor 1, loopback only, no delay before the first group forms. */
export function serverProperties(dataDir: string, controllerPort: number): readonly string[] {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    'controller.listener.names=CONTROLLER',
    `log.dirs=${join(dataDir, 'log')}`,
    'auto.create.topics.enable=false',
    'default.replication.factor=1',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=2',
    'group.initial.rebalance.delay.ms=0',
    'log.retention.ms=-1',
    // After a kill the node waits until its old registration has lapsed (9 s by default).
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    'num.network.threads=2',
    'num.io.threads=4',
    'num.recovery.threads.per.data.dir=2',
  ];
}

export function plainListener(port: number, controllerPort: number): readonly string[] {
  return [
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  ];
}

/** Nobody may do anything but what an ACL allows; the controller's listener is the node's own. */
export function secureListeners(
  dataDir: string,
  {
    port,
    mutualTlsPort,
    controllerPort,
    security,
  }: {
    readonly port: number;
    readonly mutualTlsPort: number;
    readonly controllerPort: number;
    readonly security: KafkaServerSecurity;
  },
): readonly string[] {
  const { keyPem, certificatePem, caPem, admin, users } = security;
  const keystore = join(dataDir, 'broker-keystore.pem');
  const truststore = join(dataDir, 'broker-truststore.pem');
  writeFileSync(keystore, `${keyPem}\n${certificatePem}`, { mode: 0o600 });
  writeFileSync(truststore, caPem, { mode: 0o600 });
  const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="${admin}" password="${users[admin] ?? ''}";`;
  return [
    `listeners=SASL_SSL://127.0.0.1:${port},SSL://127.0.0.1:${mutualTlsPort},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=SASL_SSL://127.0.0.1:${port},SSL://127.0.0.1:${mutualTlsPort}`,
    'listener.security.protocol.map=SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name=SASL_SSL',
    'sasl.enabled.mechanisms=SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512',
    `listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${login}`,
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${keystore}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${truststore}`,
    'listener.name.ssl.ssl.client.auth=required',
    'ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT',
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found=false',
    `super.users=User:${admin};User:ANONYMOUS`,
  ];
}
