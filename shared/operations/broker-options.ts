import type { Group } from '../messages/group'
import type { GroupTopology } from '../messaging/transport'
import { groupTopologies } from './group-topology'

/** Settings that lead to a broker and a namespace there. */
export interface BrokerConfig {
  readonly BROKER_URL: string
  readonly BROKER_CA_FILE?: string
  readonly BROKER_CERT_FILE?: string
  readonly BROKER_KEY_FILE?: string
  readonly BROKER_MANAGEMENT_URL?: string
  readonly NAMESPACE: string
}

/** What whoever opens something at the broker has to hand over; producer, consumer and command line the same. */
export interface BrokerOptions {
  readonly url: string
  readonly managementUrl: string | undefined
  readonly namespace: string
  readonly groups: readonly GroupTopology[]
  readonly tls: {
    readonly caFile: string | undefined
    readonly certFile: string | undefined
    readonly keyFile: string | undefined
  }
}

export function brokerOptions(config: BrokerConfig, groups: readonly Group[]): BrokerOptions {
  return {
    url: config.BROKER_URL,
    managementUrl: config.BROKER_MANAGEMENT_URL,
    namespace: config.NAMESPACE,
    groups: groupTopologies(groups),
    tls: { caFile: config.BROKER_CA_FILE, certFile: config.BROKER_CERT_FILE, keyFile: config.BROKER_KEY_FILE },
  }
}
