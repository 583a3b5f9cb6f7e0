import { setImmediate as turn } from 'node:timers/promises'
import { Gate } from '../../../services/consumer/gate'

/** Work that tells when it is inside, and leaves when told. */
function visits() {
  const gate = new Gate()
  const inside: string[] = []
  const leave = new Map<string, () => void>()
  const pass = (name: string, company: 'together' | 'alone') =>
    gate.pass(company, async () => {
      inside.push(name)
      await new Promise<void>((resolve) => leave.set(name, resolve))
      inside.splice(inside.indexOf(name), 1)
    })
  const out = async (name: string, passing: Promise<void>) => {
    leave.get(name)?.()
    await passing
  }
  return { gate, inside, pass, out }
}

test('many are inside together; one who wants to be alone waits for them, and the later ones for him', async () => {
  const { inside, pass, out } = visits()
  const [a, b] = [pass('a', 'together'), pass('b', 'together')]
  const [lone, c] = [pass('lone', 'alone'), pass('c', 'together')]
  await turn()
  expect(inside).toEqual(['a', 'b'])
  await out('a', a)
  await turn()
  expect(inside).toEqual(['b'])
  await out('b', b)
  await turn()
  expect(inside).toEqual(['lone'])
  await out('lone', lone)
  await turn()
  expect(inside).toEqual(['c'])
  await out('c', c)
})

test('two who want to be alone are so one after the other', async () => {
  const { inside, pass, out } = visits()
  const [first, second] = [pass('first', 'alone'), pass('second', 'alone')]
  await turn()
  expect(inside).toEqual(['first'])
  await out('first', first)
  await turn()
  expect(inside).toEqual(['second'])
  await out('second', second)
})

test('work that fails leaves the gate open', async () => {
  const { gate } = visits()
  const fail = () => Promise.reject(new Error('on purpose'))
  await expect(gate.pass('alone', fail)).rejects.toThrow('on purpose')
  await expect(gate.pass('together', fail)).rejects.toThrow('on purpose')
  await expect(gate.pass('alone', () => Promise.resolve('in'))).resolves.toBe('in')
})
