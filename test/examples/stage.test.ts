import { groupsAtFirst } from '../../examples/publish-subscribe/groups'
import { publishSubscribe } from '../../examples/publish-subscribe/main'
import { openStage } from '../../scripts/examples/open-stage'
import { readSystemSettings } from '../../scripts/system/settings'
import { useBroker } from '../support/broker'
import { leftAt } from './shown'

const broker = useBroker()

const opened = () => {
  const settings = readSystemSettings()
  return openStage(publishSubscribe, { settings, brokerUrl: broker.url, say: () => undefined })
}

test('a producer that is still being opened at the end declares nothing after it', async () => {
  const stage = await opened()
  const opening = stage.openProducer({ groups: groupsAtFirst })
  await stage.close()
  await opening
  expect(await leftAt(broker)).toEqual([])
})

test('when it is over, nothing is begun any more', async () => {
  const stage = await opened()
  await stage.close()
  await expect(stage.openProducer()).rejects.toThrow('the example is over; no producer is opened any more')
  await expect(stage.startConsumer()).rejects.toThrow('the example is over; no consumer is started any more')
  expect(() => stage.startProgram('sleep', ['60'])).toThrow('the example is over; no sleep is started any more')
  expect(await leftAt(broker)).toEqual([])
})
