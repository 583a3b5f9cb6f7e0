import { growthRow } from '../../../scripts/bench/growth'

const { signal: asked } = new AbortController()
const parts = { size: 'quick', asked } as unknown as Parameters<typeof growthRow>[1]

test('each point is compared with the first one', async () => {
  const points = [
    { name: '1', cost: 10 },
    { name: '2', cost: 15 },
  ]
  const curve = { title: 'Curve', how: 'by points', points }
  const row = await growthRow(curve, parts, ({ cost }) => Promise.resolve({ cost }))
  expect(row.against).toBe('the first')
  expect(row.results.map(({ name, figures }) => [name, figures['cost']])).toEqual([
    ['1', { median: 10, ratio: 1 }],
    ['2', { median: 15, ratio: 1.5 }],
  ])
})

test('a curve without points is a mistake', async () => {
  const curve = { title: 'Curve', how: 'by nothing', points: [] }
  await expect(growthRow(curve, parts, () => Promise.resolve({}))).rejects.toThrow('"Curve" has no points')
})
