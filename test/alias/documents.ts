/** An alias document as StackStorm gives it, with the least that one needs. */
export const aliasDocument = (
  name: string,
  formats: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  name,
  pack: 'demo',
  action_ref: 'core.local',
  enabled: true,
  formats,
  ...more,
})
