/** Which broker a Jest project works with: the machine's package, or the official image in a container. */
export type BrokerKind = 'native' | 'container'

export interface RunningBroker {
  readonly url: string
  readonly managementUrl: string
}

const variable = (kind: BrokerKind) => `HANDOFF_TEST_${kind.toUpperCase()}_BROKER`

/** Tells the test files, which run in other processes, where the run's broker of this kind is. */
export function announce(kind: BrokerKind, { url, managementUrl }: RunningBroker): void {
  process.env[variable(kind)] = JSON.stringify({ url, managementUrl })
}

/** The kind of this test file's project. */
export function brokerKind(): BrokerKind {
  const kind = (globalThis as { handoffBroker?: BrokerKind }).handoffBroker
  if (kind === undefined) throw new Error('this test needs a broker: it belongs into test/contract or test/e2e')
  return kind
}

/** The run's broker of this test file's project. */
export function runningBroker(): RunningBroker {
  const found = process.env[variable(brokerKind())]
  if (found === undefined) throw new Error(`no ${brokerKind()} broker runs: the project lacks its global setup`)
  return JSON.parse(found) as RunningBroker
}
