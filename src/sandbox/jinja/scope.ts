/** Names that are visible at a place in a template; each loop pass and macro has its own. */
export class Scope {
  readonly #values = new Map<string, unknown>()
  readonly #parent: Scope | undefined

  constructor(parent?: Scope) {
    this.#parent = parent
  }

  set(name: string, value: unknown): void {
    this.#values.set(name, value)
  }

  has(name: string): boolean {
    return this.#values.has(name) || (this.#parent?.has(name) ?? false)
  }

  get(name: string): unknown {
    return this.#values.has(name) ? this.#values.get(name) : this.#parent?.get(name)
  }
}
