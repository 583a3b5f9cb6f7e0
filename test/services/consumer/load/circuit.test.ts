import { Circuit, type CircuitState } from '../../../../services/consumer/load/circuit'
import { Unavailable } from '../../../../services/consumer/unavailable'
import { ManualClock } from '../../../support/manual-clock'

const down = new Error('connect ECONNREFUSED')

function circuitOf({ failures = 10, ceiling = 8 } = {}) {
  const clock = new ManualClock()
  const states: CircuitState[] = []
  const circuit: Circuit = new Circuit({
    failures,
    pauseMs: 5_000,
    ceiling,
    clock,
    random: () => 1,
    changed: () => states.push(circuit.state),
  })
  const failTrial = (key: string) => {
    circuit.beginTrial(key)
    circuit.failed(key, down)
    return circuit.endTrial(key)
  }
  const failMany = (count: number, error: Error = down) => {
    for (let n = 0; n < count; n++) circuit.failed(`m${n}`, error)
  }
  return { clock, circuit, states, failTrial, failMany }
}

test('ten messages that fail in a row open it, and nine do not', () => {
  const { circuit, failMany } = circuitOf()
  failMany(9)
  expect(circuit.state).toBe('closed')
  circuit.failed('another', down)
  expect(circuit.state).toBe('open')
  expect(circuit.failures).toEqual({ runs: 10, lastError: 'connect ECONNREFUSED' })
})

test('a success between begins the count anew', () => {
  const { circuit, failMany } = circuitOf()
  failMany(9)
  circuit.succeeded('good')
  failMany(9)
  expect(circuit.state).toBe('closed')
})

test('one message that fails again and again does not open it', () => {
  const { circuit } = circuitOf()
  for (let run = 0; run < 100; run++) circuit.failed('poison', down)
  expect(circuit.state).toBe('closed')
})

test('three in a row of whom the handlers say that their dependency is down open it at once', () => {
  const { circuit, failMany } = circuitOf()
  const unavailable = new Unavailable('payment gateway', { cause: down })
  expect(unavailable.message).toBe('payment gateway is unavailable: connect ECONNREFUSED')
  failMany(2, unavailable)
  circuit.failed('other', down)
  failMany(2, unavailable)
  expect(circuit.state).toBe('closed')
  circuit.failed('third', unavailable)
  expect(circuit.state).toBe('open')
})

test('with 0 it never opens', () => {
  const { circuit, failMany } = circuitOf({ failures: 0 })
  failMany(100, new Unavailable('payment gateway'))
  expect(circuit.state).toBe('closed')
})

test('the pauses double up to a minute, and begin anew only after a whole slow start', () => {
  const { clock, circuit, failMany, failTrial } = circuitOf({ ceiling: 4 })
  const pauses: number[] = []
  failMany(10)
  for (let trial = 0; trial < 6; trial++) {
    pauses.push(circuit.trialAt - clock.now())
    expect(failTrial(`trial ${trial}`)).toBe('in vain')
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
  circuit.beginTrial('good')
  circuit.succeeded('good')
  expect(circuit.endTrial('good')).toBe('otherwise')
  failMany(3)
  expect(circuit.state).toBe('open')
  expect(circuit.trialAt - clock.now()).toBe(60_000)
  circuit.beginTrial('good')
  for (let run = 0; run < 4; run++) circuit.succeeded('good')
  expect(circuit.cap).toBe(Infinity)
  failMany(10)
  expect(circuit.trialAt - clock.now()).toBe(5_000)
})

test('a slow start: one at once, then two after one success, four after two more, and then as many as may be', () => {
  const { circuit, failMany } = circuitOf({ ceiling: 8 })
  failMany(10)
  circuit.beginTrial('good')
  circuit.succeeded('good')
  const caps = [circuit.cap]
  for (let run = 0; run < 7; run++) {
    circuit.succeeded('good')
    caps.push(circuit.cap)
  }
  expect(caps).toEqual([1, 2, 2, 4, 4, 4, 4, Infinity])
})

test('what began before it opened says nothing, neither while it is open nor during a trial', () => {
  const { circuit, failMany } = circuitOf()
  failMany(10)
  circuit.succeeded('early')
  circuit.failed('early', down)
  expect(circuit.state).toBe('open')
  circuit.beginTrial('trial')
  circuit.succeeded('early')
  circuit.failed('early', down)
  expect(circuit.state).toBe('half open')
})

test('a trial that neither succeeds nor fails leaves the next one due at once', async () => {
  const { clock, circuit, failMany, states } = circuitOf()
  failMany(10)
  await clock.pass(6_000)
  circuit.beginTrial('rejected')
  expect(circuit.endTrial('rejected')).toBe('otherwise')
  expect(circuit.trialAt).toBe(clock.now())
  expect(states).toEqual(['open', 'half open', 'open'])
})
