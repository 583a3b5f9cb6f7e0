import type { Envelope } from '../../shared/messaging/transport'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { undisturbed } from '../support/lived'
import { envelopeOf, freshGroups, listen, idOf } from './transport-fixtures'
import type { OpenTransport } from './transport-contract'

/** A message of this type that is due so many milliseconds from now. */
export function dueIn(ms: number, type: string, change: Partial<Envelope> = {}): Envelope {
  return envelopeOf(type, { extensions: { deliverat: new Date(Date.now() + ms).toISOString() }, ...change })
}

/** How long before or after its time a message came that came just now; negative is early. */
function lateMs({ extensions }: Envelope): number {
  return Date.now() - Date.parse(String(extensions['deliverat']))
}

/** Published out of order, each comes at its time to each group. */
async function comeAsTheyAreDue(opened: OpenTransport): Promise<void> {
  const groups = freshGroups()
  const transport = await opened(groups.all)
  const late = new Map<string, number>()
  const noted = (envelope: Envelope) => void late.set(envelope.id, lateMs(envelope))
  const [ledger, mail, payments] = await Promise.all(
    [groups.ledger, groups.mail, groups.payments].map((group) =>
      listen(transport, group, ({ content }) => {
        if (content.kind === 'message') noted(content.envelope)
        return { kind: 'ack', effect: 'applied' }
      }),
    ),
  )
  // The first that has to wait makes the levels of waiting, which takes its time on a busy machine.
  const inAnHour = dueIn(3_600_000, groups.event.type)
  expect(await transport.publish(inAnHour, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
  const events = [5_000, 1_000, 3_000].map((ms) => dueIn(ms, groups.event.type))
  const command = dueIn(2_000, groups.command.type)
  for (const event of events)
    expect(await transport.publish(event, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
  expect(await transport.publish(command, { kind: 'command' })).toMatchObject({ outcome: 'confirmed' })
  await eventually(
    'all have come',
    () => [ledger, mail].every((each) => each?.deliveries.length === 3) && payments?.deliveries.length === 1,
  )
  const byTime = [events[1], events[2], events[0]].map((event) => event?.id)
  for (const each of [ledger, mail]) expect(each?.deliveries.map(idOf)).toEqual(byTime)
  for (const ms of late.values()) {
    expect(ms).toBeGreaterThanOrEqual(-1)
    expect(ms).toBeLessThan(3_000)
  }
  expect(ledger?.deliveries[0]).toMatchObject({ attempt: 1, content: { kind: 'message', envelope: events[1] } })
}

/** What every transport promises of messages that wait. */
export function delayContract(name: string, open: OpenTransport): void {
  const opened = async (groups: Parameters<OpenTransport>[0]) => {
    const transport = await open(groups)
    atEnd(() => transport.close())
    return transport
  }

  describe(`${name} keeps what it promises of delays`, () => {
    test('messages come in the order in which they are due, to every group, and none early', () =>
      undisturbed(1_000, () => comeAsTheyAreDue(opened)))

    test('what was due before it is published is delivered at once, and so is what says a time that is none', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const payments = await listen(transport, groups.payments)
      const past = dueIn(-60_000, groups.command.type)
      const unreadable = envelopeOf(groups.command.type, { extensions: { deliverat: 'tomorrow' } })
      for (const each of [past, unreadable]) await transport.publish(each, { kind: 'command' })
      await eventually('both have come', () => payments.deliveries.length === 2)
    })
  })
}
