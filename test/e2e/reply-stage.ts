import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService, type RunningService, type ServiceName } from '../support/service'
import { startPair, type Answer, type Pair } from './pair'

const child = join(__dirname, 'reply-child.ts')

export interface ReplyStage extends Pair {
  /** Asks for the result of a command of the child's. */
  readonly ask: (end: string, options?: { type?: string; seconds?: number; key?: string }) => Promise<Answer>
  /** Lets the tasks that wait come to their end. */
  readonly openGate: () => Promise<void>
  /** Another one in place of one that has gone. */
  readonly again: (name: ServiceName) => Promise<RunningService>
  /** How many effects there are of commands. */
  readonly effects: () => Promise<unknown>
  readonly arrived: (messages: number) => Promise<unknown>
}

/** A pair whose tasks end as they are told; `env` may differ for the consumer. */
export async function replyStage(
  brokerUrl: string,
  env: Record<string, string>,
  consumerEnv: Record<string, string> = {},
): Promise<ReplyStage> {
  const gate = join(tmpdir(), `handoff-gate-${randomUUID()}`)
  atEnd(() => rm(gate, { force: true }))
  const instead = (name: ServiceName) => [child, name, gate] as const
  const pair = await startPair(brokerUrl, env, instead, consumerEnv)
  const shared = { BROKER_URL: brokerUrl, STORE_URL: pair.storeUrl, ...env }
  const effects = async () => (await pair.rows("select count(*) as n from mails where recipient = 'tasks'"))[0]?.['n']
  return {
    ...pair,
    ask: (end, { type = 'task.run', seconds = 20, key } = {}) => {
      const headers = { prefer: `wait=${seconds}`, ...(key !== undefined && { 'idempotency-key': key }) }
      return pair.post(type, { task: randomUUID(), end }, headers)
    },
    openGate: () => writeFile(gate, ''),
    again: (name) => startService(name, shared, { instead: instead(name) }),
    effects,
    arrived: (messages) =>
      eventually('it is in work', async () => {
        const metrics = await (await fetch(`${pair.consumer.url}/metrics`)).text()
        return metrics.includes(`handoff_in_flight ${messages}`)
      }),
  }
}
