/**
 * What every peer is given and owes, so that each file shows its library alone. A peer does one job, `publish` or
 * `consume`, named by its first argument, says `ready` to its parent once it can, and ends with its parent.
 */
import { env, argv } from 'node:process'

export const brokerUrl = env.BROKER_URL
/** A quorum queue of this peer alone; the benchmark has declared it. */
export const queue = env.QUEUE
export const port = Number(env.PORT)
/** How many deliveries may be unacknowledged: as many as Handoff's default. */
export const prefetch = Number(env.PREFETCH)

/** For libraries that insist on declaring what they use. */
export const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }

/** @param {{ publish: () => Promise<unknown>, consume: () => Promise<unknown> }} jobs */
export async function run(jobs) {
  process.on('disconnect', () => process.exit())
  await jobs[argv[2]]()
  process.send('ready')
}
