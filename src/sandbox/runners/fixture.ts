import type { Clock } from '../../clock.ts'
import { renderDeep } from '../jinja/render.ts'
import { type Json, type Outcome, type Status, statuses } from '../model.ts'
import type { Fixture } from '../options.ts'

const isStatus = (value: string): value is Status => (statuses as readonly string[]).includes(value)

/** Ends an execution as its fixture says, with the command's parameters filled in. */
export const runFixture = async (
  fixture: Fixture,
  parameters: Json,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> => {
  await clock.sleep((fixture.delay ?? 0) * 1000, signal)
  const status = fixture.status ?? 'succeeded'
  return {
    status: isStatus(status) ? status : 'failed',
    result: renderDeep(fixture.result ?? {}, { parameters }, 'lenient'),
    ...(fixture.elapsed === undefined ? {} : { elapsed: fixture.elapsed }),
  }
}

/** What an execution says that the sandbox has no way to run. */
export const withoutFixture = (ref: string): Outcome => {
  const [pack, name] = ref.split('.')
  return {
    status: 'failed',
    result: {
      result: null,
      exit_code: 1,
      stdout: '',
      stderr: `The sandbox cannot run ${ref}. Say what it would answer in ` +
        `${pack}/fixtures/${name}.yaml (status, result, delay, elapsed).`,
    },
  }
}
