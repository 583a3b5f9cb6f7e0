import { ownParcel } from '../../../scripts/verification/parcels'
import { verifiedGroups } from '../../../shared/verification/domain'
import { breaches } from '../../../shared/messages/group'

const parcels = Array.from({ length: 1_000 }, (_, sequence) => ownParcel(sequence))
const fateOf = ({ body }: { body: string }) => (JSON.parse(body) as { fate: string }).fate

test('the domain of its own is sound', () => {
  const types = [...new Set(verifiedGroups.flatMap((group) => group.types))]
  expect(breaches(types, verifiedGroups)).toEqual([])
})

test('a command is expected in one group, an event in two, and each message has facts of its own', () => {
  expect(Object.keys(ownParcel(0).expected)).toEqual(['once'])
  expect(Object.keys(ownParcel(1).expected)).toEqual(['left', 'right'])
  expect(new Set(parcels.flatMap(({ expected }) => Object.values(expected))).size).toBe(1_000)
  expect(ownParcel(5)).toEqual(ownParcel(5))
})

test('what is rejected comes to no effect, anything else to one in each group', () => {
  for (const parcel of parcels)
    expect(parcel.effects).toBe(fateOf(parcel) === 'rejected' ? 0 : Object.keys(parcel.expected).length)
})

test.each(['done', 'fails once', 'rejected'])('commands and events are "%s"', (fate) => {
  const types = parcels.filter((parcel) => fateOf(parcel) === fate).map(({ type }) => type)
  expect(new Set(types)).toEqual(new Set(['verify.once', 'verify.twice']))
})
