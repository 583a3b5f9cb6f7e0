import { parseAddresses } from '../../../shared/messaging/rabbitmq/address'
import { managementAddresses } from '../../../shared/messaging/rabbitmq/management-addresses'

const of = (broker: string, given?: string) => managementAddresses(parseAddresses(broker), given)

test('the usual ports of all hosts that have the usual port themselves, with the same user', () => {
  expect(of('amqp://u:p%40ss@one,amqps://u:p%40ss@two/vhost,amqp://[::1]:5672,amqp://three:5673')).toEqual([
    { label: 'one:15672', base: 'http://one:15672', username: 'u', password: 'p@ss' },
    { label: 'two:15671', base: 'https://two:15671', username: 'u', password: 'p@ss' },
    { label: '[::1]:15672', base: 'http://[::1]:15672', username: 'guest', password: 'guest' },
  ])
})

test('from an unusual port nothing is concluded: another broker may be behind the usual one', () => {
  expect(() => of('amqp://host:5673')).toThrow('set BROKER_MANAGEMENT_URL')
})

test('what is given counts alone, with a user of its own or that of the broker', () => {
  expect(of('amqp://u:p@one', 'https://see:s%2Fcret@two/rabbit/ , http://three:8080')).toEqual([
    { label: 'two', base: 'https://two/rabbit', username: 'see', password: 's/cret' },
    { label: 'three:8080', base: 'http://three:8080', username: 'u', password: 'p' },
  ])
})

test('it can be turned off', () => {
  expect(() => of('amqp://one', 'off')).toThrow('BROKER_MANAGEMENT_URL is off')
})
