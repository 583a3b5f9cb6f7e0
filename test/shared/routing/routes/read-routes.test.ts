import { readRoutes } from '../../../../shared/routing/routes/read-routes'
import { known, routesOf } from './known'

function mistakesOf(text: string): readonly string[] {
  const read = readRoutes(text, known)
  return read.kind === 'mistakes' ? read.mistakes.map(({ line, text: what }) => `${line}: ${what}`) : []
}

/** A file with one rule of these lines; the first of them is line 3. */
const rule = (...lines: readonly string[]) =>
  `version: 1\nrules:\n${lines.map((line) => `    ${line}\n`).join('')}`.replace('    ', '  - ')

test('a rule is read with all that it may say', () => {
  const { rules } = routesOf(
    rule(
      'name: large orders',
      'match: [order.*]',
      'attributes: { source: { prefix: /shop }, tenant: acme }',
      'when: event.data.orderId != ""',
      'route: [ledger, ledger]',
      'copy: [ledger]',
      'delay: 60',
      'key: event.data.orderId',
      'priority: 0',
    ),
  )
  expect(rules.map(({ types, ...rest }) => ({ ...rest, types: types.map(({ name }) => name) }))).toEqual([
    {
      name: 'large orders',
      types: ['order.placed', 'order.cancelled'],
      attributes: { source: { prefix: '/shop' }, tenant: 'acme' },
      when: 'event.data.orderId != ""',
      does: { route: ['ledger'], copy: ['ledger'], delaySeconds: 60, key: 'event.data.orderId', priority: 0 },
    },
  ])
})

test('no rules are rules', () => {
  expect(routesOf('version: 1\nrules: []').rules).toEqual([])
})

test('a pattern stands for events alone where a queue is chosen, and for commands too where none is', () => {
  const types = (action: string) =>
    routesOf(rule('name: n', "match: '#'", action)).rules[0]?.types.map(({ name }) => name)
  expect(types('drop: true')).toEqual(['order.placed', 'order.cancelled'])
  for (const action of ['delay: 1', 'priority: 9'])
    expect(types(action)).toEqual(['order.placed', 'order.cancelled', 'payment.capture'])
})

const start = ['name: n', 'match: order.placed'] as const

test.each<readonly [string, string, readonly string[]]>([
  ['nothing', '', ['1: the file says nothing; write version: 1']],
  ['a text', 'hello', ['1: the file is "hello"; allowed: keys with values']],
  ['no rules', 'version: 1', ['1: the file has no rules']],
  ['another version', 'version: 2\nrules: []', ['1: version is 2; allowed: 1']],
  ['a key twice', 'version: 1\nversion: 1\nrules: []', ['2: Map keys must be unique']],
  ['a bracket that stays open', 'version: 1\nrules: [', [expect.stringMatching(/^2: Flow sequence/) as string]],
  ['an alias', 'version: &a 1\nrules: *a', ['2: *a is an alias; write out what it stands for']],
  ['a tag', 'version: !!js/function 1\nrules: []', [expect.stringMatching(/^1: Unresolved tag/) as string]],
  [
    'two documents',
    'version: 1\nrules: []\n---\nversion: 1',
    [expect.stringContaining('multiple documents') as string],
  ],
  [
    'an unknown key of the file',
    'version: 1\nrule: []\nrules: []',
    ['2: the file has "rule", which there is not; did you mean rules?'],
  ],
  [
    'an unknown key of a rule',
    rule(...start, 'rout: [mail]'),
    ['5: rule 1 has "rout", which there is not; did you mean route?'],
  ],
  ['a rule without a name', rule('match: order.placed', 'copy: [mail]'), ['3: rule 1 has no name']],
  ['a rule that is a text', 'version: 1\nrules:\n  - hello', ['3: rule 1 is "hello"; allowed: keys with values']],
  [
    'a number for a pattern',
    rule('name: n', 'match: 4', 'copy: [mail]'),
    ['4: match of rule 1 is 4; allowed: a text, or a list of texts'],
  ],
  ['a text for groups', rule(...start, 'copy: mail'), ['5: copy of rule 1 is "mail"; allowed: a list']],
  ['no groups', rule(...start, 'copy: []'), ['5: copy of rule 1 is []; allowed: at least 1']],
  [
    'a delay of nothing',
    rule(...start, 'delay: 0'),
    ['5: delay of rule 1 is 0; allowed: a whole number from 1 to 31536000'],
  ],
  [
    'a delay as a text',
    rule(...start, 'delay: 5s'),
    ['5: delay of rule 1 is "5s"; allowed: a whole number from 1 to 31536000'],
  ],
  [
    'a priority above all',
    rule(...start, 'priority: 10'),
    ['5: priority of rule 1 is 10; allowed: a whole number from 0 to 9'],
  ],
  [
    'half a priority',
    rule(...start, 'priority: 0.5'),
    ['5: priority of rule 1 is 0.5; allowed: a whole number from 0 to 9'],
  ],
  [
    'a priority in words',
    rule(...start, 'priority: high'),
    ['5: priority of rule 1 is "high"; allowed: a whole number from 0 to 9'],
  ],
  ['no drop', rule(...start, 'drop: false'), ['5: drop of rule 1 is false; allowed: true']],
  [
    'a condition that there is not',
    rule(...start, 'attributes: { source: { begins: /a } }', 'drop: true'),
    [
      '5: attributes.source of rule 1 is {"begins":"/a"}; allowed: a text, or one of exact, prefix and suffix with a text',
    ],
  ],
  [
    'an attribute that no event can have',
    rule(...start, 'attributes: { source: /a, Tenant: a }', 'drop: true'),
    [
      '5: attributes of rule 1 has "Tenant", which is no attribute\'s name; use lower-case letters and digits, at most 64',
    ],
  ],
  [
    'data as an attribute',
    rule(...start, 'attributes: { data: a }', 'drop: true'),
    ['5: rule "n" asks for "data", which is no attribute that a rule can ask for'],
  ],
  [
    'a name twice',
    `${rule(...start, 'drop: true')}  - { name: n, match: order.placed, drop: true }`,
    ['6: rule "n" is there twice; give it another name'],
  ],
  [
    'a type that there is not',
    rule('name: n', 'match: order.place', 'drop: true'),
    ['4: rule "n" has the pattern "order.place", which no type fits; did you mean order.placed?'],
  ],
  [
    'a command that is dropped',
    rule('name: n', 'match: payment.capture', 'drop: true'),
    [
      '4: rule "n" names the command "payment.capture", which has exactly one group; route, copy and drop are for events alone',
    ],
  ],
  ['nothing to do', rule(...start), ['3: rule "n" does nothing; give it route, copy, drop, delay, key, priority']],
  [
    'a drop beside others',
    rule(...start, 'drop: true', 'copy: [mail]', 'delay: 1'),
    ['5: rule "n" drops the event, so that its copy and delay decides nothing; leave one out'],
  ],
  [
    'a drop with a priority',
    rule(...start, 'drop: true', 'priority: 9'),
    ['5: rule "n" drops the event, so that its priority decides nothing; leave one out'],
  ],
  [
    'a group that there is not',
    rule(...start, 'copy: [frau]'),
    ['5: rule "n" names the group "frau", which there is not; did you mean fraud?'],
  ],
  [
    'a group that has not the type',
    rule('name: n', 'match: order.*', 'route: [ledger, mail]'),
    [
      '5: rule "n" names the group "mail", which does not take "order.cancelled"; write byRoute of it into the group in groups.ts, and a handler',
    ],
  ],
  [
    'a misspelt field',
    rule(...start, 'when: event.data.amountCent > 1', 'drop: true'),
    ['5: rule "n" reads event.data.amountCent, which order.placed does not have; did you mean event.data.amountCents?'],
  ],
  [
    'a question that is none',
    rule(...start, 'when: event.data.amountCents', 'drop: true'),
    ['5: rule "n" says neither true nor false; write a comparison'],
  ],
  [
    'a key that is none',
    rule(...start, 'key: event.data.amountCents > 1'),
    [
      '5: rule "n" has a key that gives neither a text nor a number; name a field that is one, or convert it by string()',
    ],
  ],
  [
    'several',
    rule('name: n', 'match: order.placed', 'copy: [frau]', 'when: event.data.x == 1'),
    [
      '5: rule "n" names the group "frau", which there is not; did you mean fraud?',
      expect.stringMatching(/^6: rule "n" reads event.data.x/) as string,
    ],
  ],
])('%s is told with its line', (_, text, mistakes) => {
  expect(mistakesOf(text)).toEqual(mistakes)
})

test('what would cost much is refused at once', () => {
  expect(mistakesOf('#'.repeat(1_048_577))).toEqual(['1: it has 1048577 bytes; 1048576 are allowed'])
  expect(mistakesOf('['.repeat(100_000))).toEqual(['1: it is nested too deep to be read'])
  const bomb = [
    'a: &a [x,x]',
    ...[...'bcdefghij'].map((name, at) => `${name}: &${name} [*${'abcdefghi'[at]},*${'abcdefghi'[at]}]`),
  ]
  expect(mistakesOf(bomb.join('\n'))).toHaveLength(18)
})
