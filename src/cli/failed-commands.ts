import type { Meter } from '../bot/meter.ts'

/** What came of a command that did what its person wanted of the bot; whether the execution succeeds is another matter. */
const fine: readonly string[] = ['started', 'built-in']

/** Looks at what a meter is told: how many commands nothing came of. */
export const watchCommands = (
  meter: Meter,
): { readonly meter: Meter; readonly failed: () => number } => {
  let failed = 0
  return {
    meter: {
      ...meter,
      command: (outcome) => {
        if (!fine.includes(outcome)) failed++
        meter.command(outcome)
      },
    },
    failed: () => failed,
  }
}
