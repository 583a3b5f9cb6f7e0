/**
 * A message waits in a chain of queues, level after level, each of which holds what comes into it for one fixed time; so
 * none stands behind one that waits longer. The routing key says at which levels it waits: a word for each level, from
 * the highest down, `1` to wait and `0` to pass, and then the key it is due with. The idea is that of NServiceBus:
 * https://docs.particular.net/transports/rabbitmq/delayed-delivery
 */

// A TTL is at most 4,294,967,295 ms (https://www.rabbitmq.com/docs/ttl), which is above 2^22 s and below 2^23 s: what
// waits longer goes through a level of 2^22 s several times, which are several levels.
const topPower = 22
const topSeconds = 2 ** topPower
const topLevels = 7

/** How long each level holds a message, from the lowest up: 1, 2, 4 … 4194304 seconds, the last seven times. */
export const levelSeconds: readonly number[] = [
  ...Array.from({ length: topPower }, (_, power) => 2 ** power),
  ...Array.from({ length: topLevels }, () => topSeconds),
]

/** The longest time that the levels can hold a message: 388 days. */
export const longestSeconds = levelSeconds.reduce((sum, seconds) => sum + seconds, 0)

/** At which level the waiting begins, and the key that leads through this and all below. */
export interface LevelRoute {
  readonly level: number
  readonly routingKey: string
}

/**
 * The way of a message that waits, `delayMs` above 0, before it is due with its routing key. Rounded up to whole seconds,
 * so that none comes early. Undefined for a wait of more than {@link longestSeconds}.
 */
export function levelRoute(routingKey: string, delayMs: number): LevelRoute | undefined {
  const seconds = Math.ceil(delayMs / 1_000)
  if (seconds > longestSeconds) return undefined
  const times = Math.min(topLevels, Math.floor(seconds / topSeconds))
  const rest = seconds - times * topSeconds
  const words = levelSeconds.map((_, level) => {
    const waits = level < topPower ? ((rest >>> level) & 1) === 1 : level - topPower < times
    return waits ? '1' : '0'
  })
  return { level: words.lastIndexOf('1'), routingKey: [...words.reverse(), routingKey].join('.') }
}

/** Of a binding that takes what waits at this level, or what passes it. */
export function levelPattern(level: number, does: 'wait' | 'pass'): string {
  return `${'*.'.repeat(levelSeconds.length - 1 - level)}${does === 'wait' ? '1' : '0'}.#`
}

/** Of a binding that takes what has come through all levels with this key. */
export function duePattern(routingKey: string): string {
  return `${'*.'.repeat(levelSeconds.length)}${routingKey}`
}
