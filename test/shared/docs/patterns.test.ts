/** Pages of patterns show what the examples really are. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { examples } from '../../../examples/all'
import { breaches } from '../../../shared/messages/group'
import { blocksOf, documents, root, textOf } from '../../docs/documents'

const pages = documents().filter((document) => document.startsWith('docs/patterns/'))
const excerpt = /^(?:\/\/|#|--) (examples\/\S+)\n([\s\S]+)$/
const excerpts = pages.flatMap((page) =>
  blocksOf(page).filter(({ language }) => ['ts', 'python', 'sql'].includes(language)),
)

test('every example has a page, which says how it is run', () => {
  for (const { name } of examples) {
    const page = `docs/patterns/${name}.md`
    expect(pages).toContain(page)
    expect(textOf(page)).toContain(`npm run example -- ${name}\n`)
  }
})

test.each(excerpts.map((block) => [block.place, block.text]))('the code at %s stands in its file', (_, text) => {
  const [, file = '', code = ''] = excerpt.exec(text) ?? []
  expect(existsSync(join(root, file)) && file !== '').toBe(true)
  expect(readFileSync(join(root, file), 'utf8')).toContain(code)
})

test.each(examples.map((example) => [example.name, example]))(
  'the groups of %s take its messages as they should',
  (_, { groups }) => {
    expect(breaches([...new Set(groups.flatMap(({ types }) => types))], groups)).toEqual([])
  },
)
