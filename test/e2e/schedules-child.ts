/** A producer as it is built, but with one schedule, for each minute unless it is told otherwise. */
import { startProducer } from '../../services/producer/app'
import { readProducerConfig } from '../../services/producer/config'
import { hello } from '../../shared/messages/hello'
import { schedule, type Schedule } from '../../shared/messages/schedule'
import { schedules } from '../../shared/messages/schedules'
import { runService } from '../../shared/runtime/run-service'

const [cron = '* * * * *', timeZone = 'Europe/Berlin'] = process.argv.slice(2)
const data = (at: Date) => `It is ${at.toISOString()}`
const list = schedules as Schedule[]
list.push(schedule('each-minute', { cron, timeZone, type: hello, data }))

void runService(startProducer, {
  name: 'producer',
  settings: () => readProducerConfig({ environment: process.env }),
})
