/** What the console's door says of the rules in effect, and of where an event would go by them or by others. */
import { catalogue } from '../../../shared/messages/catalogue'
import { groups } from '../../../shared/messages/groups'
import { readRoutes } from '../../../shared/routing/routes/read-routes'
import type { ExplanationView, RoutesView } from '../../../services/console/views/routes'
import { exampleRoutes } from '../../../services/console/routes/example'
import type { ServiceView } from '../../../services/console/views/system'
import { observedOf, openConsoleDoor } from './door'
import { copies, known, large, routesOf, withRules } from './routes-fixtures'

const placed = { type: 'order.placed', data: { orderId: 'A-1', amountCents: 200_000 } }

test('tells of the file, of its rules in their order, and of what groups say for themselves', async () => {
  const prefix = 'name: partners, match: order.placed, attributes: { source: { prefix: /partner/ } }, delay: 90'
  const { app } = await openConsoleDoor({}, undefined, { routes: routesOf(withRules(large, prefix, copies)) })
  const { file, rules, groups: told } = (await app.inject('/routes')).json<RoutesView>()
  expect(file).toMatchObject({ name: 'r.yaml', state: 'in effect', mistakes: [] })
  expect(rules).toEqual([
    {
      name: 'large',
      types: ['order.placed'],
      conditions: [],
      when: 'event.data.amountCents >= 100000',
      does: [{ action: 'route', words: 'only to mail' }],
    },
    {
      name: 'partners',
      types: ['order.placed'],
      conditions: ['source begins with "/partner/"'],
      does: [{ action: 'delay', words: 'delays it by 90 s' }],
    },
    {
      name: 'copies',
      types: ['order.placed'],
      conditions: [],
      does: [{ action: 'copy', words: 'also to fraud' }],
    },
  ])
  expect(told.find(({ name }) => name === 'vip')?.takes).toEqual([
    { type: 'order.cancelled', takes: 'every one', rules: [] },
    {
      type: 'order.placed',
      takes: 'by its rules',
      rules: [{ name: 'large ones', conditions: [], when: 'event.data.amountCents >= 100000' }],
    },
  ])
  expect(told.find(({ name }) => name === 'fraud')?.takes).toEqual([
    { type: 'order.placed', takes: 'by route', rules: [] },
  ])
})

test('holds what each service goes by against its own rules', async () => {
  const routes = routesOf(withRules(copies))
  const { hash } = routes.rules.view()
  const seen = { url: 'http://x', state: 'ready', since: 0, checks: [], gauges: {}, availability: [] } as const
  const services: readonly ServiceView[] = [
    { ...seen, name: 'producer', routes: { hash } },
    { ...seen, name: 'producer', routes: { hash: 'abc' } },
    { ...seen, name: 'consumer', routes: { hash: '' } },
    { ...seen, name: 'consumer' },
  ]
  const observed = { ...observedOf(), system: () => ({ ...observedOf().system(), services }) }
  const { app } = await openConsoleDoor({}, undefined, { routes, observed })
  const told = (await app.inject('/routes')).json<RoutesView>().services
  expect(told.map(({ rules, hash: theirs }) => [rules, theirs])).toEqual([
    ['the same', hash],
    ['others', 'abc'],
    ['others', undefined],
    ['unknown', undefined],
  ])
  expect(told[0]?.words).toBeUndefined()
  expect(told[1]?.words).toContain('goes by other rules (abc), the console by r.yaml')
  expect(told[2]?.words).toContain('goes by no routes file')
  expect(told[2]?.words).toContain('ROUTES_FILE')
})

test('explains by the rules in effect, or by those that are given', async () => {
  const door = await openConsoleDoor({}, undefined, { routes: routesOf(withRules(copies)) })
  const by = async (body: object) =>
    (await door.post('/routes/explain', { event: placed, ...body })).json<ExplanationView>()
  const inEffect = await by({})
  expect(inEffect.event).toMatchObject({ source: '/test/producer', type: 'order.placed' })
  expect(inEffect.groups.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    'ledger takes',
    'mail takes',
    'fraud takes',
    'vip takes',
  ])
  const given = await by({ routes: withRules(large) })
  expect(given.groups.map(({ name }) => name)).toEqual(['mail'])
  expect(given.way).toEqual({
    end: 'order.placed goes to mail',
    steps: [
      { of: 'from', name: '/test/producer', more: '' },
      { of: 'exchange', name: 'test.events.v1', more: 'with @group.mail' },
      { of: 'queue', name: 'test.mail.v1', more: 'mail' },
    ],
  })
  const later = await by({ routes: withRules('name: a, match: order.placed, delay: 60, priority: 8') })
  expect(later.way.steps.map(({ of }) => of)).toEqual(['from', 'waits', 'exchange', 'queue', 'queue', 'queue'])
  const dropped = await by({ routes: withRules('name: a, match: order.placed, drop: true') })
  expect(dropped.way.end).toBe('order.placed is dropped by “a”')
  expect(given.routeRules).toMatchObject([{ rule: 'large', says: 'yes', does: ['route'] }])
})

test.each([
  ['no event', { event: 1 }, 400, 'invalid-event'],
  ['an unknown type', { event: { type: 'order.plased', data: {} } }, 404, 'unknown-type'],
  ['data that does not fit', { event: { ...placed, data: {} } }, 422, 'invalid-data'],
  [
    'rules with a mistake',
    { event: placed, routes: withRules('name: a, match: nothing.fits, drop: true') },
    422,
    'invalid-routes',
  ],
  ['a member that is none', { event: placed, rules: '' }, 422, 'invalid-request'],
])('refuses %s', async (_, body, status, code) => {
  const door = await openConsoleDoor()
  expect((await door.post('/routes/explain', body)).json()).toMatchObject({ status, code })
})

test('what a rule does is said in words; the example is one that the services would take', async () => {
  const does = 'delay: 7200, key: event.data.orderId, priority: 8'
  const { app } = await openConsoleDoor({}, undefined, {
    routes: routesOf(withRules(`name: a, match: order.placed, ${does}`)),
  })
  const { rules, example } = (await app.inject('/routes')).json<RoutesView>()
  expect(rules[0]?.does).toEqual([
    { action: 'delay', words: 'delays it by 2 h' },
    { action: 'key', words: 'keeps it in order by', expression: 'event.data.orderId' },
    { action: 'priority', words: 'priority 8: overtakes others' },
  ])
  expect(readRoutes(example, known)).toMatchObject({ kind: 'rules', rules: { length: 3 } })
})

test.each([
  ['this project', { catalogue, groups }],
  ['a shop', known],
  ['one that has commands alone', { catalogue: known.catalogue.filter(({ kind }) => kind === 'command'), groups: [] }],
])('the example is a routes file for %s', (_, domain) => {
  expect(readRoutes(exampleRoutes(domain), domain)).toMatchObject({ kind: 'rules' })
})
