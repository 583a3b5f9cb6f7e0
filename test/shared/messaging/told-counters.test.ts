import { exchangeCounters, queueCounters } from '../../../shared/messaging/rabbitmq/told-counters'

test('of an exchange it is what came in and what went on, of a queue what came in and what is gone for good', () => {
  expect(
    exchangeCounters({ message_stats: { publish_in: 3, publish_out: 6, publish_in_details: { rate: 1 } } }),
  ).toEqual({
    counters: { in: 3, out: 6 },
  })
  expect(queueCounters({ message_stats: { publish: 9, ack: 4, deliver_get: 11, get_no_ack: 1 } })).toEqual({
    counters: { in: 9, out: 5 },
  })
  expect(queueCounters({ message_stats: { publish: 9 } })).toEqual({ counters: { in: 9 } })
})

test('where nothing is counted, nothing is told', () => {
  for (const message_stats of [undefined, null, [], {}, { publish: 'many' }] as const)
    expect([
      exchangeCounters({ message_stats: message_stats as never }),
      queueCounters({ message_stats: message_stats as never }),
    ]).toEqual([{}, {}])
})
