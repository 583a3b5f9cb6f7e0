import { AuditTrail, type AuditFacts } from '../../../shared/operations/audit-trail'

const whom = { user: 'ada', broker: 'amqp://there', namespace: 'n', selection: { by: 'all' } } as const

function trailOf(action: AuditFacts['action']) {
  const told: (AuditFacts & { readonly step: string })[] = []
  return { told, trail: new AuditTrail({ ...whom, action }, (step, facts) => told.push({ step, ...facts })) }
}

test('a move is told with how many were selected, and how many were moved in the end', () => {
  const { told, trail } = trailOf('discard')
  trail.begin(2, 'ledger')
  trail.moved(1)
  trail.end()
  const facts = { ...whom, action: 'discard', group: 'ledger', selected: 2 }
  expect(told).toEqual([
    { step: 'begin', ...facts, moved: 0 },
    { step: 'end', ...facts, moved: 1 },
  ])
})

test('an export is told with how many were written down, and says of none that it was moved', () => {
  const { told, trail } = trailOf('export')
  trail.beginExport('ledger')
  trail.exported(3)
  trail.end()
  const facts = { ...whom, action: 'export', group: 'ledger' }
  expect(told).toEqual([
    { step: 'begin', ...facts, exported: 0 },
    { step: 'end', ...facts, exported: 3 },
  ])
})

test('what was not begun is not told', () => {
  const { told, trail } = trailOf('import')
  trail.moved(1)
  trail.exported(1)
  trail.end()
  expect(told).toEqual([])
})
