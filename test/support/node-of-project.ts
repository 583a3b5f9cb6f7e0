/** Where a broker node is; `guest` may log in. */
export interface NodeAddress {
  readonly url: string
  readonly managementUrl: string
}

export type BrokerKind = 'native' | 'container'

/** The broker of the Jest project this file runs in: Debian's RabbitMQ or the container's. */
export function brokerKind(): BrokerKind {
  const kind = (globalThis as { handoffBroker?: BrokerKind }).handoffBroker
  if (kind === undefined)
    throw new Error('this test needs a broker; run it in a project of jest.config.ts that has one')
  return kind
}

/** The name of the variable in which the global setup leaves a node's address. */
export function addressVariable(kind: BrokerKind): string {
  return `HANDOFF_TEST_BROKER_${kind.toUpperCase()}`
}

export function nodeOfProject(): NodeAddress {
  const variable = addressVariable(brokerKind())
  const address = process.env[variable]
  if (address === undefined)
    throw new Error(`${variable} is not set; the global setup of jest.config.ts starts the broker`)
  return JSON.parse(address) as NodeAddress
}
