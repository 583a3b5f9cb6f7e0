import { runService } from '../../shared/runtime/run-service'
import { startConsole } from './app'
import { readConsoleConfig } from './config'

void runService(startConsole, {
  name: 'console',
  settings: () => readConsoleConfig({ environment: process.env, envFile: '.env' }),
})
