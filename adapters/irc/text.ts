/** modern.ircdocs.horse, "Formatting": colours by number (03) and by value (04), and the marks that need nothing behind them. */
const formatting =
  // deno-lint-ignore no-control-regex
  /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9a-fA-F]{6}(?:,[0-9a-fA-F]{6})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f]/g

/** A person's text without its colours and other dress. */
export const stripFormatting = (text: string): string => text.replace(formatting, '')

/**
 * What somebody said, as plain text: `/me` counts as said; undefined for a request of one client to another (CTCP), which is
 * no message.
 */
export const spokenText = (text: string): string | undefined => {
  if (!text.startsWith('\x01')) return stripFormatting(text)
  // deno-lint-ignore no-control-regex
  const action = /^\x01ACTION ([^\x01]*)\x01?$/.exec(text)?.[1]
  return action === undefined ? undefined : stripFormatting(action)
}
