import { seen } from '../../../scripts/verification/faults/seen'

test('a fault that shows is one', async () => {
  let asked = 0
  await seen('nothing broke', () => ++asked === 2)
})

test('a fault that does nothing ends the run, with what did not happen', async () => {
  await expect(seen('nothing broke', () => false, 1)).rejects.toThrow('a fault: nothing broke')
})
