import { HandlerTurns } from '../../../services/consumer/handler-turns'

test('so many of each group at once, and one group does not wait for another', async () => {
  const turns = new HandlerTurns(2)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () =>
    new Promise<void>((end) => {
      begun.push(name)
      ends.set(name, end)
    })
  const all = ['ledger 1', 'ledger 2', 'ledger 3', 'mail 1'].map((name) => turns.take(name.slice(0, -2), work(name)))
  await Promise.resolve()
  expect(begun).toEqual(['ledger 1', 'ledger 2', 'mail 1'])
  ends.get('ledger 2')?.()
  await all[1]
  expect(begun.at(-1)).toBe('ledger 3')
  for (const end of ends.values()) end()
  await Promise.all(all)
})
