/** Nobody can write a command into a document that no test runs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocksOf, documents, root, textOf } from '../../docs/documents'
import { isForCopy, isLive, runElsewhere } from '../../docs/run-elsewhere'

const commands = documents().flatMap((document) =>
  blocksOf(document)
    .filter(({ language, text }) => language === 'sh' && !isLive(text) && !isForCopy(document, text))
    .flatMap(({ text }) => text.split('\n')),
)

test('every command is run by a test, here or elsewhere', () => {
  expect(commands.filter((command) => !(command in runElsewhere))).toEqual([])
})

test('the table of commands that others run is true: each command is written somewhere, each test is there', () => {
  expect(Object.keys(runElsewhere).filter((command) => !commands.includes(command))).toEqual([])
  expect(Object.values(runElsewhere).filter((file) => !existsSync(join(root, file)))).toEqual([])
})

test('commands.md names every script of package.json, and no other', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
  const written = Object.keys(scripts).map((name) => (/^(start|test)$/.test(name) ? `npm ${name}` : `npm run ${name}`))
  const told = [...textOf('docs/reference/commands.md').matchAll(/^\| `(npm [^`]+)`/gm)].map(([, command]) => command)
  expect(told.sort()).toEqual(written.sort())
})
