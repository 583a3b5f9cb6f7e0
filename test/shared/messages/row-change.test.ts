import { Type } from 'typebox'
import { rowChange } from '../../../shared/messages/row-change'
import { shapeErrors } from '../../../shared/messages/shape'

const row = Type.Object({ id: Type.Integer(), name: Type.String() }, { additionalProperties: false })
const changed = rowChange('rows.changed', row)
const ofRow = { table: 'public.rows', key: { id: 1 }, position: '1.1' }
const errors = (change: object) => shapeErrors(changed, change).map(({ pointer, detail }) => `${pointer} ${detail}`)

test.each([
  { ...ofRow, operation: 'insert', after: { id: 1, name: 'a' } },
  { ...ofRow, operation: 'update', after: { id: 1 } },
  { ...ofRow, operation: 'update', before: { id: 2 }, after: { id: 1, name: 'a' } },
  { ...ofRow, operation: 'delete' },
  { ...ofRow, operation: 'delete', before: { id: 1, name: 'a' } },
  { table: 'public.rows', position: '1.1', operation: 'truncate' },
])('$operation fits', (change) => {
  expect(errors(change)).toEqual([])
})

test('what is wrong with a column is told first', () => {
  expect(errors({ ...ofRow, operation: 'update', after: { id: 'one' } })[0]).toBe('/after/id must be integer')
  expect(errors({ ...ofRow, operation: 'update', after: { extra: 1 } })[0]).toBe('/after/extra is not a known property')
})

test('an inserted row is whole', () => {
  expect(errors({ ...ofRow, operation: 'insert', after: { id: 1 } })[0]).toMatch(/^\/after\/name /)
  expect(errors({ ...ofRow, operation: 'insert' })).not.toEqual([])
  expect(errors({ ...ofRow, operation: 'upsert' })).not.toEqual([])
})
