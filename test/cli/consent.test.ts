import { PassThrough, Readable } from 'node:stream'
import { askFor } from '../../cli/consent'

const question = { text: 'Replay 2 dead letters?', withoutAsking: 'repeat the command with --yes' }

function surroundings(answer: string, isTerminal = true) {
  const said: string[] = []
  const err = (line: string) => void said.push(line)
  const interruption = () => new AbortController().signal
  const taken = () => Promise.resolve()
  return { said, environment: {}, out: () => {}, taken, err, stdin: Readable.from([answer]), isTerminal, interruption }
}

test.each([
  ['y\n', true],
  ['Yes\n', true],
  ['n\n', false],
  ['\n', false],
  ['', false],
])('%j answers %s', async (answer, agreed) => {
  const around = surroundings(answer)
  expect(await askFor(question, around, new AbortController().signal)).toBe(agreed)
  expect(around.said).toEqual(['Replay 2 dead letters? [y/N]'])
})

test('interrupted, it is a no, though nobody has answered', async () => {
  const stop = new AbortController()
  const stdin = new PassThrough()
  const answer = askFor(question, { ...surroundings(''), stdin, err: () => stop.abort() }, stop.signal)
  expect(await answer).toBe(false)
})

test('without a terminal it refuses, and says what to do', async () => {
  const { signal } = new AbortController()
  await expect(askFor(question, surroundings('y\n', false), signal)).rejects.toThrow('repeat the command with --yes')
})
