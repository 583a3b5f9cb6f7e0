import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRaw } from '../support/amqp-client'
import type { TestBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { handoff, jsonLines } from './handoff'

/** A namespace whose queues are declared and nobody who consumes, and a file for its letters that is not there yet. */
export async function declaredWithFile(broker: Pick<TestBroker, 'url'>, namespace: string) {
  await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const raw = await connectRaw(broker.url)
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const folder = await mkdtemp(join(tmpdir(), 'handoff-export-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const queue = `${namespace}.ledger.dead.v1`
  const ready = (count: number) => eventually(`${count} are there`, async () => (await raw.countReady(queue)) === count)
  const dead = (...args: string[]) => handoff(['dead', ...args], { env })
  return {
    raw,
    env,
    file: join(folder, 'letters.ndjson'),
    queue,
    ready,
    dead,
    /** The lines of an export of so many letters. */
    exported: async (count: number) => {
      await ready(count)
      return jsonLines((await dead('export', 'ledger')).stdout)
    },
    /** What lies there now is gone. */
    empty: async (count: number) => {
      await ready(count)
      await raw.getAll(queue)
    },
  }
}
