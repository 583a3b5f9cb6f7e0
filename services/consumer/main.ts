import { runService } from '../../shared/runtime/run-service'
import { startConsumer } from './app'
import { readConfig } from './config'

void runService(startConsumer, {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env, envFile: '.env' }),
})
