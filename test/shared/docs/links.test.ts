/** Every link inside the project leads somewhere, also its anchor. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { documents, proseOf, root } from '../../docs/documents'

test.each(documents())('the links of %s', (document) => {
  const links = [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '')
  const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(document, link))
  expect(broken).toEqual([])
})

test('every document is linked from another one', () => {
  const linked = new Set(documents().flatMap((document) => targetsOf(document)))
  expect(documents().filter((document) => document !== 'README.md' && !linked.has(document))).toEqual([])
})

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : normalize(join(dirname(document), path))
  if (target.startsWith('..') || !existsSync(join(root, target))) return false
  if (anchor === undefined) return true
  return statSync(join(root, target)).isFile() && anchorsOf(target).includes(anchor)
}

function targetsOf(document: string): readonly string[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s#]+)/g)].map(({ 1: path = '' }) =>
    normalize(join(dirname(document), path)),
  )
}

/** As GitHub makes them: lower case, only letters, digits, hyphens and underscores, hyphens for spaces. */
function anchorsOf(document: string): readonly string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(({ 1: heading = '' }) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
