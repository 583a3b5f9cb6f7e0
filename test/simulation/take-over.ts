import crypto from 'node:crypto'
import net from 'node:net'
import os from 'node:os'
import timersPromises from 'node:timers/promises'
import type { Chance } from './chance'
import type { Network } from './network'
import type { VirtualTime } from './virtual-time'

/** What takes the place of the process's clock, chance and network. */
export interface Surroundings {
  readonly time: VirtualTime
  readonly chance: Chance
  readonly network: Pick<Network, 'connect'>
}

let current: Surroundings | undefined

function surroundings(): Surroundings {
  if (current === undefined) throw new Error('there is no simulated world now')
  return current
}

const RealDate = Date

// Libraries look at the clock while they are loaded, before there is a world.
function wallMs(): number {
  return current?.time.wallMs ?? RealDate.now()
}

class VirtualDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(wallMs())
    else super(...(given as [number]))
  }

  static override now(): number {
    return wallMs()
  }
}

/** A timer as Node has it, as far as anyone looks. */
class VirtualTimer {
  readonly #plan: () => () => void
  #cancel: () => void

  constructor(plan: () => () => void) {
    this.#plan = plan
    this.#cancel = plan()
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return false
  }

  refresh(): this {
    this.#cancel()
    this.#cancel = this.#plan()
    return this
  }

  close(): this {
    this.#cancel()
    return this
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }
}

type Callback = (...args: unknown[]) => void

function setVirtualTimeout(callback: Callback, ms = 0, ...args: unknown[]): VirtualTimer {
  const { time } = surroundings()
  return new VirtualTimer(() => time.after(Math.max(1, ms), () => callback(...args)))
}

function setVirtualInterval(callback: Callback, ms = 0, ...args: unknown[]): VirtualTimer {
  const { time } = surroundings()
  return new VirtualTimer(() => {
    let cancel = () => {}
    const next = () => {
      cancel = time.after(Math.max(1, ms), () => {
        next()
        callback(...args)
      })
    }
    next()
    return () => cancel()
  })
}

function setVirtualImmediate(callback: Callback, ...args: unknown[]): VirtualTimer {
  const { time } = surroundings()
  return new VirtualTimer(() => time.after(0, () => callback(...args)))
}

function clearVirtual(timer: unknown): void {
  if (timer instanceof VirtualTimer) timer.close()
}

function pauseVirtually<T>(ms: number, value?: T): Promise<T | undefined> {
  return new Promise((resolve) => setVirtualTimeout(() => resolve(value), ms))
}

function virtualUuid(): string {
  const { chance } = surroundings()
  const digits = Array.from({ length: 32 }, () => chance.whole(0, 15).toString(16)).join('')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`
}

/**
 * Puts clock, timers, chance, network and name of a simulated world in the place of this process's own, for good. To be called
 * before anything of the product, or amqplib, is loaded: amqplib keeps the `setImmediate` that it finds.
 */
export function takeOver(): void {
  Object.assign(globalThis, {
    Date: VirtualDate,
    setTimeout: setVirtualTimeout,
    setInterval: setVirtualInterval,
    setImmediate: setVirtualImmediate,
    clearTimeout: clearVirtual,
    clearInterval: clearVirtual,
    clearImmediate: clearVirtual,
  })
  performance.now = () => surroundings().time.now
  Math.random = () => surroundings().chance.random()
  timersPromises.setTimeout = pauseVirtually as typeof timersPromises.setTimeout
  crypto.randomUUID = virtualUuid as typeof crypto.randomUUID
  // A client tells its broker the name of its machine, and each of those bytes counts.
  os.hostname = () => 'simulated'
  net.connect = ((_: unknown, connected: () => void) => surroundings().network.connect(connected)) as typeof net.connect
}

/** From now on it is this world's. */
export function enter(world: Surroundings): void {
  current = world
}
