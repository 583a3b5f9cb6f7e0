import type { RouteChanges } from '../../../../shared/operations/routes/route-changes'
import { RoutesFile, type RoutesFileParts } from '../../../../shared/operations/routes/routes-file'
import { known } from '../../routing/routes/known'

const withRules = (...rules: readonly string[]) =>
  `version: 1\nrules: [${rules.map((rule) => `{ ${rule} }`).join(', ')}]`
const drops = 'name: drops, match: order.placed, drop: true'
const copies = 'name: copies, match: order.placed, copy: [fraud]'
const wrong = withRules('name: wrong, match: order.placed')

/** A file whose text a test changes; an Error is one that cannot be read. */
async function fileOf(first: string | undefined, presence: RoutesFileParts['presence'] = 'named') {
  const told: (RouteChanges | readonly string[])[] = []
  const on = { disk: first as string | undefined | Error }
  const file = await RoutesFile.open({
    path: 'r.yaml',
    presence,
    known,
    read: () => (on.disk instanceof Error ? Promise.reject(on.disk) : Promise.resolve(on.disk)),
    events: { applied: (_, changes) => told.push(changes), refused: (lines) => told.push(lines) },
  })
  const becomes = async (text: typeof on.disk) => {
    on.disk = text
    await file.reload()
    return file.current.rules.map(({ name }) => name)
  }
  return { file, told, becomes }
}

test('rules are swapped, and what changed is told once', async () => {
  const { file, told, becomes } = await fileOf(withRules(copies))
  expect(file.check()).toEqual({ status: 'ok', detail: `r.yaml ${file.current.hash}: 1 rule` })
  const before = file.current
  expect(await becomes(withRules(drops, copies))).toEqual(['drops', 'copies'])
  expect(file.current).not.toBe(before)
  expect(before.rules).toHaveLength(1)
  expect(await becomes(withRules(drops, copies))).toEqual(['drops', 'copies'])
  await becomes(withRules(copies, drops.replace('order.placed', 'order.*')))
  await becomes(withRules())
  expect(told).toEqual([
    { added: ['copies'], removed: [], changed: [] },
    { added: ['drops'], removed: [], changed: [] },
    { added: [], removed: [], changed: ['copies', 'drops'] },
    { added: [], removed: ['copies', 'drops'], changed: [] },
  ])
})

test.each([
  ['mistakes', wrong, 'r.yaml:2: rule "wrong" does nothing; give it route, copy, drop, delay, key, priority'],
  ['nothing', '', 'r.yaml:1: the file says nothing; write version: 1'],
  ['no file', undefined, 'r.yaml is not there; write it, with "rules: []" for none'],
  ['no permission', new Error('EACCES'), 'r.yaml cannot be read: EACCES'],
])('with %s in its place the rules stay, until there is a sound one', async (_, text, why) => {
  const { file, told, becomes } = await fileOf(withRules(copies))
  const sound = file.check().detail
  expect(await becomes(text)).toEqual(['copies'])
  expect(await becomes(text)).toEqual(['copies'])
  expect(file.check()).toEqual({ status: 'degraded', detail: `${why}; still ${sound}` })
  expect(told.slice(1)).toEqual([[why]])
  await becomes(withRules(copies))
  expect(file.check()).toEqual({ status: 'ok', detail: sound })
  await becomes(text)
  expect(told.slice(1)).toEqual([[why], [why]])
})

test.each([
  ['sound', withRules(drops), 'read'],
  ['wrong', wrong, 'read'],
  ['missing', undefined, 'unread'],
  ['closed to us for a moment', new Error('EMFILE'), 'unread'],
])('a reload tells whoever watches whether it could read a file that is %s', async (_, text, reading) => {
  const { file, becomes } = await fileOf(withRules(copies))
  await becomes(text)
  expect(await file.reload()).toBe(reading)
})

test('one that nobody has named need not be there, and may come', async () => {
  const { file, told, becomes } = await fileOf(undefined, 'where it exists')
  expect(file.check()).toEqual({ status: 'ok', detail: 'no r.yaml' })
  expect(await becomes(undefined)).toEqual([])
  expect(await becomes(wrong)).toEqual([])
  expect(await becomes(undefined)).toEqual([])
  expect(file.check().status).toBe('ok')
  expect(await becomes(withRules(drops))).toEqual(['drops'])
  expect(told).toHaveLength(2)
})

test('at the start a wrong file, or a named one that is missing, is a wrong setting', async () => {
  await expect(fileOf(undefined)).rejects.toMatchObject({
    code: 'SETTINGS',
    lines: ['ROUTES_FILE: r.yaml is not there; write it, with "rules: []" for none'],
  })
  await expect(fileOf(wrong, 'where it exists')).rejects.toMatchObject({
    lines: ['r.yaml:2: rule "wrong" does nothing; give it route, copy, drop, delay, key, priority'],
  })
})
