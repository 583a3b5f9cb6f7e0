import { loggedEvents } from '../../../shared/messaging/logged-events'

function listening() {
  const lines: string[] = []
  const line = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`)
  const counted = { reconnects: 0, topologyRecreated: 0 }
  const stale: object[] = []
  const counter = (name: keyof typeof counted) => ({ inc: () => void counted[name]++ })
  const events = loggedEvents(
    { info: line('info'), warn: line('warn'), error: line('error') },
    {
      reconnects: counter('reconnects'),
      topologyRecreated: counter('topologyRecreated'),
      staleSettles: { inc: (labels) => void stale.push(labels) },
    },
  )
  return { lines, counted, stale, events }
}

test('a broker that stays away is told once, and again when the reason or the state changes', () => {
  const { events, lines } = listening()
  const link = { name: 'publish', state: 'down', detail: 'refused' } as const
  for (let attempt = 0; attempt < 5; attempt++) {
    events.linkChanged({ ...link, state: 'connecting', detail: 'connecting' })
    events.linkChanged(link)
  }
  events.linkChanged({ ...link, detail: 'no such host' })
  events.linkChanged({ ...link, state: 'ready', detail: 'RabbitMQ' })
  events.linkChanged(link)
  expect(lines).toEqual([
    'warn no connection to the broker',
    'warn no connection to the broker',
    'info connected to the broker',
    'warn no connection to the broker',
  ])
})

test('hosts of a cluster that all stay away are told once each, and again after we were connected', () => {
  const { events, lines } = listening()
  const refused = (host: string) => ({ name: 'publish', state: 'down', detail: `${host}: refused` }) as const
  const attempts = () => {
    for (const host of ['a', 'b', 'c', 'a', 'b', 'c']) events.linkChanged(refused(host))
  }
  attempts()
  events.linkChanged({ name: 'publish', state: 'ready', detail: 'RabbitMQ at a' })
  attempts()
  const away = Array.from({ length: 3 }, () => 'warn no connection to the broker')
  expect(lines).toEqual([...away, 'info connected to the broker', ...away])
})

test('what comes back, is made again or is stale is counted and told', () => {
  const { events, lines, counted, stale } = listening()
  events.reconnected('publish')
  events.recreated('handoff.ledger.v1')
  events.unroutable('payment.capture')
  events.staleSettle('ledger')
  events.fault('something', 'else')
  expect(counted).toEqual({ reconnects: 1, topologyRecreated: 1 })
  expect(stale).toEqual([{ group: 'ledger' }])
  expect(lines.map((line) => line.split(' ', 1)[0])).toEqual(['info', 'error', 'error', 'warn', 'warn'])
})
