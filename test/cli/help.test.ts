import { runCli } from './run-cli'

// Nobody is there: what is wrong must not reach a broker.
const run = (...args: string[]) => runCli(args, { environment: { BROKER_URL: 'amqp://127.0.0.1:1' } })

const facts = ['--reason', '--type', '--signature', '--since', '--until', '--where']
const selection = [...facts, '--all']
const commands: Readonly<Record<string, readonly string[]>> = {
  '': ['send [options] <type> <data>', 'dead '],
  send: ['--key', '--priority <digit>', '--url', '--api-key-file', '--json'],
  verify: ['--no-faults', '--messages', '--rate', '--type', '--patience', '--report', '--url', '--api-key-file'],
  dead: ['list [options] <group>', 'show [options] <group> <id>', 'replay [options]', 'discard [options]'],
  topology: ['plan [options]', 'apply', 'migrate [group]'],
  'topology plan': ['--json', '  3  topology plan: something is not as it is declared'],
  'topology apply': ['changes and deletes nothing'],
  'topology migrate': ['[group]'],
  'dead list': ['<group>', ...facts, '--limit', '--json'],
  'dead groups': ['<group>', ...facts, '--json'],
  'dead show': ['<group> <id>', '--json'],
  'dead replay': ['<group> [id...]', ...selection, '--rate', '--yes', '--why', '--json'],
  'dead edit': ['<group> [id...]', ...selection, '--data', '--set', '--unset', '--yes', '--why', '--json'],
  'dead export': ['<group> [id...]', ...selection, '--output', '--why'],
  'dead import': ['<file>', '--group', '--force', '--why'],
  'dead discard': ['<group> [id...]', ...selection, '--yes', '--why', '--json'],
}
const codes = ['Exit codes:\n  0  done\n  1  refused or failed', '\n  2  the command line is wrong; nothing was done']

test.each(Object.entries(commands))(
  '"%s" --help tells what can be said, and what exit codes mean',
  async (name, said) => {
    const words = name.split(' ').filter((word) => word !== '')
    const { code, out, err } = await run(...words, '--help')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.startsWith(`Usage: ${['handoff', ...words].join(' ')} `)).toBe(true)
    for (const each of [...said, ...codes, 'BROKER_URL and NAMESPACE']) expect(out).toContain(each)
  },
)

test.each(['', 'dead', 'topology'])(
  '"%s" without a command tells the same to standard error, and is wrong',
  async (name) => {
    const words = name.split(' ').filter((word) => word !== '')
    const { code, out, err } = await run(...words)
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: (await run(...words, '--help')).out })
  },
)

test('what stands in an error cannot move the cursor of the terminal that is told of it', async () => {
  const { code, err } = await run('dead', 'import', '/nowhere/\u001b[2J')
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('/nowhere/\\u001b[2J') as string })
  expect(err).not.toContain('\u001b')
})

test.each([
  [['dead', 'replay', 'ledger', '--rat', '5'], /^handoff: unknown option '--rat'\n\(Did you mean --rate\?\)\n$/],
  [['dead', 'reply'], /^handoff: unknown command 'reply'\n\(Did you mean replay\?\)\n$/],
  [['dead', 'discard', 'ledger', 'a'], /^handoff: a discard is for good, so it needs a reason: .*--why 'TEXT'\n$/],
  [['dead', 'discard', 'ledger', 'a', '--why', ' '], /^handoff: a discard is for good, so it needs a reason: /],
  [['dead', 'replay'], /^handoff: missing required argument 'group'\n$/],
])('%j is wrong, says how, and does nothing', async (args, sentence) => {
  expect(await run(...args)).toEqual({ code: 2, out: '', err: expect.stringMatching(sentence) as string })
})
