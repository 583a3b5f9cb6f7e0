/** The page of pitfalls names its tests; one that was renamed or taken away would leave a promise without proof. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { proseOf, root } from '../../docs/documents'

const page = 'docs/explanation/pitfalls.md'
const named = [...proseOf(page).matchAll(/\[([^\]]+)\]\(([^)\s]+\.ts)\)/g)].map(([, name = '', path = '']) => ({
  name,
  path,
}))

test('each row names a test', () => {
  const rows = proseOf(page).match(/^\| (?!What goes wrong|-)/gm) ?? []
  expect(rows.length).toBeGreaterThan(20)
  expect(named).toHaveLength(rows.length)
})

test.each(named)('there is a test "$name"', ({ name, path }) => {
  const source = readFileSync(join(root, dirname(page), path), 'utf8')
  expect(source.replaceAll(/test\(\s+/g, 'test(')).toContain(`test('${name}'`)
})
