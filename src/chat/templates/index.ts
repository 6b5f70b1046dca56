import acknowledgement from './acknowledgement.eta' with { type: 'text' }
import ambiguous from './ambiguous.eta' with { type: 'text' }
import cancelUsage from './cancel-usage.eta' with { type: 'text' }
import cancel from './cancel.eta' with { type: 'text' }
import deadLetter from './dead-letter.eta' with { type: 'text' }
import failure from './failure.eta' with { type: 'text' }
import helpNone from './help-none.eta' with { type: 'text' }
import helpPrivate from './help-private.eta' with { type: 'text' }
import help from './help.eta' with { type: 'text' }
import lateResult from './late-result.eta' with { type: 'text' }
import missed from './missed.eta' with { type: 'text' }
import notReady from './not-ready.eta' with { type: 'text' }
import pong from './pong.eta' with { type: 'text' }
import privateRefused from './private-refused.eta' with { type: 'text' }
import refused from './refused.eta' with { type: 'text' }
import reloadFailed from './reload-failed.eta' with { type: 'text' }
import reloaded from './reloaded.eta' with { type: 'text' }
import status from './status.eta' with { type: 'text' }
import stopping from './stopping.eta' with { type: 'text' }
import tooLate from './too-late.eta' with { type: 'text' }
import tooLong from './too-long.eta' with { type: 'text' }
import twoFactor from './two-factor.eta' with { type: 'text' }
import unclear from './unclear.eta' with { type: 'text' }
import unknown from './unknown.eta' with { type: 'text' }
import unreachable from './unreachable.eta' with { type: 'text' }

/** What each template may speak of. An operator's own template of the same name gets the same. */
export type Words = {
  /** `message` is the alias' own wording; without it a friendly line is picked by `chance` in [0, 1). */
  readonly acknowledgement: {
    readonly id: string
    readonly message?: string | undefined
    readonly link?: string | undefined
    readonly chance: number
  }
  readonly unknown: {
    readonly command: string
    readonly suggestions: readonly string[]
    readonly address: string
  }
  readonly ambiguous: {
    readonly command: string
    readonly candidates: readonly { readonly display: string; readonly ref: string }[]
  }
  /** The bot is about to end, and nobody will take the message up. */
  readonly stopping: { readonly command: string }
  /** A message that an earlier process took in too long ago. */
  readonly 'too-late': { readonly command: string }
  readonly 'too-long': { readonly bytes: number; readonly limit: number }
  readonly 'not-ready': { readonly reason?: string | undefined }
  readonly refused: {
    readonly command: string
    readonly reason: string
    readonly requestId?: string | undefined
  }
  readonly unreachable: { readonly command: string; readonly requestId?: string | undefined }
  /** The outcome of a command is unknown; `looked`: the executions were searched, `found`: it did start. */
  readonly unclear: {
    readonly command: string
    readonly requestId?: string | undefined
    readonly looked: boolean
    readonly found?:
      | { readonly id: string; readonly status: string; readonly link?: string | undefined }
      | undefined
  }
  /**
   * A result that StackStorm failed to post, in the bot's own words; `result` is StackStorm's default message, and where `hidden` is set, that
   * without what the execution gave.
   */
  readonly 'late-result': {
    readonly result: string
    readonly hidden: boolean
    readonly link: string
  }
  /** Results that are too old to be posted one by one. Times are in UTC; `more` have no link here. */
  readonly missed: {
    readonly count: number
    readonly from: string
    readonly to: string
    readonly links: readonly string[]
    readonly more: number
  }
  readonly 'two-factor': { readonly command: string }
  /** For the operators: a message that was given up. */
  readonly 'dead-letter': {
    readonly number: number
    readonly service: string
    readonly channel: string
    readonly reason: string
    readonly advice: string
    readonly link?: string | undefined
  }
  readonly failure: { readonly command: string }
  readonly 'private-refused': {
    readonly user?: string | undefined
    readonly link?: string | undefined
  }
  readonly help: {
    readonly words: string
    readonly entries: readonly {
      readonly display: string
      readonly description?: string | undefined
    }[]
    readonly total: number
    readonly page: number
    readonly pages: number
    readonly address: string
    readonly own: readonly string[]
  }
  readonly 'help-none': { readonly words: string; readonly address: string }
  readonly 'help-private': { readonly total: number; readonly address: string }
  readonly pong: Record<string, never>
  readonly status: {
    readonly version: string
    readonly uptime: string
    readonly stackstorm: string
    readonly stream: string
    readonly lastEvent: string
    readonly commands: string
    readonly adapters: readonly { readonly name: string; readonly state: string }[]
  }
  readonly reloaded: {
    readonly aliases: number
    readonly formats: number
    readonly problems: readonly { readonly ref: string; readonly reason: string }[]
    readonly more: number
  }
  readonly 'reload-failed': { readonly reason: string; readonly aliases: number }
  readonly cancel: { readonly id: string; readonly outcome: string; readonly reason?: string }
  readonly 'cancel-usage': { readonly address: string }
}

/** The built-in wording, by template name. */
export const templates: Readonly<Record<keyof Words, string>> = {
  acknowledgement,
  ambiguous,
  cancel,
  'cancel-usage': cancelUsage,
  'dead-letter': deadLetter,
  failure,
  help,
  'help-none': helpNone,
  'help-private': helpPrivate,
  'late-result': lateResult,
  missed,
  'not-ready': notReady,
  pong,
  'private-refused': privateRefused,
  refused,
  reloaded,
  'reload-failed': reloadFailed,
  status,
  stopping,
  'too-late': tooLate,
  'too-long': tooLong,
  'two-factor': twoFactor,
  unclear,
  unknown,
  unreachable,
}
