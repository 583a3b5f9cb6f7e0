import { connectionsLimited, loginRefused, permissionsCleared } from './access-faults'
import {
  brokerAppStopped,
  brokerDrained,
  brokerFrozen,
  brokerKilled,
  brokerRestarted,
  connectionsClosed,
  diskAlarm,
  memoryAlarm,
} from './broker-faults'
import {
  consumerFaultedAt,
  consumerKilledAt,
  producerFaultedAt,
  producerKilledApart,
  producerKilledAt,
} from './failpoint-faults'
import type { Fault, Stage } from './fault'
import {
  brokerRefused,
  connectionCut,
  halfOpen,
  handshakeCorrupted,
  handshakeSilent,
  narrowNetwork,
  networkFlapping,
  slowNetwork,
} from './network-faults'
import { descriptorsExhausted, frozen, killed, replaced, stopCutShort } from './service-faults'
import { storeLocked } from './store-faults'
import { allKilled, bothKilled } from './together-faults'
import { bindingDeleted, exchangeDeleted } from './topology-faults'

const producer = (stage: Stage) => stage.producer
const consumer = (stage: Stage) => stage.consumer

/** Every fault by the name that a person gives it. */
export const faults = {
  'producer-killed': killed(producer),
  'consumer-killed': killed(consumer),
  'producer-replaced': replaced(producer),
  'consumer-replaced': replaced(consumer),
  'producer-stop-cut-short': stopCutShort(producer),
  'consumer-stop-cut-short': stopCutShort(consumer),
  'producer-frozen': frozen(producer),
  'consumer-frozen': frozen(consumer),
  'producer-out-of-descriptors': descriptorsExhausted(producer, 0),
  'consumer-out-of-descriptors': descriptorsExhausted(consumer, 1),
  'producer-killed-at-publish': producerKilledAt('publish.written'),
  'producer-killed-at-confirm': producerKilledAt('publish.confirmed'),
  'producer-killed-at-answer': producerKilledAt('http.answered'),
  'producer-killed-at-spool': producerKilledApart('spool.flushed'),
  'producer-killed-at-drain': producerKilledApart('stored.sent'),
  'producer-faulted': producerFaultedAt('publish.confirmed'),
  'consumer-killed-in-transaction': consumerKilledAt('store.transaction-open'),
  'consumer-killed-at-commit': consumerKilledAt('handler.committed'),
  'consumer-killed-at-ack': consumerKilledAt('delivery.acked'),
  'consumer-killed-at-copy': consumerKilledAt('copy.confirmed'),
  'consumer-faulted': consumerFaultedAt('handler.committed'),
  'both-killed': bothKilled,
  'all-killed': allKilled,
  'broker-killed': brokerKilled,
  'broker-restarted': brokerRestarted,
  'broker-frozen': brokerFrozen,
  'broker-app-stopped': brokerAppStopped,
  'broker-drained': brokerDrained,
  'memory-alarm': memoryAlarm,
  'disk-alarm': diskAlarm,
  'connections-closed': connectionsClosed,
  'connections-limited': connectionsLimited,
  'permissions-cleared': permissionsCleared,
  'login-refused': loginRefused,
  'binding-deleted': bindingDeleted,
  'exchange-deleted': exchangeDeleted,
  'broker-refused': brokerRefused,
  'handshake-silent': handshakeSilent,
  'handshake-corrupted': handshakeCorrupted,
  'network-flapping': networkFlapping,
  'connection-cut': connectionCut,
  'half-open': halfOpen,
  'slow-network': slowNetwork,
  'narrow-network': narrowNetwork,
  'store-locked': storeLocked,
} satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

export const faultNames = Object.keys(faults) as readonly FaultName[]
