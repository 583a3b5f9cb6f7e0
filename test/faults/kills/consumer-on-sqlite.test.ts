import { sqlite } from './kill-stage'
import { killsOfConsumer } from './kills-of-consumer'

describe('SQLite: the consumer is killed', () => killsOfConsumer(sqlite))
