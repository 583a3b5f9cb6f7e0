/** What the latency of a pair is measured by: `bench/report-acks.cjs` watches a consumer from outside. */
import { join } from 'node:path'
import { monotonicMs } from '../../scripts/bench/monotonic-clock'
import { webhookBody } from '../../scripts/bench/sample-bodies'
import { startContestant } from '../../scripts/bench/start-contestant'
import { watched } from '../../scripts/bench/watched'
import { connectRaw, type RawClient } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'

type Ack = readonly [serial: number, atMs: number]

const broker = useBroker()
const [inPart, whole] = ['acked-in-part', 'acked-whole'] as const
const child = ['-r', 'ts-node/register/transpile-only', join(__dirname, 'report-acks-child.ts')]
const bodyOf = (serial: number) => webhookBody(serial)

/** Starts the watched consumer; `acks` grows. */
async function startWatched() {
  const acks: Ack[] = []
  const hear = (said: unknown) => acks.push(...((said as { readonly acks?: readonly Ack[] }).acks ?? []))
  const consumer = { name: 'a consumer', args: [...child, broker.url, inPart, whole], env: {}, queue: inPart }
  const message = () => ({ body: '', properties: {} })
  const { stop } = await startContestant(watched({ ...consumer, ready: 'said', message }, hear))
  atEnd(stop)
  return { acks, stop }
}

async function fill(raw: RawClient, queue: string, bodies: readonly string[]): Promise<void> {
  await raw.channel.assertQueue(queue)
  for (const body of bodies) await raw.publishRaw('', queue, Buffer.from(body))
}

test('each message that was acked is told of once, and when; one that was not, or has no number, never', async () => {
  const raw = await connectRaw(broker.url)
  await fill(raw, inPart, [...[1, 2, 3, 4, 5, 6].map(bodyOf), 'no number', bodyOf(8)])
  await fill(raw, whole, [11, 12, 13, 14, 15].map(bodyOf))
  const startedAt = monotonicMs()
  const { acks, stop } = await startWatched()
  await eventually('the last ack is told of', () => acks.some(([serial]) => serial === 15))
  await stop()
  expect(acks.map(([serial]) => serial)).toEqual([2, 1, 3, 4, 6, 11, 12, 13, 14, 15])
  const times = [startedAt, ...acks.map(([, atMs]) => atMs), monotonicMs()]
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  await eventually('what was not acked is back', async () => (await raw.countReady(inPart)) === 2)
  expect((await raw.getAll(inPart)).map(({ content }) => content.toString())).toEqual([5, 8].map(bodyOf))
  expect(await raw.countReady(whole)).toBe(0)
})
