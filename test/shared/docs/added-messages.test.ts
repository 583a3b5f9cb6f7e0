/** Whoever types what the documents print has a message that works. */
import { copyOfProject, follow, type Copy } from '../../docs/copy'
import { blocksOf, textOf } from '../../docs/documents'
import { isLongRun } from '../../support/how-many'

const withinMs = 300_000
const catalogueTest = 'npx jest test/shared/messages/catalogue.test.ts --selectProjects unit'
const rules = 'docs/how-to/take-only-some-events.md'
const adding = ['README.md', 'docs/how-to/add-a-message.md', 'docs/how-to/send-on-a-schedule.md', rules]
const types = 'npx tsc -p tsconfig.build.json --noEmit --incremental false'

async function passes(copy: Copy, command: string): Promise<void> {
  const { code, output } = await copy.run(command)
  expect({ command, code, output: code === 0 ? '' : output }).toEqual({ command, code: 0, output: '' })
}

test.each(adding)(
  'the message of %s has all that a message needs',
  async (document) => {
    const copy = copyOfProject()
    follow(document, copy)
    if (isLongRun) await passes(copy, types)
    await passes(copy, catalogueTest)
  },
  withinMs,
)

test(
  'the messages of the documents fit in, one beside the other',
  async () => {
    const copy = copyOfProject()
    const touched = adding.flatMap((document) => follow(document, copy))
    await passes(copy, types)
    await passes(copy, `npx prettier --check --ignore-unknown ${touched.join(' ')}`)
    await passes(copy, catalogueTest)
  },
  withinMs,
)

test('a rule is explained as its document shows', async () => {
  const copy = copyOfProject()
  follow(rules, copy)
  const shown = (language: string) => blocksOf(rules).find((block) => block.language === language)?.text ?? ''
  copy.write('order.json', shown('json'))
  const { output } = await copy.run('node -r ts-node/register/transpile-only cli/main.ts routes explain order.json')
  expect(output.trimEnd()).toBe(shown('text'))
}, 300_000)

const how = 'docs/how-to/add-a-message.md'
const forgotten: readonly (readonly [string, string])[] = [
  ['shared/messages/catalogue.ts', 'group "shipping" takes "parcel.ship", which is missing from catalogue.ts'],
  ['shared/messages/groups.ts', 'command "parcel.ship" needs exactly one group in groups.ts, but no group takes it'],
  ['services/consumer/handlers/all.ts', '"type": "parcel.ship"'],
]

test.each(forgotten)(
  'a line forgotten in %s is told as the document says',
  async (file, sentence) => {
    const copy = copyOfProject()
    const before = copy.read(file)
    follow(how, copy)
    copy.write(file, before)
    const { code, output } = await copy.run(catalogueTest)
    expect(code).not.toBe(0)
    // Jest shows a text in quotes, with its own quotes escaped.
    expect(output.replaceAll('\\"', '"')).toContain(sentence)
    expect(textOf(how)).toContain(sentence)
  },
  withinMs,
)

test('the commands of CONTRIBUTING for one test and for the generated documents work', async () => {
  const copy = copyOfProject()
  await passes(copy, 'npx jest test/services/consumer/dispatch.test.ts --selectProjects unit')
  copy.write('docs/reference/settings.md', 'stale')
  await passes(copy, 'node_modules/.bin/node -r ts-node/register/transpile-only scripts/generate-docs.ts')
  expect(copy.read('docs/reference/settings.md')).toBe(textOf('docs/reference/settings.md'))
}, 300_000)
