import { startDoor } from './fake-door'
import { runCli } from './run-cli'

/** Sends a message to a door that takes it; tells what was said, and with which priority it was asked. */
async function sendWith(...options: readonly string[]) {
  const priorities: unknown[] = []
  const url = await startDoor(({ headers }) => {
    priorities.push(headers['handoff-priority'])
    return { status: 202, body: { id: 'm-1', type: 'any.type', outcome: 'confirmed' } }
  })
  return { ...(await runCli(['send', 'any.type', '{}', '--url', url, ...options])), priorities }
}

const sent = { code: 0, out: 'confirmed  any.type  m-1\n', err: '' }

test.each(['0', '4', '9'])('--priority %s goes along as a header', async (digit) => {
  expect(await sendWith('--priority', digit)).toEqual({ ...sent, priorities: [digit] })
})

test('without --priority there is no such header', async () => {
  expect(await sendWith()).toEqual({ ...sent, priorities: [undefined] })
})

test.each(['10', '-1', '05', ' 5', '5.0', '', 'high', '５', '5\n'])(
  '--priority %j is wrong, and nothing is sent',
  async (priority) => {
    expect(await sendWith('--priority', priority)).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining('is no priority; a whole number from 0 to 9 is one') as string,
      priorities: [],
    })
  },
)
