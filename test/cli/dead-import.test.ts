import { Readable } from 'node:stream'
import { runProgram } from '../../cli/program'

test('an import refuses what it could not read twice, before it goes to the broker', async () => {
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const code = await runProgram(['dead', 'import', '/dev/null'], {
    // Nobody is there.
    environment: { BROKER_URL: 'amqp://127.0.0.1:1' },
    out: say,
    taken: () => Promise.resolve(),
    err: say,
    stdin: Readable.from([]),
    isTerminal: false,
    interruption: () => new AbortController().signal,
  })
  expect({ code, said }).toEqual({
    code: 1,
    said: [
      'handoff: /dev/null is no regular file, and an import reads it twice: write the letters into a file and import that',
    ],
  })
})
