/** What the documents show of a routes file is one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../../shared/messages/catalogue'
import { groups } from '../../../shared/messages/groups'
import { actions } from '../../../shared/routing/routes/routes-schema'
import { readRoutes } from '../../../shared/routing/routes/read-routes'
import { blocksOf, root } from '../../docs/documents'

const known = { catalogue, groups }
const example = readFileSync(join(root, 'handoff.routes.example.yaml'), 'utf8')

test('the example does nothing as it is, and shows every action but for its marks', () => {
  expect(readRoutes(example, known)).toEqual({ kind: 'rules', rules: [] })
  const [head = '', rules = ''] = example.split('rules: []\n')
  const read = readRoutes(`${head}rules:\n${rules.replaceAll(/^#/gm, '')}`, known)
  const does = read.kind === 'rules' ? read.rules.flatMap((rule) => Object.keys(rule.does)) : read.mistakes
  expect(does).toEqual(actions.map((action) => (action === 'delay' ? 'delaySeconds' : action)))
})

test('so is what the document has to be written', () => {
  const [shown] = blocksOf('docs/how-to/change-routes-at-run-time.md').filter(({ language }) => language === 'yaml')
  expect(readRoutes(shown?.text ?? '', known)).toMatchObject({ kind: 'rules', rules: [{ does: { route: ['mail'] } }] })
})
