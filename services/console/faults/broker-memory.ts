import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The memory of a broker that belongs to this system alone. */
export interface BrokerMemory {
  /** Has the broker take no publishes for so long. The broker itself takes it back, whatever becomes of this process. */
  block(holdMs: number): Promise<void>
  /** Takes it back now; changes nothing where it is not blocked. */
  release(): Promise<void>
}

const withinMs = 30_000
const configured = '{ok, Limit} = application:get_env(rabbit, vm_memory_high_watermark)'
const setTo = (limit: string) => `vm_memory_monitor:set_vm_memory_high_watermark(${limit})`

/** Of what is set up at the broker beside its own: the timer that takes a block back. */
const kept = 'rabbit, handoff_memory_block'
/** One that was set for an earlier block would end a later one before its time. */
const withoutEarlier = `_ = case application:get_env(${kept}) of {ok, Earlier} -> timer:cancel(Earlier); _ -> none end`

/** What the broker evaluates to take no publishes for so long, and then to be as it was set up. */
export function blocking(holdMs: number): string {
  const later = `{ok, Timer} = timer:apply_after(${holdMs}, vm_memory_monitor, set_vm_memory_high_watermark, [Limit])`
  return `${configured}, ${later}, ${withoutEarlier}, application:set_env(${kept}, Timer), ${setTo('0.0')}`
}

/** `command`: a program and its arguments, which run `rabbitmqctl` at that broker. */
export function brokerMemory(command: readonly string[]): BrokerMemory {
  const evaluate = async (expression: string) => {
    const [program = '', ...args] = command
    const running = promisify(execFile)(program, [...args, 'eval', `${expression}.`], { timeout: withinMs })
    await running.catch((error: unknown) => {
      throw new Error(`rabbitmqctl says: ${wordsOf(error)}`, { cause: error })
    })
  }
  return {
    block: (holdMs) => evaluate(blocking(holdMs)),
    release: () => evaluate(`${configured}, ${setTo('Limit')}, ${withoutEarlier}`),
  }
}

/** Its own words alone: the command would stand before them, as long as it is. */
function wordsOf(error: unknown): string {
  const { stderr = '', killed, code } = error as { stderr?: string; killed?: boolean; code?: string | number }
  if (killed === true) return `no end within ${withinMs / 1_000} s`
  return stderr.trim().split('\n').at(-1) || `ended with ${code}`
}
