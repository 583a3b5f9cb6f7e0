/** What the tests of a transport send, and how they listen. */
import { randomUUID } from 'node:crypto'
import type {
  Delivery,
  Envelope,
  Failure,
  GroupTopology,
  Limits,
  Transport,
  Verdict,
} from '../../shared/messaging/transport'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'

export const ack: Verdict = { kind: 'ack', effect: 'applied' }
export const failure: Failure = {
  reason: 'failed',
  errorClass: 'Error',
  message: 'on purpose',
  stack: 'Error: on purpose',
}
export const limits: Limits = { prefetch: 10, concurrency: 5 }

/** Groups under names of their own, so that tests share a broker without meeting: two take the event, one the command. */
export function freshGroups(delaysMs: readonly number[] = [100, 60_000]) {
  const unique = randomUUID().slice(0, 8)
  const event = { type: `order.placed-${unique}`, kind: 'event', contentType: 'application/json' } as const
  const command = { type: `payment.capture-${unique}`, kind: 'command', contentType: 'application/json' } as const
  const ledger: GroupTopology = { name: `ledger-${unique}`, routes: [event], delaysMs }
  const mail: GroupTopology = { name: `mail-${unique}`, routes: [event], delaysMs }
  const payments: GroupTopology = { name: `payments-${unique}`, routes: [command], delaysMs }
  return { all: [ledger, mail, payments], ledger, mail, payments, event, command }
}

export function envelopeOf(type: string, change: Partial<Envelope> = {}): Envelope {
  return {
    id: randomUUID(),
    source: '/test',
    type,
    time: '2026-01-02T03:04:05.678Z',
    contentType: 'application/json',
    data: Buffer.from('{"a":1}'),
    extensions: {},
    ...change,
  }
}

export function idOf({ content }: Delivery): string | undefined {
  return content.kind === 'message' ? content.envelope.id : content.id
}

/** Subscribes with the given verdicts and keeps what arrives. */
export async function listen(
  transport: Transport,
  group: GroupTopology,
  verdict: (delivery: Delivery, signal: AbortSignal) => Verdict | Promise<Verdict> = () => ack,
) {
  const deliveries: Delivery[] = []
  const subscription = await transport.subscribe(group, limits, async (delivery, signal) => {
    deliveries.push(delivery)
    return verdict(delivery, signal)
  })
  atEnd(() => subscription.close(0))
  await eventually(`group ${group.name} is attached`, () =>
    transport.status().groups.some(({ name, attached }) => name === group.name && attached),
  )
  return { deliveries, subscription, arrived: (id: string) => deliveries.filter((each) => idOf(each) === id) }
}
