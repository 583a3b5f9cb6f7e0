import { freePorts, isFree } from '../../../scripts/broker/free-ports'

test('ports are different, free, and none that an outgoing connection may be given meanwhile', async () => {
  const ports = await freePorts(20)
  expect(new Set(ports).size).toBe(20)
  expect(ports.filter((port) => port < 15_000 || port >= 32_000)).toEqual([])
  expect(await Promise.all(ports.map(isFree))).not.toContain(false)
})

test('more ports than there are is an error', async () => {
  await expect(freePorts(1_001)).rejects.toThrow('found no 1001 free ports on 127.0.0.1 in 1000 tries')
})
