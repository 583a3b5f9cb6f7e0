import { runCli } from './run-cli'

test('an import refuses what it could not read twice, before it goes to the broker', async () => {
  // Nobody is there.
  const environment = { BROKER_URL: 'amqp://127.0.0.1:1' }
  expect(await runCli(['dead', 'import', '/dev/null'], { environment })).toEqual({
    code: 1,
    out: '',
    err: 'handoff: /dev/null is no regular file, and an import reads it twice: write the letters into a file and import that\n',
  })
})
