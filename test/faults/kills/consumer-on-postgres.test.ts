import { onPostgres } from '../../support/on-postgres'
import { postgres } from './kill-stage'
import { killsOfConsumer } from './kills-of-consumer'

onPostgres(() => describe('the consumer is killed', () => killsOfConsumer(postgres)))
