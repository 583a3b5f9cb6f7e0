import { randomBytes, randomUUID } from 'node:crypto'
import type { Store } from '../../shared/store/store'

/** What blocks a key, for every adapter. */
export function blockedKeysContract(opened: () => Store): void {
  const keys = () => opened().blockedKeys
  const named = (id: string) => ({ source: '/test', id })
  const fresh = () => ({ group: `g-${randomUUID()}`, key: 'customer-42' })

  describe('a key', () => {
    it('is blocked by the message that was noted first, until that is free', async () => {
      const of = fresh()
      expect(await keys().first(of)).toBeUndefined()
      await keys().block(of, [named('z')])
      await keys().block(of, [named('a'), named('m')])
      for (const id of ['z', 'a', 'm']) {
        expect(await keys().first(of)).toEqual(named(id))
        await keys().free(of, named(id))
      }
      expect(await keys().first(of)).toBeUndefined()
    })

    it('keeps who blocks it in its place, told twice or in one go with others', async () => {
      const of = fresh()
      await keys().block(of, [named('first')])
      await keys().block(of, [named('second'), named('first')])
      expect(await keys().first(of)).toEqual(named('first'))
      await keys().free(of, named('first'))
      await keys().block(of, [named('first')])
      expect(await keys().first(of)).toEqual(named('second'))
    })

    it('is another one in another group, and is freed by nobody else', async () => {
      const of = fresh()
      await keys().block(of, [named('m')])
      expect(await keys().first({ ...of, group: 'other' })).toBeUndefined()
      expect(await keys().first({ ...of, key: 'customer-43' })).toBeUndefined()
      await keys().free(of, { source: '/other', id: 'm' })
      expect(await keys().first(of)).toEqual(named('m'))
    })

    it('is blocked by what takes the place of another, and by nothing that takes the place of none', async () => {
      const of = fresh()
      await keys().block(of, [named('first'), named('second')])
      await keys().replace(of, named('first'), named('edited'))
      await keys().replace(of, named('none'), named('again'))
      expect(await keys().first(of)).toEqual({ ...named('edited'), insteadOf: named('first') })
      await keys().free(of, named('edited'))
      expect(await keys().first(of)).toEqual(named('second'))
    })

    it('is blocked by a message whatever the length of its source', async () => {
      const of = fresh()
      // Of chance, since PostgreSQL squeezes what repeats itself.
      const long = { source: `/${randomBytes(4_500).toString('base64url')}`, id: 'm' }
      await keys().block(of, [long])
      await keys().block(of, [long, named('next')])
      expect(await keys().first(of)).toEqual(long)
      const edited = { ...long, id: 'edited' }
      await keys().replace(of, long, edited)
      expect(await keys().first(of)).toEqual({ ...edited, insteadOf: long })
      await keys().free(of, edited)
      expect(await keys().first(of)).toEqual(named('next'))
    })

    it('is freed by what was to be replaced, replaced in another way, or kept blocked in its old place', async () => {
      const of = fresh()
      await keys().block(of, [named('first'), named('second')])
      await keys().replace(of, named('first'), named('edited'))
      await keys().replace(of, named('first'), named('edited otherwise'))
      expect(await keys().first(of)).toEqual({ ...named('edited otherwise'), insteadOf: named('first') })
      await keys().block(of, [named('first')])
      expect(await keys().first(of)).toEqual(named('first'))
      await keys().replace(of, named('first'), named('edited'))
      await keys().free(of, named('first'))
      expect(await keys().first(of)).toEqual(named('second'))
    })

    it('stays blocked by what came in the place of another and was parked, whatever becomes of that other', async () => {
      const of = fresh()
      await keys().block(of, [named('first')])
      await keys().replace(of, named('first'), named('edited'))
      await keys().block(of, [named('edited')])
      await keys().free(of, named('first'))
      expect(await keys().first(of)).toEqual(named('edited'))
    })

    it('counts once, by its group', async () => {
      const of = fresh()
      await keys().block(of, [named('a'), named('b')])
      await keys().block({ ...of, key: 'customer-43' }, [named('a')])
      expect(await keys().counts()).toContainEqual({ group: of.group, keys: 2 })
    })
  })
}
