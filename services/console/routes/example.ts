import type { Known } from '../../../shared/routing/routes/rule-of'

/** What a routes file looks like, for who has none: one that the services would take. */
export function exampleRoutes({ catalogue, groups }: Known): string {
  const event = catalogue.find(({ kind }) => kind === 'event')
  const takers = groups.filter(({ types }) => event !== undefined && types.includes(event))
  const taker = takers.at(-1)?.name
  const type = event?.name ?? catalogue[0]?.name ?? '#'
  return [
    'version: 1\nrules:\n',
    ...(taker === undefined ? [] : [onlyTo(type, taker)]),
    ...(event === undefined ? [] : [dropped]),
    `  - name: all others a minute later\n    match: ${type}\n    delay: 60\n`,
  ].join('')
}

const onlyTo = (type: string, group: string) => `  - name: those of the shop to ${group} alone
    match: ${type}
    when: event.source.startsWith("/shop")
    route: [${group}]

`

const dropped = `  - name: nothing from the load test
    match: '#'
    attributes: { source: /load-test }
    drop: true

`
