import { containerBroker } from './brokers/own-container'
import { nativeBroker } from './brokers/own-native'
import type { OwnNode } from './brokers/own-node'
import { brokerKind } from './brokers/running-brokers'
import { atEnd } from './ends'
import { apiOf, managementOf, type Management } from './management'

/** A broker for one test file alone, that may come to any harm. */
export interface OwnBroker extends Omit<OwnNode, 'managementUrl' | 'remove'> {
  /** Of the virtual host `/`. */
  readonly management: Management
}

const startWithinMs = 180_000

/**
 * Starts a broker for this test file, of the kind that its project works with; ended after it. Call it once, at the
 * top of the file. Its addresses are known in hooks and tests only.
 */
export function useOwnBroker(): OwnBroker {
  let node: OwnNode | undefined
  const present = () => node ?? missing()
  beforeAll(async () => {
    node = await (brokerKind() === 'native' ? nativeBroker() : containerBroker())
    atEnd(() => present().remove())
  }, startWithinMs)
  return {
    get url() {
      return present().url
    },
    get management() {
      return managementOf(apiOf(present().managementUrl), '/')
    },
    start: () => present().start(),
    stop: () => present().stop(),
    kill: () => present().kill(),
    pause: () => present().pause(),
    resume: () => present().resume(),
    ctl: (...args) => present().ctl(...args),
    get ctlCommand() {
      return present().ctlCommand
    },
  }
}

function missing(): never {
  throw new Error('the own broker has not been started yet: use it in a hook or a test, not at the top of the file')
}
