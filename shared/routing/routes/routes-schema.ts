import { Type, type Static } from 'typebox'

const longestDelaySeconds = 31_536_000
const mostUrgent = 9
const mostRules = 1_000

/** What a text means, for the documents and for the editor of whoever writes the file. */
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 2_000 })
const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { description, minItems: 1, maxItems: 100 })

const condition = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Object({ exact: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object({ prefix: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object({ suffix: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
])

const rule = Type.Object(
  {
    name: Type.String({
      description: "Says in a person's words what it is for; unique in the file.",
      minLength: 1,
      maxLength: 100,
    }),
    match: Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], {
      description:
        'Message types by name, or patterns of them: `*` is one word, `#` any number of words. In a rule with route, copy or drop a pattern stands for events alone.',
    }),
    attributes: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z0-9]{1,64}$' }), condition, {
        description: 'What attributes and extensions of the event have to be, by their CloudEvents names; all of them.',
        // The pattern alone would let another name pass, unread.
        additionalProperties: false,
      }),
    ),
    when: Type.Optional(text('A CEL expression over `event` that has to be true.')),
    route: Type.Optional(names('Only these groups get the event, and those of every copy.')),
    copy: Type.Optional(names('These groups get the event too.')),
    drop: Type.Optional(Type.Literal(true, { description: 'The event is published nowhere, and counted.' })),
    delay: Type.Optional(
      Type.Integer({
        description: 'After how many seconds the message is delivered, unless it says so itself by `deliverat`.',
        minimum: 1,
        maximum: longestDelaySeconds,
      }),
    ),
    key: Type.Optional(
      text('A CEL expression that gives the `partitionkey` of the message, a text or a number, unless it has one.'),
    ),
    priority: Type.Optional(
      Type.Integer({
        description:
          'The `priority` of the message, unless it has one: 5 to 9 overtake others, 0 to 3 wait for them. Without effect on what keeps its order by a key.',
        minimum: 0,
        maximum: mostUrgent,
      }),
    ),
  },
  { additionalProperties: false },
)

/** The shape of a routes file. What it cannot say, such as whether a group takes a type, is checked behind it. */
export const routesSchema = Type.Object(
  {
    version: Type.Literal(1, { description: 'Of the format.' }),
    rules: Type.Array(rule, { description: 'Asked from top to bottom.', maxItems: mostRules }),
  },
  { additionalProperties: false },
)

export type WrittenRoutes = Static<typeof routesSchema>
export type WrittenRule = Static<typeof rule>

/** What a rule can do, as the file spells it. */
export const actions = ['route', 'copy', 'drop', 'delay', 'key', 'priority'] as const

export type Action = (typeof actions)[number]
