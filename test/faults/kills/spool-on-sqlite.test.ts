import { sqlite } from './kill-stage'
import { killsWithSpool } from './kills-with-spool'

describe('SQLite: the producer is killed with a spool', () => killsWithSpool(sqlite))
