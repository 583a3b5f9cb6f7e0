import type { Stage } from '../../../scripts/verification/faults/fault'
import { networkFlapping } from '../../../scripts/verification/faults/network-faults'
import { atEnd } from '../../support/ends'

test('a network that nobody can look at any more does not flap on', async () => {
  const [begun, ended] = [jest.spyOn(global, 'setInterval'), jest.spyOn(global, 'clearInterval')]
  atEnd(() => begun.mock.results.forEach(({ value }) => clearInterval(value as NodeJS.Timeout)))
  let looks = 0
  const tried = () => {
    if (looks++ > 0) throw new Error('the path is gone')
    return 0
  }
  const path = { cut: () => {}, tried }
  const end = await networkFlapping({ paths: [path, path], random: () => 0 } as unknown as Stage)
  await expect(end()).rejects.toThrow('the path is gone')
  expect(begun).toHaveBeenCalledTimes(1)
  expect(ended).toHaveBeenCalledWith(begun.mock.results[0]?.value)
})
