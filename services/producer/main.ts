import { runService } from '../../shared/runtime/run-service'
import { startProducer } from './app'
import { readProducerConfig } from './config'

void runService(startProducer, {
  name: 'producer',
  settings: () => readProducerConfig({ environment: process.env, envFile: '.env' }),
})
