import { Acks } from '../../../scripts/bench/acks'

test('each message learns when it was acked, in whatever order', async () => {
  const acks = new Acks()
  const [first, second] = [acks.expect(), acks.expect()]
  acks.hear('ready')
  acks.hear({
    acks: [
      [second.serial, 20.5],
      [first.serial, 30],
      [4711, 31],
    ],
  })
  await expect(first.ackedAt).resolves.toBe(30)
  await expect(second.ackedAt).resolves.toBe(20.5)
})
