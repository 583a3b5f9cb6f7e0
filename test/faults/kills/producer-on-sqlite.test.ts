import { sqlite } from './kill-stage'
import { killsOfProducer } from './kills-of-producer'

describe('SQLite: the producer is killed', () => killsOfProducer(sqlite))
