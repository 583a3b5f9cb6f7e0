import { SettingsError } from './settings-error'

/**
 * Every place in the product where a test may strike, in the order in which a message comes by. Naming a place costs an
 * unarmed process one comparison.
 */
export const failpointNames = [
  'http.body-begun',
  'publish.begun',
  'publish.written',
  'publish.confirmed',
  'spool.written',
  'spool.flushed',
  'follow.stored',
  'stored.sent',
  'http.answered',
  'http.closed',
  'delivery.received',
  'handler.running',
  'store.transaction-open',
  'handler.committed',
  'delivery.acked',
  'copy.confirmed',
  'reply.written',
  'reply.confirmed',
  'outbox.claimed',
  'journal.written',
  'journal.confirmed',
  'store.cleaned',
  'shutdown.cancelled',
] as const

export type FailpointName = (typeof failpointNames)[number]

/**
 * `kill`: SIGKILL to ourselves. `throw`: an error out of the place. `reject`: a promise that nobody handles, and on.
 * `stall`: the whole process stands still, timers and heartbeats too. A thread beside the main one counts passings of its
 * own, and stands still alone.
 */
type Strike = { readonly kind: 'kill' | 'throw' | 'reject' } | { readonly kind: 'stall'; readonly ms: number }

interface Trap {
  readonly strike: Strike
  passingsLeft: number
}

let armed: Map<FailpointName, Trap> | undefined

/** Strikes if this is the passing that was asked for; does nothing in every other case. */
export function failpoint(name: FailpointName): void {
  if (armed === undefined) return
  const trap = armed.get(name)
  if (trap !== undefined && --trap.passingsLeft === 0) strike(name, trap.strike)
}

/**
 * The same two turns of the event loop later: what has been written to amqplib's streams is with the operating system by
 * then. Struck at once, it would die with the process, and nobody would ever see it sent.
 */
export function failpointOnceSent(name: FailpointName): void {
  if (armed !== undefined) setImmediate(() => setImmediate(() => failpoint(name)))
}

/**
 * Arms what the setting FAILPOINTS names, such as `publish.written=kill@3,handler.committed=stall:5000`; without one,
 * nothing. Throws a SettingsError for what it cannot read. That production has none is the settings' doing.
 */
export function armFailpoints(setting: string | undefined): void {
  armed = setting === undefined ? undefined : new Map(setting.split(',').map((text) => parseTrap(text.trim())))
}

const grammar = 'NAME=ACTION or NAME=ACTION@PASSING, the ACTION kill, throw, reject or stall:MS,'

function parseTrap(text: string): [FailpointName, Trap] {
  const [, given, kind, ms, passing = '1'] =
    /^([a-z.-]+)=(?:(kill|throw|reject)|stall:(\d{1,6}))(?:@([1-9]\d{0,5}))?$/.exec(text) ?? []
  const name = failpointNames.find((known) => known === given)
  if (name === undefined)
    throw new SettingsError([
      `FAILPOINTS has "${text}"; allowed: ${grammar} with a NAME of ${failpointNames.join(', ')}`,
    ])
  const strike: Strike =
    ms === undefined ? { kind: kind as 'kill' | 'throw' | 'reject' } : { kind: 'stall', ms: Number(ms) }
  return [name, { strike, passingsLeft: Number(passing) }]
}

function strike(name: FailpointName, given: Strike): void {
  const error = () => new Error(`failpoint ${name}`)
  switch (given.kind) {
    case 'kill':
      return killOurselves()
    case 'throw':
      throw error()
    case 'reject':
      return void Promise.reject(error())
    case 'stall':
      return standStill(given.ms)
  }
}

// The signal may take a moment to arrive, in which not one more step may be done.
function killOurselves(): void {
  process.kill(process.pid, 'SIGKILL')
  standStill(60_000)
}

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
