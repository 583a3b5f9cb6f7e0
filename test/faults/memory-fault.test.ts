/** The memory of a broker, blocked on purpose: it is free again by itself, and at once for whoever asks. */
import { brokerMemory } from '../../services/console/faults/broker-memory'
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'

const broker = useOwnBroker()

const limit = () => broker.ctl('eval', 'vm_memory_monitor:get_vm_memory_high_watermark().')
const isBlocked = async () => (await broker.ctl('eval', 'rabbit_alarm:get_alarms().')).includes('memory')

test('it is blocked at once, and the broker itself takes that back, whatever became of who asked', async () => {
  const before = await limit()
  await brokerMemory(broker.ctlCommand).block(3_000)
  await eventually('it is blocked', isBlocked)
  await eventually('it is free', async () => !(await isBlocked()))
  expect(await limit()).toBe(before)
})

test('who has seen enough takes it back before that, and taking it back twice does nothing', async () => {
  const before = await limit()
  const memory = brokerMemory(broker.ctlCommand)
  await memory.block(300_000)
  await eventually('it is blocked', isBlocked)
  await memory.release()
  await memory.release()
  await eventually('it is free', async () => !(await isBlocked()))
  expect(await limit()).toBe(before)
})

test('one that is ended early does not end the next, nor does one that the next began beside', async () => {
  const memory = brokerMemory(broker.ctlCommand)
  await memory.block(1_000)
  await memory.release()
  await memory.block(1_000)
  await memory.block(300_000)
  // By the clock that both were to end by.
  await broker.ctl('eval', 'timer:sleep(1500).')
  expect(await isBlocked()).toBe(true)
  await memory.release()
})

test('what the command says is passed on, and nothing of how it is run', async () => {
  const [program = '', ...rest] = broker.ctlCommand
  const wrong = brokerMemory([program, ...rest, '--no-such-option'])
  await expect(wrong.release()).rejects.toThrow('rabbitmqctl says:')
  await expect(brokerMemory(['/no/such/program']).release()).rejects.toThrow('ENOENT')
})
