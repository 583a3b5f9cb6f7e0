import { chartOf } from '../../../scripts/bench/chart'
import { inShort } from '../../../scripts/bench/in-short'
import { reportOf } from '../../../scripts/bench/report'

const figures = (speed: number, speedRatio: number, cost: number, costRatio: number) => ({
  'messages/s': { median: speed, ratio: speedRatio },
  'CPU µs/message': { median: cost, ratio: costRatio },
})

const row = {
  title: 'Publish <fast>',
  how: '5 rounds',
  drawn: 'CPU µs/message',
  against: 'the bare' as const,
  results: [
    { name: 'bare amqplib', figures: figures(1_000.4, 1, 80, 1) },
    { name: 'Handoff', figures: figures(640, 0.64, 200.2, 2.5) },
  ],
}

test('a row is printed as an aligned table', () => {
  expect(reportOf(row).split('\n')).toEqual([
    'Publish <fast> (5 rounds)',
    '                messages/s  times the bare  CPU µs/message  times the bare',
    '  bare amqplib  1000        1.00            80.0            1.00',
    '  Handoff       640         0.64            200             2.50',
  ])
})

test('what is compared with nothing has no ratios', () => {
  const results = [{ name: 'Handoff', figures: { 'MiB at the end': { median: 81.52 } } }]
  expect(reportOf({ title: 'Memory', how: 'one run', drawn: 'MiB at the end', results }).split('\n')).toEqual([
    'Memory (one run)',
    '           MiB at the end',
    '  Handoff  81.5',
  ])
})

test.each([
  [4_711.4, '4711'],
  [99.96, '100'],
  [99.94, '99.9'],
  [0.7164, '0.716'],
  [-3.456, '-3.46'],
  [0, '0'],
])('%d is told as %s', (value, words) => {
  expect(inShort(value)).toBe(words)
})

test('the chart has one bar for each contestant, the longest as wide as there is room, and no raw markup', () => {
  const svg = chartOf([row, row], ['RabbitMQ <4>'])
  const bars = [...svg.matchAll(/<rect x="210" y="(\d+)" width="([\d.]+)"/g)].map(([, y, width]) => [y, width])
  expect(bars).toEqual([
    ['112', '180.0'],
    ['136', '450.0'],
    ['232', '180.0'],
    ['256', '450.0'],
  ])
  expect(svg).toContain('Publish &lt;fast&gt;')
  expect(svg).toContain('RabbitMQ &lt;4&gt;')
  expect(svg).toContain('>2.50 × (200 µs)<')
})

test('the chart marks where the yardstick and the target are, also a target that nobody reaches up to', () => {
  const lines = [...chartOf([{ ...row, target: 5 }], []).matchAll(/<line x1="([\d.]+)"/g)].map(([, x]) => x)
  expect(lines).toEqual(['300.0', '660.0'])
})

test('the chart shows what is compared with nothing by its own size, and nothing that is less than nothing', () => {
  const results = [
    { name: 'Handoff', figures: { 'MiB more': { median: 40 } } },
    { name: 'bare', figures: { 'MiB more': { median: -3 } } },
  ]
  const svg = chartOf([{ title: 'Memory', how: 'one run', drawn: 'MiB more', results }], [])
  expect(svg).toContain('width="450.0"')
  expect(svg).toContain('width="0.0"')
  expect(svg).toContain('>40.0 MiB<')
  expect(svg).not.toContain('<line')
})
