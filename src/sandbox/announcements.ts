// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import type { Json } from './model.ts'
import type { World } from './world.ts'

/** Puts an announcement on the stream, as far as the faults in force let it. */
export const emitAnnouncement = async (
  world: World,
  route: string,
  payload: Json,
  trace: Json | null = null,
): Promise<void> => {
  const { faults, clock, events, signal } = world
  const delay = faults.current().delayAnnouncements ?? 0
  if (delay > 0) await clock.sleep(delay, signal)
  if (faults.strikes('dropAnnouncements')) return
  const data = { payload: distorted(world, payload), trace_context: trace }
  const name = `st2.announcement__${route}`
  events.emit(name, data)
  if (faults.strikes('duplicateAnnouncements')) events.emit(name, data)
}

const distorted = ({ faults }: World, payload: Json): Json => {
  let result = payload
  const huge = faults.current().hugeMessage ?? 0
  if (huge > 0) {
    result = { ...result, message: String(result.message ?? '').padEnd(huge, 'x') }
    faults.set({ hugeMessage: 0 })
  }
  return faults.strikes('nullFields')
    ? { ...result, user: null, context: null, extra: null }
    : result
}

/** The keys of `chatops.post_message` that reach the stream, in its own order. */
const announced = ['user', 'whisper', 'message', 'channel', 'context', 'extra']

/**
 * What an action on the announcement runner publishes: the parameters as given, without the runner's
 * own. `chatops.post_message` completes them, so that its six keys are always there.
 */
export const announcementPayload = (actionRef: string, parameters: Json): Json => {
  const { route: _route, experimental: _experimental, ...given } = parameters
  if (actionRef !== 'chatops.post_message') return given
  const rest = announced.filter((name) => given[name] === undefined)
  return {
    ...given,
    ...Object.fromEntries(rest.map((name) => [name, name === 'whisper' ? false : null])),
  }
}

/** The result of an announcement: its payload, twice, as the server stores it. */
export const announcementResult = (payload: Json): Json => ({ output: payload, ...payload })
