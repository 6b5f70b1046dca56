/**
 * Why a template gave no text. `syntax` is found before anything is rendered (an unknown filter
 * counts, as in Jinja), `undefined` is a name or attribute that is not there, `other` is the rest.
 */
export class TemplateFailure extends Error {
  override readonly name = 'TemplateFailure'
  readonly kind: 'syntax' | 'undefined' | 'other'
  constructor(kind: TemplateFailure['kind'], message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.kind = kind
  }
}

export const syntaxFailure = (message: string): TemplateFailure =>
  new TemplateFailure('syntax', message)

export const otherFailure = (message: string): TemplateFailure =>
  new TemplateFailure('other', message)
